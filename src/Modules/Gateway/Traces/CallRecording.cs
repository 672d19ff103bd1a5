using System.Buffers;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Replies;
using JeanTrail.Gateway.Usage;

namespace JeanTrail.Gateway.Traces;

/// <summary>
/// Listens to one call: its request as it went to the upstream, and its reply as it goes to the caller, behind the guardrails both. A streamed
/// chat is put together; other streams are kept as their events.
/// </summary>
internal sealed class CallRecording(BodyArchive archive, GatewayCall call, CallEntry entry)
{
    const int MaxBytes = 256 * 1024;

    readonly ArrayBufferWriter<byte> reply = new();
    ChatAssembly? chat;
    bool heard;
    bool truncated;

    /// <summary>Takes the next frame of the reply.</summary>
    internal void Take(ReadOnlyMemory<byte> frame, string contentType)
    {
        if (truncated || !IsText(contentType))
            return;
        heard = true;
        if (call.Surface == Surface.ChatCompletions && contentType.StartsWith("text/event-stream", StringComparison.Ordinal))
        {
            chat ??= new ChatAssembly();
            while (SseFrame.TryTake(ref frame, out var data))
                chat.Take(data);
            truncated = chat.Characters > MaxBytes;
            return;
        }

        truncated = frame.Length > MaxBytes - reply.WrittenCount;
        reply.Write(frame.Span[..Math.Min(frame.Length, MaxBytes - reply.WrittenCount)]);
    }

    /// <summary>The call is over.</summary>
    internal void Keep()
    {
        // A bare null would become empty memory.
        var request = call.Surface.IsForm() ? default(ReadOnlyMemory<byte>?) : call.Body;
        var said = !heard ? default(ReadOnlyMemory<byte>?) : chat is not null ? chat.Write(entry.Facts) : reply.WrittenMemory;
        archive.Add(new CallBodies(
            entry.Id, entry.Consumer.UserId, Bounded(request), request?.Length > MaxBytes, Bounded(said), truncated || said?.Length > MaxBytes));
    }

    /// <summary>A copy of a part: the whole should not wait in memory for it.</summary>
    static ReadOnlyMemory<byte>? Bounded(ReadOnlyMemory<byte>? body) => body is { Length: > MaxBytes } large ? large[..MaxBytes].ToArray() : body;

    static bool IsText(string contentType) => contentType.StartsWith("text/", StringComparison.Ordinal) || contentType.StartsWith("application/json", StringComparison.Ordinal);
}
