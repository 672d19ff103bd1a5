namespace JeanTrail.Kernel.Jobs;

/// <summary>What the runner does to the job table. Every write names the lease: a node that lost it changes nothing.</summary>
internal static class JobSql
{
    internal const string Take = """
        update kernel.job set state = 'running', attempt = attempt + 1, lease_id = @Lease, node = @Node, due_at = @Until,
            started_at = coalesce(started_at, @Now)
        where job_id = (
            select job_id from kernel.job
            where state in ('queued', 'running') and due_at <= @Now and kind = any(@Kinds)
            order by due_at limit 1 for update skip locked)
        returning job_id, kind, arguments::text as arguments, owner_id, attempt, cancel_requested, progress, note
        """;

    internal const string NextDue = """
        select min(due_at) from kernel.job where state in ('queued', 'running') and due_at > @Now and kind = any(@Kinds)
        """;

    internal const string Renew = """
        update kernel.job set due_at = @Until where job_id = any(@Jobs) and lease_id = any(@Leases) and state = 'running'
        returning job_id, cancel_requested
        """;

    internal const string Report = """
        update kernel.job set progress = @Progress, note = @Note where job_id = @Id and lease_id = @Lease and state = 'running'
        returning job_id, kind, owner_id, state, progress, note
        """;

    internal const string End = """
        update kernel.job set state = @State, ended_at = @Now, lease_id = null, error_code = @ErrorCode, error = @Error,
            note = coalesce(@Note, note), progress = case when @State = 'succeeded' then 1 else progress end
        where job_id = @Id and lease_id = @Lease and state = 'running'
        returning job_id, kind, owner_id, state, progress, note
        """;

    internal const string Retry = """
        update kernel.job set state = 'queued', due_at = @DueAt, lease_id = null, error = @Error
        where job_id = @Id and lease_id = @Lease and state = 'running'
        returning job_id, kind, owner_id, state, progress, note
        """;

    /// <summary>A node that stops gives its jobs back; that is no failed attempt.</summary>
    internal const string Release = """
        with released as (
            update kernel.job set state = 'queued', due_at = @Now, lease_id = null, attempt = attempt - 1
            where job_id = @Id and lease_id = @Lease and state = 'running'
            returning 1)
        select pg_notify('jeantrail', 'kernel.job') from released
        """;
}
