using System.Collections.Concurrent;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Keys;

/// <summary>The calls that run on this node with a key, so that they end when what let them in does.</summary>
internal sealed class RunningCalls
{
    readonly ConcurrentDictionary<RunningCall, byte> calls = new();

    /// <param name="aborted">Ends it too: the caller left.</param>
    internal RunningCall Enter(SecretHash secret, KeyGrant grant, CancellationToken aborted)
    {
        var call = new RunningCall(secret, grant, one => calls.TryRemove(one, out _), aborted);
        calls[call] = 0;
        return call;
    }

    internal ILookup<SecretHash, RunningCall> Where(Func<KeyGrant, bool> whose) => calls.Keys.Where(call => whose(call.Grant)).ToLookup(call => call.Secret);
}

/// <summary>One call with a key, until it is disposed.</summary>
internal sealed class RunningCall : IDisposable
{
    readonly CancellationTokenSource source;
    readonly Action<RunningCall> left;
    readonly Lock gate = new();
    bool over;

    internal RunningCall(SecretHash secret, KeyGrant grant, Action<RunningCall> left, CancellationToken aborted)
    {
        (Secret, Grant, this.left) = (secret, grant, left);
        source = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        Cancel = source.Token;
    }

    internal SecretHash Secret { get; }

    internal KeyGrant Grant { get; }

    /// <summary>Cancelled when the caller leaves, and when the call is cut.</summary>
    internal CancellationToken Cancel { get; }

    /// <summary>Why the call was cut; null while it was not.</summary>
    internal Error? Cut { get; private set; }

    internal void End(Error why)
    {
        lock (gate)
        {
            if (over)
                return;
            Cut ??= why;
        }

        // Outside the lock: what waits for it runs here.
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself just now.
        }
    }

    public void Dispose()
    {
        left(this);
        lock (gate)
            over = true;
        source.Dispose();
    }
}
