using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Jobs;

internal sealed class JobQueue(Db db, TimeProvider clock, JobProgress progress) : IJobs
{
    /// <summary>Told when jobs are queued.</summary>
    internal const string WakeChannel = "kernel.job";

    /// <summary>Told the id of a running job that is to stop.</summary>
    internal const string CancelChannel = "kernel.job-cancel";

    const string EnqueueSql = """
        with stored as (
            insert into kernel.job (job_id, kind, arguments, owner_id, unique_key, due_at, created_at)
            values (@Id, @Kind, @Arguments::jsonb, @Owner, @UniqueKey, @RunAt, @Now)
            on conflict (kind, unique_key) where unique_key is not null and state in ('queued', 'running') do nothing
            returning job_id),
        told as (select pg_notify('jeantrail', 'kernel.job') from stored)
        select job_id from stored left join told on true
        """;

    const string SameSql = "select job_id from kernel.job where kind = @Kind and unique_key = @UniqueKey and state in ('queued', 'running')";

    const string CancelSql = """
        with asked as (
            update kernel.job set
                cancel_requested = true,
                state = case when state = 'queued' then 'cancelled' else state end,
                ended_at = case when state = 'queued' then @Now::timestamptz end
            where job_id = @Id and (@Owner::uuid is null or owner_id = @Owner) and state in ('queued', 'running')
            returning job_id, kind, owner_id, state, progress, note),
        told as (select pg_notify('jeantrail', 'kernel.job-cancel ' || job_id) from asked)
        select job_id, kind, owner_id, state, progress, note from asked left join told on true
        """;

    const string FindSql = """
        select job_id, kind, state, progress, note, error_code, attempt, created_at, started_at, ended_at from kernel.job
        where job_id = @Id and (@Owner::uuid is null or owner_id = @Owner)
        """;

    public async Task<Guid> EnqueueAsync<TArguments>(IDbSession session, JobRequest<TArguments> request, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var row = new
        {
            Id = Ids.New(clock),
            request.Kind,
            Arguments = DurableJson.Serialize(request.Arguments),
            Owner = request.Owner?.Value,
            request.UniqueKey,
            RunAt = request.RunAt ?? now,
            Now = now,
        };

        // Twice at most in practice: the job in the way may end between the two statements.
        for (var attempt = 0; attempt < 10; attempt++)
        {
            if (await session.FindAsync<Guid?>(EnqueueSql, row, cancel) is { } stored)
                return stored;
            if (await session.FindAsync<Guid?>(SameSql, row, cancel) is { } same)
                return same;
        }

        throw new InvalidOperationException($"Jobs of kind {request.Kind} with one unique key start and end too fast to queue another.");
    }

    public async Task<bool> CancelAsync(Guid jobId, UserId? owner, CancellationToken cancel)
    {
        var job = await db.FindAsync<JobProgress.Row>(CancelSql, new { Id = jobId, Owner = owner?.Value, Now = clock.GetUtcNow() }, cancel);
        if (job is null)
            return false;
        if (job.State == "cancelled")
            await progress.TellAsync(job, cancel);
        return true;
    }

    public Task<JobStatus?> FindAsync(Guid jobId, UserId? owner, CancellationToken cancel)
        => db.FindAsync<JobStatus>(FindSql, new { Id = jobId, Owner = owner?.Value }, cancel);
}
