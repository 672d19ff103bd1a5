using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Messaging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Limits;

/// <summary>The tables of allowances and tranches. Every change happens under the lock of its allowance, and allowances are locked in one order.</summary>
internal sealed class TrancheStore(Db db, IOutbox outbox, NodeIdentity node, IOptions<GatewayOptions> options)
{
    const string EnsureAllowanceSql = """
        insert into gateway.allowance (limit_id, window_start)
        select l.limit_id, p.window_start from unnest(@Limits::uuid[], @Starts::timestamptz[]) as p(limit_id, window_start)
        join gateway.limit l on l.limit_id = p.limit_id order by 1, 2
        on conflict do nothing
        """;

    const string LockSql = """
        select 1 from gateway.allowance a join unnest(@Limits::uuid[], @Starts::timestamptz[]) as p(limit_id, window_start)
            on a.limit_id = p.limit_id and a.window_start = p.window_start
        order by a.limit_id, a.window_start for update of a
        """;

    // A row that was cleared away meanwhile comes back with what the allowance already counts.
    const string EnsureTrancheSql = """
        insert into gateway.tranche (limit_id, window_start, node_id, spent, lease_until)
        select a.limit_id, a.window_start, @Node, p.written, now()
        from unnest(@Limits::uuid[], @Starts::timestamptz[], @Written::bigint[]) as p(limit_id, window_start, written)
        join gateway.allowance a on a.limit_id = p.limit_id and a.window_start = p.window_start
        on conflict do nothing
        """;

    // A sixteenth of what remains at most: the nearer the end, the smaller the tranches, and the last units go one call at a time.
    const string ExchangeSql = """
        with orders as (
            select * from unnest(
                    @Limits::uuid[], @Starts::timestamptz[], @Sequences::bigint[], @Spent::bigint[], @Kept::bigint[], @Needs::bigint[], @Wishes::bigint[])
                as p(limit_id, window_start, sequence, spent, kept, need, wish)),
        settled as (
            select o.*, l.amount, l.action, l.meter, a.told, a.spent + o.spent - t.spent as all_spent, a.held + o.kept - t.held as all_held
            from orders o join gateway.limit l on l.limit_id = o.limit_id
            join gateway.allowance a on a.limit_id = o.limit_id and a.window_start = o.window_start
            join gateway.tranche t on t.limit_id = o.limit_id and t.window_start = o.window_start and t.node_id = @Node
            where o.sequence > t.sequence),
        granted as (
            select s.*,
                case when need > 0 and amount - all_spent - all_held >= need
                    then greatest(need, least((amount - all_spent - all_held) / 16, wish)) else 0 end as granted,
                case when meter = 'streams' then 0 when all_spent >= amount then 100
                    when action = 'stop' and all_spent >= amount - amount / 5 then 80 else 0 end as step
            from settled s),
        kept as (
            update gateway.tranche t set sequence = g.sequence, spent = g.spent, held = g.kept + g.granted, lease_until = now() + @Lease::interval
            from granted g where t.limit_id = g.limit_id and t.window_start = g.window_start and t.node_id = @Node),
        counted as (
            update gateway.allowance a set spent = g.all_spent, held = g.all_held + g.granted, told = greatest(a.told, g.step)
            from granted g where a.limit_id = g.limit_id and a.window_start = g.window_start)
        select limit_id, window_start, granted, all_spent as spent, all_held + granted as held, kept + granted as own, amount,
            case when step > told then step end as reached
        from granted
        """;

    const string ExpiredSql = """
        select limit_id, window_start from gateway.allowance a
        where exists (
            select from gateway.tranche t where t.limit_id = a.limit_id and t.window_start = a.window_start
                and t.held > 0 and t.node_id <> @Node and (@All or t.lease_until < now()))
        order by limit_id, window_start for update
        """;

    const string ReleaseSql = """
        with dead as (
            select t.limit_id, t.window_start, t.node_id, t.held from gateway.tranche t
            join unnest(@Limits::uuid[], @Starts::timestamptz[]) as p(limit_id, window_start) on t.limit_id = p.limit_id and t.window_start = p.window_start
            where t.held > 0 and t.node_id <> @Node and (@All or t.lease_until < now())),
        emptied as (
            update gateway.tranche t set held = 0 from dead d
            where t.limit_id = d.limit_id and t.window_start = d.window_start and t.node_id = d.node_id)
        update gateway.allowance a set held = a.held - d.held
        from (select limit_id, window_start, sum(held)::bigint as held from dead group by 1, 2) d
        where a.limit_id = d.limit_id and a.window_start = d.window_start
        """;

    const string AnyExpiredSql = "select exists (select from gateway.tranche where held > 0 and lease_until < now() and node_id <> @Node)";

    static readonly string PrepareSql = string.Join(";\n", EnsureAllowanceSql, LockSql, EnsureTrancheSql, ExchangeSql);

    /// <summary>
    /// Tells the tables what was spent and kept, and takes what is asked for where it is there. Orders whose limit was deleted have no answer.
    /// </summary>
    /// <param name="committing">Called when all is said but the last word: a failure before it means that nothing was done, after it nobody knows.</param>
    internal Task<IReadOnlyList<PurseAnswer>> ExchangeAsync(IReadOnlyList<PurseOrder> orders, Action committing, CancellationToken cancel)
    {
        var sorted = orders.OrderBy(order => order.Purse.LimitId).ThenBy(order => order.Purse.Start).ToList();
        var args = new
        {
            Node = node.Id,
            Limits = sorted.Select(order => order.Purse.LimitId).ToArray(),
            Starts = sorted.Select(order => order.Purse.Start).ToArray(),
            Sequences = sorted.Select(order => order.Sequence).ToArray(),
            Spent = sorted.Select(order => order.Spent).ToArray(),
            Written = sorted.Select(order => order.Written).ToArray(),
            Kept = sorted.Select(order => order.Kept).ToArray(),
            Needs = sorted.Select(order => order.Need).ToArray(),
            Wishes = sorted.Select(order => order.Wish).ToArray(),
            Lease = options.Value.LimitLease,
        };
        return db.InTransactionAsync(
            async tx =>
            {
                var answers = await tx.QueryManyAsync(
                    PrepareSql,
                    args,
                    async results =>
                    {
                        await results.ReadAsync<int>();
                        return (IReadOnlyList<PurseAnswer>)[.. await results.ReadAsync<PurseAnswer>()];
                    },
                    cancel);
                foreach (var answer in answers.Where(answer => answer.Reached is not null))
                    await TellAsync(tx, sorted, answer, cancel);
                committing();
                return answers;
            },
            cancel);
    }

    /// <summary>Whether a node's lease ran out while it held something.</summary>
    internal Task<bool> AnyExpiredAsync(CancellationToken cancel) => db.FindAsync<bool>(AnyExpiredSql, new { Node = node.Id }, cancel);

    /// <summary>Frees what dead nodes hold. What they had written as spent stays spent.</summary>
    /// <param name="all">Every other node is dead.</param>
    internal Task ReleaseAsync(bool all, CancellationToken cancel) => db.InTransactionAsync(
        async tx =>
        {
            var locked = await tx.QueryAsync<Place>(ExpiredSql, new { Node = node.Id, All = all }, cancel);
            if (locked.Count == 0)
                return;
            var args = new { Node = node.Id, All = all, Limits = locked.Select(place => place.LimitId).ToArray(), Starts = locked.Select(place => place.WindowStart).ToArray() };
            await tx.ExecuteAsync(ReleaseSql, args, cancel);
        },
        cancel);

    const string LimitSql = $"select {Limit.Columns} from gateway.limit where limit_id = @Id";

    async Task TellAsync(Tx tx, IEnumerable<PurseOrder> orders, PurseAnswer answer, CancellationToken cancel)
    {
        if (await tx.FindAsync<Limit>(LimitSql, new { Id = answer.LimitId }, cancel) is not { } limit)
            return;
        var purse = orders.First(order => order.Purse.LimitId == answer.LimitId && order.Purse.Start == answer.WindowStart).Purse;
        await outbox.PublishAsync(
            tx,
            new LimitReached(
                limit.LimitId, Word(limit.SubjectKind), limit.Subject, Word(limit.Meter), Word(limit.TimeWindow), purse.Start, answer.Reached!.Value, answer.Spent, answer.Amount),
            cancel);
    }

    /// <summary>As the table and the API say it.</summary>
    internal static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    sealed record Place(Guid LimitId, DateTimeOffset WindowStart);
}
