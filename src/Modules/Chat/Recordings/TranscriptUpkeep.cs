using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Chat.Recordings;

/// <summary>No recording is for ever about to be written down: one that nobody has queued, as a copy of one, is queued, and one whose job is over without an end has failed.</summary>
internal sealed class TranscriptUpkeep(Db db, TranscriptQueue queue, IJobs jobs) : IPeriodicTask
{
    const string PendingSql = """
        select attachment_id as id, owner_id, transcript_job from chat.attachment where transcript = 'pending' and attachment_id > @After order by attachment_id limit 100
        """;

    const string LostSql = """
        update chat.attachment set transcript = 'failed', transcript_code = @Code, transcript_job = null
        where attachment_id = @Id and transcript = 'pending' and transcript_job = @Job
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        var after = default(AttachmentId);
        while (await db.QueryAsync<Pending>(PendingSql, new { After = after }, cancel) is { Count: > 0 } waiting)
        {
            foreach (var (id, owner, job) in waiting)
            {
                if (job is not { } known)
                    await queue.BeginAsync(owner, id, cancel);
                // Running may have ended since it was read: then its row is not pending any more.
                else if (await jobs.FindAsync(known, owner: null, cancel) is not { State: "queued" or "running" })
                    await db.ExecuteAsync(LostSql, new { Id = id, Job = known, Code = TranscriptCodes.Lost }, cancel);
            }

            after = waiting[^1].Id;
        }
    }

    sealed record Pending(AttachmentId Id, UserId OwnerId, Guid? TranscriptJob);
}
