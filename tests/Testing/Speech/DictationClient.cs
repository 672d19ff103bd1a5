using System.Net.WebSockets;
using System.Text.Json;

namespace JeanTrail.Testing.Speech;

/// <summary>Dictates over a WebSocket as the page does.</summary>
public sealed class DictationClient : IDisposable
{
    readonly ClientWebSocket socket = new();

    public WebSocketState State => socket.State;

    /// <param name="browser">Whose cookies come along.</param>
    public static Task<DictationClient> ConnectAsync(Uri server, string recogniser, HttpClient? browser = null, string? origin = null)
        => OpenAsync(server, $"dictations?recogniser={recogniser}", browser, origin);

    /// <summary>As a page that waits for Jean's name.</summary>
    public static Task<DictationClient> WaitAsync(Uri server, string spotter, HttpClient? browser = null, string? origin = null)
        => OpenAsync(server, $"wake?spotter={spotter}", browser, origin);

    static async Task<DictationClient> OpenAsync(Uri server, string path, HttpClient? browser, string? origin)
    {
        var client = new DictationClient();
        client.socket.Options.SetRequestHeader("Origin", origin ?? server.GetLeftPart(UriPartial.Authority));
        await client.socket.ConnectAsync(new Uri($"ws://{server.Authority}/api/voice/{path}"), browser, default);
        return client;
    }

    /// <summary>As a microphone would: in pieces.</summary>
    public async Task SayAsync(byte[] pcm, int pieceBytes = 8_192)
    {
        for (var at = 0; at < pcm.Length; at += pieceBytes)
            await socket.SendAsync(pcm.AsMemory(at, Math.Min(pieceBytes, pcm.Length - at)), WebSocketMessageType.Binary, endOfMessage: true, default);
    }

    public Task EndAsync() => SendAsync("end");

    public Task SendAsync(string text) => socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, default);

    /// <summary>Null at the end.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer, default).WaitAsync(Eventually.DefaultDeadline);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, default);
                return null;
            }

            message.Write(buffer, 0, result.Count);
            if (result.EndOfMessage)
                return JsonElement.Parse(message.ToArray());
        }
    }

    /// <summary>All that comes from now on.</summary>
    public async Task<List<JsonElement>> ReadAllAsync()
    {
        var all = new List<JsonElement>();
        while (await ReadAsync() is { } message)
            all.Add(message);
        return all;
    }

    public void Abort() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
