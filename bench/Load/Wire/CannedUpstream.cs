using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JeanTrail.Bench.Wire;

/// <summary>
/// An upstream that costs next to nothing: it answers chat completions with the same bytes each time, whole or as a stream of chunks, each in a
/// write of its own. What is measured beside it is the gateway.
/// </summary>
internal sealed class CannedUpstream : IDisposable
{
    internal const int Chunks = 50;

    readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly byte[] whole;
    readonly byte[] head;
    readonly byte[][] chunks;
    readonly TimeSpan pace;

    /// <param name="pace">Between two chunks of a stream; zero sends them as fast as the socket takes them.</param>
    internal CannedUpstream(TimeSpan pace)
    {
        this.pace = pace;
        const string Body = """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant","content":"The harbour is calm this morning, and the boats are coming in one by one."},"finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":17,"total_tokens":41}}""";
        whole = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();
        chunks = [.. Enumerable.Range(0, Chunks + 2).Select(Chunk)];
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public void Dispose() => listener.Dispose();

    static byte[] Chunk(int number)
    {
        var data = number switch
        {
            < Chunks => $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[{"index":0,"delta":{"content":" word{{number}}"},"finish_reason":{{(number == Chunks - 1 ? "\"stop\"" : "null")}}}]}""",
            Chunks => """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"bench","choices":[],"usage":{"prompt_tokens":24,"completion_tokens":50,"total_tokens":74}}""",
            _ => "data: [DONE]",
        };
        data += "\n\n";
        var end = number == Chunks + 1 ? "0\r\n\r\n" : "";
        return Encoding.ASCII.GetBytes($"{data.Length:x}\r\n{data}\r\n{end}");
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            var buffer = new byte[64 * 1024];
            var length = 0;
            try
            {
                while (true)
                {
                    var request = HttpBytes.RequestLength(buffer.AsSpan(0, length));
                    if (request < 0)
                    {
                        var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                        if (read == 0)
                            return;
                        length += read;
                        continue;
                    }

                    var stream = buffer.AsSpan(0, request).IndexOf("\"stream\":true"u8) >= 0;
                    buffer.AsSpan(request, length - request).CopyTo(buffer);
                    length -= request;
                    if (stream)
                        await StreamAsync(socket);
                    else
                        await socket.SendAsync(whole);
                }
            }
            catch (SocketException)
            {
                // The caller left.
            }
        }
    }

    async Task StreamAsync(Socket socket)
    {
        await socket.SendAsync(head);
        foreach (var chunk in chunks)
        {
            if (pace > TimeSpan.Zero)
                await Task.Delay(pace);
            await socket.SendAsync(chunk);
        }
    }
}
