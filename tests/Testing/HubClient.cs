using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Testing;

/// <summary>Speaks SignalR's JSON protocol over a WebSocket, as a browser does.</summary>
/// <remarks>Source: the SignalR Hub Protocol, "JSON Encoding"; messages end with the record separator 0x1E.</remarks>
public sealed class HubClient : IAsyncDisposable
{
    const byte Separator = 0x1E;

    readonly ClientWebSocket socket = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> calls = new(StringComparer.Ordinal);
    readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task reading = Task.CompletedTask;
    int lastCall;

    /// <summary>The arguments of every <c>event</c> message.</summary>
    public ConcurrentQueue<JsonElement> Events { get; } = new();

    /// <summary>The hub's own close message, if one came before the end.</summary>
    public JsonElement? CloseMessage { get; private set; }

    public Task Closed => closed.Task.WaitAsync(Eventually.DefaultDeadline);

    /// <param name="browser">Whose cookies come along.</param>
    public static async Task<HubClient> ConnectAsync(Uri server, HttpClient? browser = null, Action<ClientWebSocketOptions>? options = null)
    {
        var client = new HubClient();
        client.socket.Options.SetRequestHeader("Origin", server.GetLeftPart(UriPartial.Authority));
        options?.Invoke(client.socket.Options);
        await client.socket.ConnectAsync(new Uri($"ws://{server.Authority}/hubs/live"), browser, default);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        client.reading = client.ReadAsync();
        return client;
    }

    /// <summary>Null when the hub did as asked, otherwise what it said.</summary>
    public async Task<string?> CallAsync(string method, string topic)
    {
        var id = Interlocked.Increment(ref lastCall).ToString();
        var answer = calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments = new[] { topic } }));
        return await answer.Task.WaitAsync(Eventually.DefaultDeadline);
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await reading;
        socket.Dispose();
    }

    async Task SendAsync(string json)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes(json), Separator];
        await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, default);
    }

    async Task ReadAsync()
    {
        var received = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync(received.GetMemory(4096), default);
                if (result.MessageType == WebSocketMessageType.Close)
                    return;
                received.Advance(result.Count);
                if (!result.EndOfMessage)
                    continue;
                foreach (var message in Encoding.UTF8.GetString(received.WrittenSpan).Split((char)Separator, StringSplitOptions.RemoveEmptyEntries))
                    Take(JsonElement.Parse(message));
                received.ResetWrittenCount();
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            closed.TrySetResult();
        }
    }

    void Take(JsonElement message)
    {
        switch (message.TryGetProperty("type", out var type) ? type.GetInt32() : 0)
        {
            case 1 when message.GetProperty("target").GetString() == "event":
                Events.Enqueue(message.GetProperty("arguments")[0]);
                break;
            case 3:
                calls[message.GetProperty("invocationId").GetString()!].SetResult(message.TryGetProperty("error", out var error) ? error.GetString() : null);
                break;
            case 7:
                CloseMessage = message;
                break;
        }
    }
}
