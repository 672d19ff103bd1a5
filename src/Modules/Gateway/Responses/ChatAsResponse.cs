using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Responses;

/// <summary>An answer that came as a chat completion, given as the response that was asked for.</summary>
internal sealed class ChatAsResponse(ReplyBody chat, GatewayCall call, DateTimeOffset now) : ReplyBody
{
    internal override ReplyFacts Facts => chat.Facts;

    internal override string ContentType => chat.ContentType;

    internal override bool Streamed => chat.Streamed;

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = JsonDocument.Parse(call.Body, Json.Reading);
        var output = new ArrayBufferWriter<byte>(4096);
        var response = new ResponseDraft(request.RootElement, chat.Facts, now, Streamed ? new ResponseEvents(output) : null);
        await foreach (var frame in chat.FramesAsync(cancel))
        {
            Take(frame, response, output);
            if (output.WrittenCount == 0)
                continue;
            yield return output.WrittenMemory;
            output.ResetWrittenCount();
        }
    }

    public override ValueTask DisposeAsync() => chat.DisposeAsync();

    void Take(ReadOnlyMemory<byte> frame, ResponseDraft response, ArrayBufferWriter<byte> output)
    {
        try
        {
            if (Streamed)
            {
                TakeEvents(frame, response);
                return;
            }

            using var whole = JsonDocument.Parse(frame, Json.Reading);
            response.Take(whole.RootElement);
            response.End();
            using var json = new Utf8JsonWriter(output, Json.Writing);
            response.WriteTo(json, response.Incomplete ? "incomplete" : "completed");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw UpstreamFaults.Nonsense.ToException();
        }
    }

    static void TakeEvents(ReadOnlyMemory<byte> frame, ResponseDraft response)
    {
        while (SseFrame.TryTake(ref frame, out var data))
        {
            if (data.Span.SequenceEqual(SseFrame.DoneData))
            {
                response.End();
                continue;
            }

            using var chunk = JsonDocument.Parse(data, Json.Reading);
            response.Take(chunk.RootElement);
        }
    }
}
