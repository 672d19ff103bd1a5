using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests;

/// <summary>Answers each connection with the bytes a test gives it, and closes: for answers that no well-behaved server gives.</summary>
sealed class RawServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stopping = new();
    readonly Func<string, byte[]> answer;
    readonly Task accepting;

    public RawServer(Func<string, byte[]> answer)
    {
        this.answer = answer;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public string BaseUrl => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/v1");

    /// <summary>What was received: request line, headers and body.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static byte[] Response(int status, string type, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n")), .. bytes];
    }

    public static byte[] Json(string body, int status = 200) => Response(status, "application/json", body);

    public static byte[] Events(params string[] data) => Response(200, "text/event-stream", string.Concat(data.Select(line => $"data: {line}\n\n")));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        LoopbackPort.Retire(Port);
        stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stopping.Token);
                var stream = client.GetStream();
                var request = await ReadAsync(stream, stopping.Token);
                Requests.Enqueue(request);
                await stream.WriteAsync(answer(request), stopping.Token);
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // The client went, or the test ended.
            }
        }
    }

    static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var received = new MemoryStream();
        var buffer = new byte[8192];
        while (true)
        {
            var text = Encoding.UTF8.GetString(received.ToArray());
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && received.Length >= head + 4 + ContentLength(text[..head]))
                return text;
            var read = await stream.ReadAsync(buffer, cancel);
            if (read == 0)
                return text;
            received.Write(buffer, 0, read);
        }
    }

    static int ContentLength(string head)
        => head.Split("\r\n").Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture)).FirstOrDefault();
}
