using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Replies;

/// <summary>Removes replies that are out of date, and those nearest to it when all together grew too large. In small portions.</summary>
internal sealed class ReplyUpkeep(Db db, IOptions<GatewayOptions> options, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    const int Portion = 500;

    const string ExpiredSql = """
        delete from gateway.reply where key = any(array(select key from gateway.reply where expires_at <= @Now order by expires_at limit @Portion))
        """;

    const string SizeSql = "select coalesce(sum(octet_length(body) + coalesce(array_length(embedding, 1), 0) * 4), 0)::bigint from gateway.reply";

    const string NextSql = """
        delete from gateway.reply where key = any(array(select key from gateway.reply order by expires_at limit @Portion))
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (await db.ExecuteAsync(ExpiredSql, new { Now = clock.GetUtcNow(), Portion }, cancel) >= Portion)
            cancel.ThrowIfCancellationRequested();
        while (await db.FindAsync<long>(SizeSql, null, cancel) > options.Value.ReplyTableBytes)
        {
            cancel.ThrowIfCancellationRequested();
            await db.ExecuteAsync(NextSql, new { Portion }, cancel);
        }
    }
}
