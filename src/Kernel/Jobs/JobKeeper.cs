using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Renews the leases of the jobs this node runs, writes their merged progress, and stops those that are no longer its own.</summary>
internal sealed partial class JobKeeper(Db db, JobRunner runner, IOptions<JobOptions> options, TimeProvider clock, ILogger<JobKeeper> logger)
    : BackgroundService
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    readonly TimeSpan lease = options.Value.Lease;
    bool failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await KeepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    async Task KeepAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var runs = runner.Running.ToArray();

        // Without an answer of the database the lease ends by this node's own clock, a tick before anybody else may take the job.
        foreach (var run in runs.Where(run => run.LeaseUntil - Tick <= now))
            run.Stop(StopReason.Lost);
        try
        {
            // A hanging database must not keep this loop from seeing a lease run out.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(lease / 6);
            var due = runs.Where(run => run.Reason != StopReason.Lost && run.LeaseUntil - now <= lease * (2.0 / 3)).ToArray();
            if (due.Length > 0)
                await RenewAsync(due, now, limit.Token);
            foreach (var run in runs.Where(run => run.HasPending && run.Reason == StopReason.None))
                await run.FlushAsync(limit.Token);
            failing = false;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            if (!failing)
                LogNotRenewed(logger, failure, runs.Length);
            failing = true;
        }
    }

    async Task RenewAsync(JobRun[] runs, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Renewed>(JobSql.Renew, new
        {
            Until = now + lease,
            Jobs = runs.Select(run => run.JobId).ToArray(),
            Leases = runs.Select(run => run.Lease).ToArray(),
        }, cancel);
        var renewed = rows.ToDictionary(row => row.JobId);
        foreach (var run in runs)
        {
            if (!renewed.TryGetValue(run.JobId, out var row))
                run.Stop(StopReason.Lost);
            else
                run.LeaseUntil = now + lease;
            if (row?.CancelRequested == true)
                run.Stop(StopReason.Cancelled);
        }
    }

    sealed record Renewed(Guid JobId, bool CancelRequested);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The leases of {Count} jobs could not be renewed")]
    static partial void LogNotRenewed(ILogger logger, Exception failure, int count);
}
