using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Tells a job's owner how it stands.</summary>
internal sealed class JobProgress(IRealtime realtime)
{
    internal const string EventName = "jobs.progress";

    internal Task TellAsync(Row job, CancellationToken cancel)
        => job.OwnerId is { } owner
            ? realtime.PublishAsync(UserTopics.Of(new UserId(owner)), EventName, new { job.JobId, job.Kind, job.State, Fraction = job.Progress, job.Note }, cancel)
            : Task.CompletedTask;

    internal sealed record Row(Guid JobId, string Kind, Guid? OwnerId, string State, double Progress, string? Note);
}
