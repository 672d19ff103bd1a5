using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Plans;

/// <summary>Brings together what a person used: of their plan, from here, and of models, from the gateway's books.</summary>
internal sealed class UsageReport(Db db, IQuotas quotas, IModelUsage models, TimeProvider clock)
{
    internal const int Days = 30;

    const string RoleSql = "select role from accounts.user where user_id = @User";

    const string DaysSql = """
        select started_at as day, meter, used from accounts.quota_use
        where user_id = @User and time_window = 'day' and started_at >= @From
        """;

    /// <summary>Null when there is no such person.</summary>
    internal async Task<GetUsage.Response?> ReadAsync(UserId user, CancellationToken cancel)
    {
        if (await db.FindAsync<string>(RoleSql, new { User = user }, cancel) is not { } plan)
            return null;
        var now = clock.GetUtcNow();
        var today = Meters.Day(now);
        var month = Meters.Month(now);
        var first = today.AddDays(1 - Days);
        var used = (await db.QueryAsync<Row>(DaysSql, new { User = user, From = Earlier(first, month) }, cancel)).ToLookup(row => row.Day);
        var called = (await models.ByDayAsync(user, Earlier(first, month), cancel)).ToDictionary(day => day.Day);
        var uses = await quotas.UsageAsync(user, cancel);

        return new GetUsage.Response(
            plan,
            PlanFeatures.Of(plan),
            [.. uses.Select(use => new GetUsage.Quota(Meters.NameOf(use.Meter), Meters.WindowOf(use.Meter), use.Used, use.Limit, use.ResetsAt))],
            DayOf(today),
            Sum(month, (int)(today - month).TotalDays + 1),
            [.. Enumerable.Range(0, Days).Select(offset => DayOf(first.AddDays(offset)))]);

        GetUsage.Stretch DayOf(DateTimeOffset day)
        {
            var call = called.GetValueOrDefault(day) ?? new ModelUsageDay(day, 0, 0, 0, 0);
            return new GetUsage.Stretch(day, Used(day, "requests"), Used(day, "bandwidth"), call.Calls, call.InputTokens, call.OutputTokens, call.CostMicros);
        }

        long Used(DateTimeOffset day, string meter) => used[day].FirstOrDefault(row => row.Meter == meter)?.Used ?? 0;

        GetUsage.Stretch Sum(DateTimeOffset start, int days)
            => Enumerable.Range(0, days).Select(offset => DayOf(start.AddDays(offset))).Aggregate((a, b) => new GetUsage.Stretch(
                a.Start, a.Requests + b.Requests, a.BandwidthBytes + b.BandwidthBytes, a.Calls + b.Calls, a.InputTokens + b.InputTokens,
                a.OutputTokens + b.OutputTokens, a.CostMicros + b.CostMicros));
    }

    static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    sealed record Row(DateTimeOffset Day, string Meter, long Used);
}
