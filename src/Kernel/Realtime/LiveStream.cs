using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Realtime;

/// <summary>What modules keep open beside the hub, such as WebSockets of their own.</summary>
public interface ILiveStreams
{
    /// <summary>
    /// Begins one in the caller's session. It ends with the session, and when the person is kept out, whichever node that is decided on; also when this node
    /// may have missed hearing of it. Dispose it when it is over.
    /// </summary>
    LiveStream Open(Caller caller, CancellationToken cancel);
}

/// <summary>One stream, for as long as its session lasts.</summary>
public sealed class LiveStream : IDisposable
{
    readonly CancellationTokenSource source;
    readonly Action<LiveStream> closed;
    readonly Lock gate = new();
    bool disposed;

    /// <param name="closed">Called once, when it is over.</param>
    public LiveStream(Caller caller, Action<LiveStream> closed, CancellationToken cancel)
    {
        this.closed = closed;
        (Session, Person) = (caller.SessionId, caller.UserId);
        source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Ended = source.Token;
    }

    /// <summary>Of the caller: an API key's id is one, too.</summary>
    public Guid Session { get; }

    public UserId Person { get; }

    /// <summary>Cancelled when it must end.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Ends it, without waiting for what that sets off.</summary>
    public void End()
    {
        lock (gate)
        {
            if (!disposed)
                _ = source.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }

        closed(this);
        source.Dispose();
    }
}
