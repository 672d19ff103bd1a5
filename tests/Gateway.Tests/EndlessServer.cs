using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests;

/// <summary>Answers one connection with a body that never ends, as fast as it is taken.</summary>
sealed class EndlessServer : IAsyncDisposable
{
    /// <summary>A write that takes longer than this waits for its reader.</summary>
    static readonly TimeSpan Stuck = TimeSpan.FromMilliseconds(500);

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stopping = new();
    readonly Task serving;
    readonly int port;
    long sent;
    long writingSince = long.MaxValue;

    /// <param name="opening">Of the body.</param>
    /// <param name="more">Of the body, again and again.</param>
    public EndlessServer(string contentType, string opening, Func<byte[]> more)
    {
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        BaseUrl = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/v1");
        serving = ServeAsync($"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nConnection: close\r\n\r\n{opening}", more());
    }

    public string BaseUrl { get; }

    public long SentBytes => Interlocked.Read(ref sent);

    public bool Blocked => Interlocked.Read(ref writingSince) is var since && since != long.MaxValue && TimeSpan.FromMilliseconds(Environment.TickCount64 - since) > Stuck;

    /// <summary>Completes when the other side has broken off.</summary>
    public Task WhenLetGoAsync() => serving.WaitAsync(Eventually.DefaultDeadline);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        LoopbackPort.Retire(port);
        stopping.Dispose();
    }

    async Task ServeAsync(string head, byte[] more)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync(stopping.Token);
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[16], 16, cancellationToken: stopping.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stopping.Token);
            var block = Enumerable.Repeat(more, Math.Max(1, 16_384 / more.Length)).SelectMany(each => each).ToArray();
            while (true)
            {
                Interlocked.Exchange(ref writingSince, Environment.TickCount64);
                await stream.WriteAsync(block, stopping.Token);
                Interlocked.Exchange(ref writingSince, long.MaxValue);
                Interlocked.Add(ref sent, block.Length);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The other side went, or the test ended.
        }
    }
}
