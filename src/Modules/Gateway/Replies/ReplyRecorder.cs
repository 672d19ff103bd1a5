using System.Buffers;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>Listens to a reply on its way to the caller and tells at the end what it was as one body.</summary>
internal sealed class ReplyRecorder(Surface surface, bool streamed, int maxBytes)
{
    readonly ArrayBufferWriter<byte> whole = new();
    readonly ChatAssembly? chat = streamed && surface == Surface.ChatCompletions ? new ChatAssembly() : null;

    /// <summary>It grew too large and is not listened to any more.</summary>
    internal bool Overflowed { get; private set; }

    internal void Take(ReadOnlyMemory<byte> frame)
    {
        if (Overflowed)
            return;
        if (!streamed)
            Keep(frame.Span);
        else
            TakeEvents(frame);
    }

    /// <summary>The reply as JSON; null when it could not be put together.</summary>
    internal ReadOnlyMemory<byte>? Finish(ReplyFacts facts)
    {
        if (Overflowed || chat is { Complete: false })
            return null;
        var body = chat is not null ? chat.Write(facts) : whole.WrittenMemory;
        return body.Length > 0 && body.Length <= maxBytes ? body : null;
    }

    void TakeEvents(ReadOnlyMemory<byte> frame)
    {
        while (SseFrame.TryTake(ref frame, out var data))
        {
            if (chat is not null)
            {
                chat.Take(data);
                Overflowed = chat.Characters > maxBytes;
            }
            else if (data.Span.IndexOf("\"response.completed\""u8) >= 0)
            {
                TakeCompleted(data);
            }
        }
    }

    /// <summary>The last event of a response holds all of it.</summary>
    void TakeCompleted(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var last = JsonDocument.Parse(data);
            if (last.RootElement.TryGetProperty("type", out var type) && type.ValueEquals("response.completed"u8) && last.RootElement.TryGetProperty("response", out var response))
                Keep(System.Text.Encoding.UTF8.GetBytes(response.GetRawText()));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Then there is nothing to keep.
        }
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        if (whole.WrittenCount + bytes.Length > maxBytes)
            Overflowed = true;
        else
            whole.Write(bytes);
    }
}
