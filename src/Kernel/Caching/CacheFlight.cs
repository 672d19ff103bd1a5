using JeanTrail.Kernel.Data;

namespace JeanTrail.Kernel.Caching;

/// <summary>One running factory and those who wait for it.</summary>
// CA1001: the token source has no timer and no wait handle, and whoever is last to look at it is not known.
#pragma warning disable CA1001
internal sealed class CacheFlight
#pragma warning restore CA1001
{
    readonly CancellationTokenSource abandoned = new();
    readonly TaskCompletionSource<object?> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock gate = new();
    int waiters = 1;

    /// <summary>False when the last who waited has just left and the factory is being cancelled.</summary>
    internal bool TryJoin()
    {
        lock (gate)
        {
            if (waiters == 0)
                return false;
            waiters++;
            return true;
        }
    }

    internal async Task RunAsync(Func<CancellationToken, Task<object?>> factory, Action<object?> landed, Action crashed)
    {
        // What is kept serves whoever asks next, not only the person whose request came first.
        using var scope = RowScope.Server();
        try
        {
            var value = await factory(abandoned.Token);
            landed(value);
            result.SetResult(value);
        }
        catch (Exception failure)
        {
            crashed();
            result.SetException(failure);

            // When nobody waits any more nobody looks at the failure, and that is no bug.
            _ = result.Task.Exception;
        }
    }

    internal async Task<object?> WaitAsync(CancellationToken cancel)
    {
        try
        {
            return await result.Task.WaitAsync(cancel);
        }
        finally
        {
            bool last;
            lock (gate)
                last = --waiters == 0;
            if (last && !result.Task.IsCompleted)
                await abandoned.CancelAsync();
        }
    }
}
