using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Exchange;

/// <summary>An answer on its way to the caller.</summary>
internal sealed class ExchangeReply(ReplyBody body, CallEntry entry, Closing closing, TimeProvider clock, long began) : IAsyncDisposable
{
    internal CallEntry Entry { get; } = entry;

    internal string ContentType => body.ContentType;

    /// <summary>Whether the frames are server-sent events.</summary>
    internal bool Streamed => body.Streamed;

    /// <summary>How long the answer lay in the cache; null when it was made for this call.</summary>
    internal TimeSpan? Age => body.Age;

    /// <summary>Who answers, or answered when the reply was made: <c>provider/model</c>.</summary>
    internal string ModelId => Entry.ModelId!;

    /// <summary>Whole events, or pieces of a body; each valid until the next is asked for.</summary>
    /// <exception cref="ModelCallException">The upstream broke off; what was yielded before stays valid.</exception>
    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await using var frames = body.FramesAsync(cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            try
            {
                if (!await frames.MoveNextAsync())
                {
                    closing.Complete();
                    yield break;
                }
            }
            catch (ModelCallException failure)
            {
                closing.Fail(failure.Error, failure.Blame);
                throw;
            }

            Entry.FirstByte ??= clock.GetElapsedTime(began);
            closing.Recording?.Take(frames.Current, ContentType);
            yield return frames.Current;
        }
    }

    /// <summary>The gateway ends it; what was passed on until now is counted.</summary>
    internal void Fail(Error error, Blame blame) => closing.Fail(error, blame);

    public async ValueTask DisposeAsync()
    {
        // The connection first: an upstream that is still talking should stop before anything is counted.
        await body.DisposeAsync();
        closing.Close();
    }
}
