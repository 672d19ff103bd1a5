using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway;

/// <summary>Keeps memory and tables together: again and again, and once more at the stop. It survives its failures and logs each change of state.</summary>
internal abstract partial class FlushLoop(string name, TimeSpan every, TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>At the stop the process waits no longer than this.</summary>
    static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    int failures;
    long? healthySince;

    /// <summary>Since when every round went well. Other nodes are called dead only by one that has reached the database for a while.</summary>
    protected TimeSpan HealthyFor => healthySince is { } since ? Clock.GetElapsedTime(since) : TimeSpan.Zero;

    protected TimeProvider Clock { get; } = clock;

    protected ILogger Logger { get; } = logger;

    protected abstract Task TickAsync(CancellationToken cancel);

    /// <summary>The last words of this node.</summary>
    protected abstract Task EndAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, Clock);
        while (await NextAsync(timer, stoppingToken))
            await TryAsync(TickAsync, stoppingToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastPatience);
        await TryAsync(EndAsync, patience.Token);
        if (patience.IsCancellationRequested)
            LogCut(Logger, name);
    }

    protected async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        try
        {
            await work(cancel);
            healthySince ??= Clock.GetTimestamp();
            if (Interlocked.Exchange(ref failures, 0) is > 0 and var before)
                LogRecovered(Logger, name, before);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (Exception failure)
        {
            healthySince = null;

            // What was not written stays in memory; the next round takes it.
            if (Interlocked.Increment(ref failures) == 1)
                LogFailing(Logger, failure, name);
        }
    }

    static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Loop} fails and goes on with what it has in memory")]
    static partial void LogFailing(ILogger logger, Exception failure, string loop);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Loop} had no time to end in order")]
    static partial void LogCut(ILogger logger, string loop);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Loop} works again after {Failures} failures")]
    static partial void LogRecovered(ILogger logger, string loop, int failures);
}
