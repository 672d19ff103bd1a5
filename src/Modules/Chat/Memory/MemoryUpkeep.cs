using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Chat.Memory;

/// <summary>Ends what has its time, and lets go of what was forgotten long enough ago.</summary>
internal sealed class MemoryUpkeep(Db db, TimeProvider clock) : IPeriodicTask
{
    const string ExpireSql = """
        update chat.memory set state = 'expired', updated_at = @Now where memory_id in
            (select memory_id from chat.memory where expires_at <= @Now and state in ('proposed', 'kept') order by expires_at limit 500)
        """;

    const string PurgeSql = "delete from chat.memory where memory_id in (select memory_id from chat.memory where deleted_at < @Before order by deleted_at limit 500)";

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        while (await db.ExecuteAsync(ExpireSql, new { Now = now }, cancel) > 0)
            cancel.ThrowIfCancellationRequested();
        while (await db.ExecuteAsync(PurgeSql, new { Before = now - MemoryRules.KeepForgottenFor }, cancel) > 0)
            cancel.ThrowIfCancellationRequested();
    }
}
