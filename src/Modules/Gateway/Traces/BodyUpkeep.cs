using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Gateway.Traces;

/// <summary>Removes bodies whose time is over, in small portions.</summary>
internal sealed class BodyUpkeep(Db db, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    const int Portion = 500;

    const string Sql = """
        delete from gateway.call_body where call_id = any(array(
            select call_id from gateway.call_body where expires_at <= @Now order by expires_at limit @Portion))
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (await db.ExecuteAsync(Sql, new { Now = clock.GetUtcNow(), Portion }, cancel) >= Portion)
            cancel.ThrowIfCancellationRequested();
    }
}
