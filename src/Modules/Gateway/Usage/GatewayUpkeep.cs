using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Usage;

/// <summary>Removes what is too old for the books, in small portions so that nobody waits for a lock.</summary>
internal sealed class GatewayUpkeep(Db db, IOptions<GatewayOptions> options, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    const int Portion = 2_000;

    /// <summary>How long what was spent in a minute or an hour is kept, and the tranches of nodes that are gone.</summary>
    static readonly TimeSpan ShortWindows = TimeSpan.FromDays(2);

    const string UsageSql = """
        delete from gateway.usage where usage_id = any(array(
            select usage_id from gateway.usage where started_at < @Before and outcome <> 'running' order by started_at limit @Portion))
        """;

    const string AlertSql = "delete from gateway.alert where ended_at < @Before";

    // Of a window that has long passed nothing is asked any more.
    const string AllowanceSql = """
        delete from gateway.allowance a using gateway.limit l
        where l.limit_id = a.limit_id and l.time_window <> 'none' and a.held = 0
            and a.window_start < case when l.time_window in ('minute', 'hour') then @ShortBefore::timestamptz else @Before::timestamptz end
        """;

    const string TrancheSql = """
        delete from gateway.tranche t where t.held = 0 and t.lease_until < @ShortBefore
            and not exists (select from gateway.node n where n.node_id = t.node_id)
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        while (await db.ExecuteAsync(UsageSql, new { Before = now - options.Value.UsageRetention, Portion }, cancel) >= Portion)
            cancel.ThrowIfCancellationRequested();
        await db.ExecuteAsync(AlertSql, new { Before = now - options.Value.UsageRetention }, cancel);
        await db.ExecuteAsync(AllowanceSql, new { Before = now - options.Value.UsageRetention, ShortBefore = now - ShortWindows }, cancel);
        await db.ExecuteAsync(TrancheSql, new { ShortBefore = now - ShortWindows }, cancel);
    }
}
