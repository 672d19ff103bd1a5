using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Plans;

internal sealed class Quotas(Db db, TimeProvider clock) : IQuotas
{
    // The limit stands in both conditions: in the first for the window's first row, in the second under that row's lock.
    const string TakeSql = """
        with taken as (
            insert into accounts.quota_use as q (user_id, meter, time_window, started_at, used)
            select u.user_id, p.meter, p.time_window, @Start::timestamptz, @Amount::bigint
            from accounts.user u join accounts.plan_quota p on p.plan = u.role
            where u.user_id = @User and p.meter = @Meter and (not @Limited or p.amount is null or p.amount >= @Amount)
            on conflict (user_id, meter, time_window, started_at) do update set used = q.used + excluded.used
            where not @Limited or not exists (
                select from accounts.user u join accounts.plan_quota p on p.plan = u.role
                where u.user_id = excluded.user_id and p.meter = excluded.meter and q.used + excluded.used > p.amount)
            returning q.user_id, q.meter, q.time_window
        ), seen as (
            insert into accounts.quota_use as q (user_id, meter, time_window, started_at, used)
            select user_id, meter, 'day', @Day::timestamptz, @Amount from taken where time_window = 'month'
            on conflict (user_id, meter, time_window, started_at) do update set used = q.used + excluded.used
        )
        select count(*) from taken
        """;

    const string ReleaseSql = """
        update accounts.quota_use set used = greatest(0, used - @Amount)
        where user_id = @User and meter = @Meter and (started_at = @Start or (time_window = 'day' and started_at = @Day))
        """;

    const string UsageSql = """
        select p.meter, p.amount, coalesce(q.used, 0) as used
        from accounts.user u join accounts.plan_quota p on p.plan = u.role
        left join accounts.quota_use q on q.user_id = u.user_id and q.meter = p.meter and q.time_window = p.time_window
            and q.started_at = case p.time_window when 'day' then @Day::timestamptz when 'month' then @Month::timestamptz else @Ever::timestamptz end
        where u.user_id = @User
        """;

    public async Task<Error?> TryTakeAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel)
    {
        if (await AddAsync(session, user, meter, amount, isLimited: true, cancel))
            return null;
        return Find(await ReadAsync(session ?? db, user, cancel), meter) is { } use ? PlanErrors.Exhausted(use, clock.GetUtcNow()) : KernelErrors.Unauthenticated;
    }

    public Task CountAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel)
        => AddAsync(session, user, meter, amount, isLimited: false, cancel);

    public Task ReleaseAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel)
        => (session ?? db).ExecuteAsync(ReleaseSql, Arguments(user, meter, amount, isLimited: false), cancel);

    public Task<IReadOnlyList<QuotaUse>> UsageAsync(UserId user, CancellationToken cancel) => ReadAsync(db, user, cancel);

    internal static QuotaUse? Find(IEnumerable<QuotaUse> uses, QuotaMeter meter) => uses.FirstOrDefault(use => use.Meter == meter);

    async Task<bool> AddAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, bool isLimited, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return await (session ?? db).FindAsync<long>(TakeSql, Arguments(user, meter, amount, isLimited), cancel) == 1;
    }

    object Arguments(UserId user, QuotaMeter meter, long amount, bool isLimited)
    {
        var now = clock.GetUtcNow();
        return new { User = user, Meter = Meters.NameOf(meter), Start = Meters.StartOf(meter, now), Day = Meters.Day(now), Amount = amount, Limited = isLimited };
    }

    async Task<IReadOnlyList<QuotaUse>> ReadAsync(IDbSession session, UserId user, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var rows = await session.QueryAsync<Row>(UsageSql, new { User = user, Day = Meters.Day(now), Month = Meters.Month(now), Meters.Ever }, cancel);
        return [.. rows.Select(row => Meters.Find(row.Meter) is { } meter ? new QuotaUse(meter, row.Used, row.Amount, Meters.EndOf(meter, now)) : null)
            .OfType<QuotaUse>().OrderBy(use => use.Meter)];
    }

    sealed record Row(string Meter, long? Amount, long Used);
}
