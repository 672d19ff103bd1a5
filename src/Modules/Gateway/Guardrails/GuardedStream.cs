using System.Buffers;
using System.Runtime.CompilerServices;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>Guards the events of one stream, in order.</summary>
internal interface IStreamGuard
{
    /// <summary>Writes what may go out of an event: it, something in its place, or for now nothing. Throws where it cannot read it.</summary>
    /// <param name="data">JSON, or the end mark.</param>
    void Take(ReadOnlyMemory<byte> data, IBufferWriter<byte> output);

    /// <summary>Ends the stream in place of an answer that is withheld.</summary>
    void Withhold(GuardStep step, ReplyFacts facts, IBufferWriter<byte> output);
}

/// <summary>A stream of which only what the guardrails allow goes out, at its own pace.</summary>
internal sealed class GuardedStream(ReplyBody inner, GatewayCall call, GuardRun run) : ReplyBody
{
    internal override ReplyFacts Facts => inner.Facts;

    internal override string ContentType => inner.ContentType;

    internal override bool Streamed => true;

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        IStreamGuard guard = call.Surface == Surface.Responses ? new ResponseStreamGuard(run) : new ChatStreamGuard(run, call.Shape.AsksUsage);
        var output = new ArrayBufferWriter<byte>(4096);
        await foreach (var frame in inner.FramesAsync(cancel))
        {
            output.ResetWrittenCount();
            TakeEvents(guard, frame, output);
            if (output.WrittenCount > 0)
                yield return output.WrittenMemory;
            if (run.Refused is not null)
                yield break;
        }
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    void TakeEvents(IStreamGuard guard, ReadOnlyMemory<byte> frame, ArrayBufferWriter<byte> output)
    {
        while (SseFrame.TryTake(ref frame, out var data))
        {
            try
            {
                guard.Take(data, output);
            }
            catch (Exception failure) when (JsonTexts.IsUnreadable(failure))
            {
                throw UpstreamFaults.Nonsense.ToException();
            }

            if (run.Refused is not { } step)
                continue;
            Facts.FinishReason = Withheld.FinishReason;
            guard.Withhold(step, Facts, output);
            return;
        }
    }
}
