using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>A kept reply given again, whole or as a stream, as its caller asked. It used no tokens.</summary>
internal sealed class ReplayedReply(StoredReply reply, GatewayCall call, TimeSpan age) : ReplyBody
{
    internal override ReplyFacts Facts { get; } = new() { InputTokens = 0, OutputTokens = 0, Finished = true };

    internal override string ContentType => Streamed ? "text/event-stream; charset=utf-8" : "application/json";

    internal override bool Streamed => call.Shape.Stream && call.Surface is (Surface.ChatCompletions or Surface.Responses);

    internal override TimeSpan? Age => age;

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await ValueTask.CompletedTask;
        if (!Streamed)
        {
            yield return reply.Body;
            yield break;
        }

        using var whole = JsonDocument.Parse(reply.Body);
        var frames = call.Surface == Surface.ChatCompletions ? ChatReplay.Frames(whole.RootElement, call.Shape.AsksUsage) : ResponseReplay.Frames(whole.RootElement);
        foreach (var frame in frames)
        {
            cancel.ThrowIfCancellationRequested();
            yield return frame;
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
