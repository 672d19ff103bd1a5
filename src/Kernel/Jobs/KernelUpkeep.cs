using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Messaging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Removes what the Kernel's tables no longer need, in small portions so that nobody waits for a lock.</summary>
internal sealed class KernelUpkeep(Db db, TimeProvider clock, IOptions<OutboxOptions> outbox, IOptions<JobOptions> jobs) : IPeriodicTask
{
    const int Portion = 2_000;

    const string DeadSql = """
        delete from kernel.delivery where ctid = any(array(
            select ctid from kernel.delivery where dead_at < @Before limit @Portion))
        """;

    const string OutboxSql = """
        delete from kernel.outbox where event_id = any(array(
            select event_id from kernel.outbox o where dispatched_at < @Before
                and not exists (select from kernel.delivery d where d.event_id = o.event_id) limit @Portion))
        """;

    // Twice as long as the outbox: a delivery must not outlive the memory of its effect.
    const string InboxSql = """
        delete from kernel.inbox where ctid = any(array(
            select ctid from kernel.inbox where handled_at < @Before limit @Portion))
        """;

    const string SubscriptionSql = "delete from kernel.subscription where seen_at < @Before";

    // A consumer that no version of the program has any more.
    const string OrphanSql = """
        delete from kernel.delivery d where dead_at is null and next_at < @Before
            and not exists (select from kernel.subscription s where s.consumer = d.consumer)
        """;

    const string JobSql = """
        delete from kernel.job where job_id = any(array(
            select job_id from kernel.job where ended_at < @Before limit @Portion))
        """;

    const string LeaseSql = "delete from kernel.lease where expires_at < @Before";

    const string IdempotencySql = """
        delete from kernel.idempotency where ctid = any(array(
            select ctid from kernel.idempotency where expires_at < @Before limit @Portion))
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await DeleteAsync(DeadSql, now - outbox.Value.DeadLetterRetention, cancel);
        await DeleteAsync(SubscriptionSql, now - TimeSpan.FromDays(30), cancel);
        await DeleteAsync(OrphanSql, now - TimeSpan.FromDays(30), cancel);
        await DeleteAsync(OutboxSql, now - outbox.Value.Retention, cancel);
        await DeleteAsync(InboxSql, now - outbox.Value.Retention * 2, cancel);
        await DeleteAsync(JobSql, now - jobs.Value.Retention, cancel);
        await DeleteAsync(LeaseSql, now - TimeSpan.FromDays(1), cancel);
        await DeleteAsync(IdempotencySql, now, cancel);
    }

    async Task DeleteAsync(string sql, DateTimeOffset before, CancellationToken cancel)
    {
        while (await db.ExecuteAsync(sql, new { Before = before, Portion }, cancel) >= Portion)
            cancel.ThrowIfCancellationRequested();
    }
}
