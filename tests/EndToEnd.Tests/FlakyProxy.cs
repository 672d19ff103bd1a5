using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>
/// A network that loses connections: while it is flaky it resets each one after a short random time, some before the first byte. It tells how long
/// each loss of a stream lasted: from the reset to the next answer of the server to a request of the same kind.
/// </summary>
internal sealed class FlakyProxy : IAsyncDisposable
{
    const double RefusedShare = 0.1;
    const int ShortestLifeMs = 100;
    const int LongestLifeMs = 800;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentDictionary<Stream, long> lost = new();
    readonly ConcurrentQueue<(Stream Kind, TimeSpan Duration)> outages = new();
    readonly Random random;
    readonly TimeProvider clock = TimeProvider.System;
    readonly int serverPort;
    readonly Task accepting;

    FlakyProxy(int serverPort, int seed)
    {
        this.serverPort = serverPort;
        random = new Random(seed);
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        accepting = AcceptAsync();
    }

    /// <summary>What is read for long, and so is what people notice when it breaks.</summary>
    public enum Stream
    {
        Turn,
        Hub,
    }

    public Uri Address { get; }

    public volatile bool Flaky;

    /// <summary>The losses that are over.</summary>
    public IReadOnlyCollection<(Stream Kind, TimeSpan Duration)> Outages => outages;

    public static FlakyProxy Start(int serverPort, int seed) => new(serverPort, seed);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
            _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
    }

    async Task ServeAsync(Socket client)
    {
        // A reset, as of a router that forgot the connection.
        client.LingerState = new LingerOption(true, 0);
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var carried = new Carried();
        try
        {
            if (Flaky && Chance() < RefusedShare)
                return;
            await server.ConnectAsync(IPAddress.Loopback, serverPort, end.Token);
            var life = LiveAsync(end.Token);
            await Task.WhenAny(
                ForwardAsync(client, server, bytes => carried.Note(bytes), end.Token),
                ForwardAsync(server, client, bytes => Answered(carried, bytes), end.Token),
                life);
            if (life.IsCompletedSuccessfully && carried.Kind is { } kind)
                lost.TryAdd(kind, clock.GetTimestamp());
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            // Either side left: that is what it is for.
        }
        finally
        {
            await end.CancelAsync();
            client.Dispose();
        }
    }

    /// <summary>Over when the connection's time is: never while the network is well.</summary>
    async Task LiveAsync(CancellationToken cancel)
    {
        do
            await Task.Delay(ShortestLifeMs + (int)(Chance() * (LongestLifeMs - ShortestLifeMs)), cancel);
        while (!Flaky);
    }

    void Answered(Carried carried, ReadOnlyMemory<byte> bytes)
    {
        if (carried.Kind is { } kind && lost.TryRemove(kind, out var since))
            outages.Enqueue((kind, clock.GetElapsedTime(since)));
        if (bytes.Span.EndsWith("0\r\n\r\n"u8))
            carried.End();
    }

    double Chance()
    {
        lock (random)
            return random.NextDouble();
    }

    static async Task ForwardAsync(Socket from, Socket to, Action<ReadOnlyMemory<byte>> seen, CancellationToken cancel)
    {
        var buffer = new byte[32_768];
        while (await from.ReceiveAsync(buffer, cancel) is > 0 and var count)
        {
            seen(buffer.AsMemory(0, count));
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancel);
        }
    }

    /// <summary>What the connection's last request was for.</summary>
    sealed class Carried
    {
        public Stream? Kind { get; private set; }

        /// <summary>The last chunk has come: what the connection carried cannot be lost any more.</summary>
        public void End() => Kind = Kind == Stream.Turn ? null : Kind;

        public void Note(ReadOnlyMemory<byte> bytes)
        {
            var line = Encoding.Latin1.GetString(bytes.Span[..Math.Min(bytes.Length, 200)]).Split("\r\n", 2)[0];
            if (!line.EndsWith(" HTTP/1.1", StringComparison.Ordinal))
                return;
            Kind = line.Contains("/turns", StringComparison.Ordinal) ? Stream.Turn : line.StartsWith("GET /hubs/", StringComparison.Ordinal) ? Stream.Hub : null;
        }
    }
}
