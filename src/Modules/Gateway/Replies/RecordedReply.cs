using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>A reply that is listened to on its way, to be kept when it ended well.</summary>
/// <param name="flight">Of those who wait for it; null when nobody does.</param>
internal sealed class RecordedReply(ReplyBody inner, ReplyRecorder recorder, ReplyFlight? flight, Func<ReadOnlyMemory<byte>, StoredReply?> keep) : ReplyBody
{
    bool ended;

    internal override ReplyFacts Facts => inner.Facts;

    internal override string ContentType => inner.ContentType;

    internal override bool Streamed => inner.Streamed;

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var frames = inner.FramesAsync(cancel).GetAsyncEnumerator(cancel);
        byte[]? last = null;
        while (await MoveAsync(frames))
        {
            recorder.Take(frames.Current);
            flight?.Progress();
            if (Streamed)
            {
                yield return frames.Current;
                continue;
            }

            // One frame behind, so that a whole reply is kept before it is given: its caller may leave with the last byte.
            if (last is not null)
                yield return last;
            last = frames.Current.ToArray();
        }

        if (last is not null)
            yield return last;
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        if (ended)
            return;
        ended = true;
        flight?.Abandon();
    }

    async ValueTask<bool> MoveAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> frames)
    {
        try
        {
            if (await frames.MoveNextAsync())
                return true;
        }
        catch (ModelCallException)
        {
            ended = true;
            flight?.Fail();
            throw;
        }

        ended = true;
        if (recorder.Finish(inner.Facts) is { } body && keep(body) is { } kept)
            flight?.Land(kept);
        else
            flight?.Fail();
        return false;
    }
}
