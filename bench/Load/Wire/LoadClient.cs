using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JeanTrail.Bench.Wire;

/// <param name="PerSecond">Whole answers a second.</param>
/// <param name="Latencies">Milliseconds from sending to the end of the answer; of streams to the first byte.</param>
/// <param name="Bad">Answers that were not whole, or no 200.</param>
internal sealed record LoadResult(double PerSecond, IReadOnlyList<double> Latencies, int Bad)
{
    internal double P50 => Machine.Quantile(Latencies, .5);

    internal double P99 => Machine.Quantile(Latencies, .99);
}

/// <summary>Connections that send the same request again and again, each as soon as its answer is whole, or at a given rate over all.</summary>
internal static class LoadClient
{
    /// <summary>Why answers were bad, and how many, since it was emptied last.</summary>
    internal static ConcurrentDictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    internal static async Task<LoadResult> RunAsync(int port, byte[] request, bool stream, int connections, TimeSpan time, double? perSecond = null)
    {
        var results = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => ConnectionAsync(port, request, stream, number, connections, time, perSecond)));
        return new LoadResult(results.Sum(each => each.Whole) / time.TotalSeconds, [.. results.SelectMany(each => each.Latencies)], results.Sum(each => each.Bad));
    }

    static async Task<(int Whole, List<double> Latencies, int Bad)> ConnectionAsync(
        int port, byte[] request, bool stream, int number, int connections, TimeSpan time, double? perSecond)
    {
        using var socket = await ConnectAsync(port);
        var buffer = new byte[64 * 1024];
        var latencies = new List<double>();
        var (whole, bad) = (0, 0);
        var began = Stopwatch.GetTimestamp();
        var period = perSecond is { } rate ? TimeSpan.FromSeconds(connections / rate) : TimeSpan.Zero;
        var due = period * ((double)number / connections);
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            if (period > TimeSpan.Zero)
            {
                var wait = due - Stopwatch.GetElapsedTime(began);
                if (wait > TimeSpan.FromMilliseconds(1))
                    await Task.Delay(wait);
                due += period;
            }

            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var (ok, first) = await ReadAsync(socket, buffer, stream, sent);
            latencies.Add(stream ? first : Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (ok)
                whole++;
            else
                bad++;
        }

        return (whole, latencies, bad);
    }

    internal static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>Reads one answer to its end.</summary>
    internal static async Task<(bool Ok, double FirstMs)> ReadAsync(Socket socket, byte[] buffer, bool stream, long sent)
    {
        var (length, headEnd, expected, chunked) = (0, -1, -1, false);
        var (first, good, events) = (0d, false, new ChunkedEvents());
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                return (Refuse(headEnd == -1 ? "closed before an answer" : "closed within an answer"), first);
            length += read;
            if (headEnd == -1)
            {
                headEnd = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
                if (headEnd == -1)
                    continue;
                first = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                good = buffer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8);
                chunked = buffer.AsSpan(0, headEnd).IndexOf("chunked"u8) >= 0;
                expected = headEnd + 4 + (chunked ? 0 : HttpBytes.ContentLength(buffer.AsSpan(0, headEnd)));
            }

            if (!chunked)
            {
                if (length >= expected)
                    return (Judge(good, length == expected, buffer), first);
                continue;
            }

            events.Take(buffer.AsSpan(0, length)[Math.Max(headEnd + 4, 0)..]);
            if (events.Ended)
                return (Judge(good, !stream || events.Count > CannedUpstream.Chunks, buffer), first);
            (length, headEnd) = (0, -4);
        }
    }

    static bool Judge(bool good, bool whole, byte[] buffer) => good ? whole || Refuse("not whole") : Refuse(Encoding.ASCII.GetString(buffer, 0, 12));

    static bool Refuse(string reason)
    {
        Faults.AddOrUpdate(reason, 1, (_, count) => count + 1);
        return false;
    }
}
