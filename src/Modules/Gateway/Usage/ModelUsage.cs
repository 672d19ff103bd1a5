using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Usage;

internal sealed class ModelUsage(Db db) : IModelUsage
{
    const string ByDaySql = """
        select date_trunc('day', started_at, 'UTC') as day, count(*) as calls, coalesce(sum(input_tokens), 0)::bigint as input_tokens,
            coalesce(sum(output_tokens), 0)::bigint as output_tokens, coalesce(sum(cost_micros), 0)::bigint as cost_micros
        from gateway.usage where user_id = @User and started_at >= @From
        group by 1 order by 1
        """;

    const string TotalsSql = """
        select u.user_id, count(*) as calls, coalesce(sum(u.input_tokens), 0)::bigint as input_tokens,
            coalesce(sum(u.output_tokens), 0)::bigint as output_tokens, coalesce(sum(u.cost_micros), 0)::bigint as cost_micros
        from unnest(@Users::uuid[], @Since::timestamptz[]) p (user_id, since) join gateway.usage u on u.user_id = p.user_id and u.started_at >= p.since
        group by u.user_id
        """;

    public Task<IReadOnlyList<ModelUsageDay>> ByDayAsync(UserId user, DateTimeOffset from, CancellationToken cancel)
        => db.QueryAsync<ModelUsageDay>(ByDaySql, new { User = user, From = from }, cancel);

    public Task<IReadOnlyList<ModelUsageTotal>> TotalsAsync(IReadOnlyDictionary<UserId, DateTimeOffset> since, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(since);
        var people = since.ToArray();
        var args = new { Users = Array.ConvertAll(people, one => one.Key.Value), Since = Array.ConvertAll(people, one => one.Value.UtcDateTime) };
        return db.QueryAsync<ModelUsageTotal>(TotalsSql, args, cancel);
    }
}
