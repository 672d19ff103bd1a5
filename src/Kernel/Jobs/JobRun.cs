using JeanTrail.Kernel.Data;

namespace JeanTrail.Kernel.Jobs;

/// <summary>A job this node has taken.</summary>
internal sealed record TakenJob(
    Guid JobId, string Kind, string Arguments, Guid? OwnerId, int Attempt, bool CancelRequested, double Progress, string? Note);

/// <summary>One attempt at a job on this node: its lease, why it is to stop, and its progress.</summary>
internal sealed class JobRun(TakenJob job, Guid lease, DateTimeOffset leaseUntil, Db db, JobProgress progress, TimeProvider clock) : JobContext, IDisposable
{
    static readonly TimeSpan Merge = TimeSpan.FromMilliseconds(250);

    const int LongestNote = 500;

    readonly CancellationTokenSource stopping = new();
    readonly SemaphoreSlim writing = new(1, 1);
    DateTimeOffset reportedAt = DateTimeOffset.MinValue;
    (double Fraction, string? Note)? pending;
    int reason;

    public override Guid JobId => job.JobId;

    public override int Attempt => job.Attempt;

    internal TakenJob Job => job;

    internal Guid Lease => lease;

    internal DateTimeOffset LeaseUntil { get; set; } = leaseUntil;

    internal CancellationToken Stopping => stopping.Token;

    internal StopReason Reason => (StopReason)Volatile.Read(ref reason);

    /// <summary>The first reason counts.</summary>
    internal void Stop(StopReason why)
    {
        if (Interlocked.CompareExchange(ref reason, (int)why, (int)StopReason.None) != (int)StopReason.None)
            return;
        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at this moment.
        }
    }

    public override async Task ReportAsync(double fraction, string? note, CancellationToken cancel)
    {
        if (!double.IsFinite(fraction))
            throw new ArgumentOutOfRangeException(nameof(fraction));
        await writing.WaitAsync(cancel);
        try
        {
            pending = (Math.Clamp(fraction, 0, 1), note?.Length > LongestNote ? note[..LongestNote] : note);
            if (clock.GetUtcNow() - reportedAt >= Merge)
                await WriteAsync(cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Writes what was merged.</summary>
    internal async Task FlushAsync(CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            if (clock.GetUtcNow() - reportedAt >= Merge)
                await WriteAsync(cancel);
        }
        finally
        {
            writing.Release();
        }
    }

    internal bool HasPending => pending is not null;

    internal string? LastNote => pending?.Note;

    public void Dispose()
    {
        stopping.Dispose();
        writing.Dispose();
    }

    async Task WriteAsync(CancellationToken cancel)
    {
        if (pending is not { } report)
            return;
        var row = await db.FindAsync<JobProgress.Row>(
            JobSql.Report, new { Id = JobId, Lease = lease, Progress = report.Fraction, report.Note }, cancel);
        pending = null;
        reportedAt = clock.GetUtcNow();
        if (row is not null)
            await progress.TellAsync(row, cancel);
    }
}

internal enum StopReason
{
    None,

    /// <summary>Somebody asked.</summary>
    Cancelled,

    /// <summary>The lease ran out or another node has it: nothing may be written any more.</summary>
    Lost,

    /// <summary>This node stops.</summary>
    Shutdown,
}
