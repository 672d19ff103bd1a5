using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Watch;

internal static class GetLive
{
    /// <param name="Running">Calls that have begun and not ended.</param>
    /// <param name="Started">How many calls began in each of the last sixty seconds, the oldest first. The second that is going on and the one before are left out: the books are written once a second.</param>
    public sealed record Report(long Running, IReadOnlyList<long> Started);

    internal const int Seconds = 60;

    static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    const string RunningSql = "select count(*) from gateway.usage where outcome = 'running' and (@All or user_id = @User)";

    const string StartedSql = """
        select floor(extract(epoch from started_at - @From))::int as second, count(*) as calls
        from gateway.usage where started_at >= @From and started_at < @Until and (@All or user_id = @User)
        group by 1
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/live", Handle)
            .WithName("Gateway_GetLive")
            .WithSummary("Tells how many calls run now and how many began in each of the last sixty seconds. The owner's answer holds everybody's calls, others' their own.")
            .WithExample(response: new Report(Running: 2, [.. Enumerable.Range(0, Seconds).Select(second => second % 7 == 0 ? 2L : 0)]))
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch);

    static async Task<Ok<Report>> Handle(Caller caller, Db db, ICache cache, TimeProvider clock, CancellationToken cancel)
    {
        var (all, user) = (caller.IsOwner(), caller.UserId);
        return TypedResults.Ok(await cache.GetOrAddAsync(
            $"gateway.live:{(all ? "all" : user.Value)}", Lifetime, inner => ReadAsync(db, clock.GetUtcNow(), all, user, inner), cancel));
    }

    static async Task<Report> ReadAsync(Db db, DateTimeOffset now, bool all, UserId user, CancellationToken cancel)
    {
        var until = new DateTimeOffset((now.UtcTicks / TimeSpan.TicksPerSecond - 1) * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var args = new { From = until - TimeSpan.FromSeconds(Seconds), Until = until, All = all, User = user };
        var running = db.FindAsync<long>(RunningSql, args, cancel);
        var started = new long[Seconds];
        foreach (var row in await db.QueryAsync<SecondRow>(StartedSql, args, cancel))
            started[row.Second] = row.Calls;
        return new Report(await running, started);
    }

    sealed record SecondRow(int Second, long Calls);
}
