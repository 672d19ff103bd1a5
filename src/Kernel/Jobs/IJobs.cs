using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Queues long work that survives restarts: leased by one node, retried with back-off, cancellable, with visible progress.</summary>
public interface IJobs
{
    /// <summary>Queues a job in the caller's transaction and returns its id.</summary>
    Task<Guid> EnqueueAsync<TArguments>(IDbSession session, JobRequest<TArguments> request, CancellationToken cancel);

    /// <summary>Asks a job to stop; false when it is unknown, not the owner's or already over.</summary>
    /// <param name="owner">Null asks for the server itself and reaches every job.</param>
    Task<bool> CancelAsync(Guid jobId, UserId? owner, CancellationToken cancel);

    /// <summary>How a job stands; null when it is unknown or not the owner's. Ended jobs are kept for a month.</summary>
    Task<JobStatus?> FindAsync(Guid jobId, UserId? owner, CancellationToken cancel);
}

/// <param name="State"><c>queued running succeeded failed cancelled</c>.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Note">What the job last said about itself.</param>
/// <param name="ErrorCode">Why it failed, when it said so with <see cref="JobFailedException"/>.</param>
public sealed record JobStatus(
    Guid JobId, string Kind, string State, double Progress, string? Note, string? ErrorCode, int Attempt,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>Thrown by a handler to end its job at once, with a reason for the person: trying again would not help.</summary>
public sealed class JobFailedException(Error error) : Exception(error.Detail)
{
    public Error Error { get; } = error;
}

/// <param name="Arguments">Stored as JSON; must hold no secret.</param>
/// <param name="UniqueKey">When given, a queued or running job of the same kind and key is returned instead of a second one.</param>
/// <param name="Owner">Who sees the progress; null for the server's own jobs.</param>
/// <param name="RunAt">Not before this time; null for at once.</param>
public sealed record JobRequest<TArguments>(string Kind, TArguments Arguments, UserId? Owner = null, string? UniqueKey = null, DateTimeOffset? RunAt = null);

/// <summary>Runs the jobs of one kind. Must be idempotent: a node may die after the work and before the record of it.</summary>
public interface IJobHandler<TArguments>
{
    static abstract string Kind { get; }

    /// <param name="cancel">Cancelled when the person asks, the node stops, or another node has taken the job over.</param>
    Task RunAsync(TArguments arguments, JobContext context, CancellationToken cancel);
}

/// <summary>What a running job may say about itself.</summary>
public abstract class JobContext
{
    public abstract Guid JobId { get; }

    public abstract int Attempt { get; }

    /// <summary>Stores the progress and tells the owner's browsers. Reports that follow each other closely are merged.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <param name="note">A short text for the person, or null.</param>
    public abstract Task ReportAsync(double fraction, string? note, CancellationToken cancel);
}
