using System.Collections.Concurrent;
using System.Diagnostics;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Jobs;

/// <summary>
/// Takes due jobs and runs them, so many at once. A job belongs to the node for the length of a lease that <see cref="JobKeeper"/>
/// renews; when a node dies its jobs fall due again at the end of it and another node takes them.
/// </summary>
internal sealed partial class JobRunner : DatabaseLoop
{
    readonly Db db;
    readonly JobHandlers handlers;
    readonly IServiceScopeFactory scopes;
    readonly JobProgress progress;
    readonly NodeIdentity node;
    readonly JobOptions options;
    readonly WakeSignal wake = new();
    readonly IDisposable listening;
    readonly IDisposable listeningForCancel;
    readonly ConcurrentDictionary<Guid, (JobRun Run, Task Task)> running = new();

    public JobRunner(
        Db db, JobHandlers handlers, IServiceScopeFactory scopes, JobProgress progress, NodeIdentity node,
        IBroadcast broadcast, IOptions<JobOptions> options, TimeProvider clock, ILogger<JobRunner> logger)
        : base("job-runner", clock, logger)
    {
        this.db = db;
        this.handlers = handlers;
        this.scopes = scopes;
        this.progress = progress;
        this.node = node;
        this.options = options.Value;
        listening = broadcast.Listen(JobQueue.WakeChannel, (_, _) =>
        {
            wake.Set();
            return Task.CompletedTask;
        });
        listeningForCancel = broadcast.Listen(JobQueue.CancelChannel, (payload, _) =>
        {
            if (Guid.TryParse(payload, out var id) && running.TryGetValue(id, out var entry))
                entry.Run.Stop(StopReason.Cancelled);
            return Task.CompletedTask;
        });
    }

    internal IEnumerable<JobRun> Running => running.Values.Select(entry => entry.Run);

    public override void Dispose()
    {
        listening.Dispose();
        listeningForCancel.Dispose();
        base.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var (run, _) in running.Values)
            run.Stop(StopReason.Shutdown);
        try
        {
            await Task.WhenAll(running.Values.Select(entry => entry.Task)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A handler does not listen; its lease runs out and another node takes the job.
        }
    }

    protected override async Task IterateAsync(CancellationToken cancel)
    {
        if (handlers.Kinds.Length == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Clock, cancel);
            return;
        }

        while (running.Count < options.Concurrency && await TakeAsync(cancel))
            cancel.ThrowIfCancellationRequested();
        Working();
        await wake.WaitAsync(await PauseAsync(cancel), Clock, cancel);
    }

    async Task<TimeSpan> PauseAsync(CancellationToken cancel)
    {
        if (running.Count >= options.Concurrency)
            return options.PollInterval; // a run that ends sets the signal
        var now = Clock.GetUtcNow();
        var next = await db.FindAsync<DateTimeOffset?>(JobSql.NextDue, new { Now = now, Kinds = FreeKinds() }, cancel);
        return next is { } due && due - now < options.PollInterval ? due - now + TimeSpan.FromMilliseconds(1) : options.PollInterval;
    }

    /// <summary>The kinds of which another one may run here.</summary>
    string[] FreeKinds() => [.. handlers.Kinds.Where(kind => handlers[kind].Policy.AtOnce is not { } most || running.Values.Count(entry => entry.Run.Job.Kind == kind) < most)];

    async Task<bool> TakeAsync(CancellationToken cancel)
    {
        var lease = Ids.New(Clock);
        var now = Clock.GetUtcNow();
        var until = now + options.Lease;
        var job = await db.FindAsync<TakenJob>(JobSql.Take, new { Lease = lease, Node = node.Name, Until = until, Now = now, Kinds = FreeKinds() }, cancel);
        if (job is null)
            return false;
        var run = new JobRun(job, lease, until, db, progress, Clock);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running[job.JobId] = (run, RunAsync(run, started.Task));
        started.SetResult();
        return true;
    }

    async Task RunAsync(JobRun run, Task started)
    {
        await started;
        KernelMetrics.JobsRunning.Add(1);
        var began = Clock.GetTimestamp();
        var outcome = "lost";
        try
        {
            var failure = await AttemptAsync(run);

            // The work is over; its record must be written even if this node stops now.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            outcome = await RecordAsync(run, failure, limit.Token);
        }
        catch (Exception failure)
        {
            // The lease runs out and the job is taken again: the handler is idempotent.
            LogNotRecorded(Logger, failure, run.Job.Kind, run.JobId);
        }
        finally
        {
            running.TryRemove(run.JobId, out _);
            run.Dispose();
            KernelMetrics.JobsRunning.Add(-1);
            KernelMetrics.Jobs.Add(1, new("kind", run.Job.Kind), new("outcome", outcome));
            KernelMetrics.JobDuration.Record(Clock.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("kind", run.Job.Kind));
            wake.Set();
        }
    }

    /// <returns>Null when the handler returned.</returns>
    async Task<Exception?> AttemptAsync(JobRun run)
    {
        var registration = handlers[run.Job.Kind];
        if (run.Job.CancelRequested)
            run.Stop(StopReason.Cancelled);
        else if (run.Job.Attempt > registration.Policy.MaxAttempts)
            return new JobFailedException(JobErrors.GaveUp);
        using var activity = KernelMetrics.Activities.StartActivity(run.Job.Kind, ActivityKind.Consumer);
        try
        {
            run.Stopping.ThrowIfCancellationRequested();
            await using var scope = scopes.CreateAsyncScope();
            await registration.RunAsync(scope.ServiceProvider, run.Job.Arguments, run, run.Stopping);
            return null;
        }
        catch (Exception failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            return failure;
        }
    }

    async Task<string> RecordAsync(JobRun run, Exception? failure, CancellationToken cancel)
    {
        var policy = handlers[run.Job.Kind].Policy;
        switch (failure, run.Reason)
        {
            case (_, StopReason.Lost):
                LogLost(Logger, run.Job.Kind, run.JobId);
                return "lost";
            case (null, _):
                return await EndAsync(run, "succeeded", null, null, cancel);
            case (_, StopReason.Cancelled):
                return await EndAsync(run, "cancelled", null, null, cancel);
            case (OperationCanceledException, StopReason.Shutdown):
                await db.ExecuteAsync(JobSql.Release, new { Id = run.JobId, run.Lease, Now = Clock.GetUtcNow() }, cancel);
                return "released";
            case (JobFailedException refused, _):
                LogFailed(Logger, failure, run.Job.Kind, run.JobId, run.Attempt);
                return await EndAsync(run, "failed", refused.Error.Code, refused, cancel);
            default:
                LogFailed(Logger, failure, run.Job.Kind, run.JobId, run.Attempt);
                if (run.Attempt >= policy.MaxAttempts)
                    return await EndAsync(run, "failed", JobErrors.GaveUp.Code, failure, cancel);
                return await RetryAsync(run, failure, policy, cancel);
        }
    }

    async Task<string> EndAsync(JobRun run, string state, string? code, Exception? failure, CancellationToken cancel)
    {
        var row = await db.FindAsync<JobProgress.Row>(JobSql.End, new
        {
            Id = run.JobId,
            run.Lease,
            State = state,
            Now = Clock.GetUtcNow(),
            ErrorCode = code,
            Error = failure is null ? null : FailureText.Of(failure),
            Note = run.LastNote,
        }, cancel);
        return await ToldAsync(row, state, cancel);
    }

    async Task<string> RetryAsync(JobRun run, Exception failure, JobPolicy policy, CancellationToken cancel)
    {
        var dueAt = Clock.GetUtcNow() + BackOff.Pause(run.Attempt, policy.FirstRetry, policy.LongestRetry);
        var row = await db.FindAsync<JobProgress.Row>(
            JobSql.Retry, new { Id = run.JobId, run.Lease, DueAt = dueAt, Error = FailureText.Of(failure) }, cancel);
        return await ToldAsync(row, "retried", cancel);
    }

    async Task<string> ToldAsync(JobProgress.Row? row, string outcome, CancellationToken cancel)
    {
        if (row is null)
            return "lost";
        await progress.TellAsync(row, cancel);
        return outcome;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Kind} {JobId} failed on attempt {Attempt}")]
    static partial void LogFailed(ILogger logger, Exception failure, string kind, Guid jobId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Kind} {JobId} was lost to another node")]
    static partial void LogLost(ILogger logger, string kind, Guid jobId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of job {Kind} {JobId} could not be recorded; it will be run again")]
    static partial void LogNotRecorded(ILogger logger, Exception failure, string kind, Guid jobId);
}
