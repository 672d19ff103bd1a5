namespace JeanTrail.Gateway.Upstream;

/// <summary>The patience of one call: a token that ends when the caller goes or when nothing happened for too long, and tells which.</summary>
internal sealed class CallWatch : IDisposable
{
    readonly CancellationTokenSource source;
    readonly CancellationTokenRegistration registration;
    readonly CancellationToken caller;
    TimeSpan patience;

    internal CallWatch(TimeProvider clock, CancellationToken caller)
    {
        this.caller = caller;
        source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        registration = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
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

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
