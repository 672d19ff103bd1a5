namespace JeanTrail.Gateway.Upstream;

/// <summary>The patience of one call: a token that ends when the caller goes or when nothing happened for too long, and tells which.</summary>
internal sealed class CallWatch : IDisposable
{
    readonly CancellationTokenSource source;
    readonly CancellationTokenRegistration registration;
    readonly CancellationTokenRegistration rival;
    readonly CancellationToken caller;
    TimeSpan patience;

    /// <param name="unwanted">Ends the call too, until <see cref="Keep"/>: somebody else has answered.</param>
    internal CallWatch(TimeProvider clock, CancellationToken caller, CancellationToken unwanted = default)
    {
        this.caller = caller;
        source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        rival = unwanted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    internal CancellationToken Token => source.Token;

    internal bool TimedOut => source.IsCancellationRequested && !caller.IsCancellationRequested;

    /// <summary>Waits anew, from now on so long.</summary>
    internal void Allow(TimeSpan time)
    {
        patience = time;
        source.CancelAfter(time);
    }

    /// <summary>Something arrived: the wait begins again.</summary>
    internal void Progress() => source.CancelAfter(patience);

    /// <summary>The answer has begun and is wanted: from here on only its caller ends it.</summary>
    internal void Keep() => rival.Dispose();

    public void Dispose()
    {
        registration.Dispose();
        rival.Dispose();
        source.Dispose();
    }
}
