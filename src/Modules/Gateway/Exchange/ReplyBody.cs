using JeanTrail.Contracts.Gateway;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// An answer that has begun, whoever gives it: an upstream, the cache, or a guard over either. Frames are what goes to the caller: whole
/// events of a stream, or pieces of a body. A frame is valid until the next one is asked for.
/// </summary>
internal abstract class ReplyBody : IAsyncDisposable
{
    internal abstract ReplyFacts Facts { get; }

    internal abstract string ContentType { get; }

    /// <summary>Whether the frames are server-sent events.</summary>
    internal virtual bool Streamed => false;

    /// <summary>How long ago it was made, when it was not made for this call.</summary>
    internal virtual TimeSpan? Age => null;

    /// <exception cref="ModelCallException">Whoever gives it broke off; what was yielded before stays valid.</exception>
    internal abstract IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}
