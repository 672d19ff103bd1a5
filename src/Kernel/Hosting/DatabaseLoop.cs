using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Hosting;

/// <summary>
/// A background loop over the database. It survives its iterations: a failure is logged once per change of state, then the loop backs
/// off and comes back by itself when the database does.
/// </summary>
internal abstract partial class DatabaseLoop(string name, TimeProvider clock, ILogger logger) : BackgroundService
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    int failures;

    protected TimeProvider Clock { get; } = clock;

    protected ILogger Logger { get; } = logger;

    /// <summary>Looks for work, does it, and waits until there may be more.</summary>
    protected abstract Task IterateAsync(CancellationToken cancel);

    /// <summary>For iterations that last: tells that the database answers.</summary>
    protected void Working()
    {
        var before = Interlocked.Exchange(ref failures, 0);
        if (before > 0)
            LogRecovered(Logger, name, before);
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Let the other hosted services start.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await IterateAsync(stoppingToken);
                Working();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                var count = Interlocked.Increment(ref failures);
                if (count == 1)
                    LogFailing(Logger, failure, name);
                KernelMetrics.LoopFailures.Add(1, new KeyValuePair<string, object?>("loop", name));
                if (!await PauseAsync(BackOff.Pause(count, FirstPause, LongestPause), stoppingToken))
                    return;
            }
        }
    }

    async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, Clock, cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Loop} fails and will be tried again until it works")]
    static partial void LogFailing(ILogger logger, Exception failure, string loop);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Loop} works again after {Failures} failures")]
    static partial void LogRecovered(ILogger logger, string loop, int failures);
}
