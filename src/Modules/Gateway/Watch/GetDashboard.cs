using System.ComponentModel.DataAnnotations;
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

internal static class GetDashboard
{
    /// <summary>How the calls of a span went, as of the last few seconds.</summary>
    /// <param name="StepSeconds">Length of each of <paramref name="Points"/>.</param>
    /// <param name="Routes">By the name that was asked for, most called first.</param>
    /// <param name="Providers">By who answered; calls that came to nobody are left out.</param>
    /// <param name="Points">Every step of the span, the empty ones too.</param>
    public sealed record Report(
        DateTimeOffset From, DateTimeOffset To, int StepSeconds, Sums Sums, IReadOnlyList<Speed> Routes, IReadOnlyList<Speed> Providers,
        IReadOnlyList<Fault> Faults, IReadOnlyList<Point> Points);

    /// <param name="Failed">Those that failed or were interrupted.</param>
    /// <param name="CacheHits">Calls that the response cache answered.</param>
    /// <param name="CostMicros">Millionths of the currency of the price list.</param>
    /// <param name="SavedMicros">What the cache hits would have cost at the average of their route.</param>
    public sealed record Sums(long Calls, long Failed, long CacheHits, long InputTokens, long CachedInputTokens, long OutputTokens, long CostMicros, long SavedMicros);

    /// <summary>Milliseconds of completed calls that the cache did not answer: half, 95 and 99 of 100 were faster. Null where there was none.</summary>
    /// <param name="Subject">The route's name, or the provider's id.</param>
    /// <param name="Name">To show; null when the provider is gone.</param>
    /// <param name="FirstP50Ms">To the first byte of the answer; the others are to its end.</param>
    public sealed record Speed(
        string Subject, string? Name, long Calls, long Failed, long CostMicros, double? P50Ms, double? P95Ms, double? P99Ms, double? FirstP50Ms, double? FirstP95Ms, double? FirstP99Ms);

    /// <param name="Code">Such as <c>gateway.upstream_timeout</c>; null when the call was interrupted without one.</param>
    /// <param name="Blame"><c>upstream server client</c>, or null.</param>
    public sealed record Fault(string? Code, string? Blame, long Calls, DateTimeOffset LastAt);

    public sealed record Point(DateTimeOffset Start, long Calls, long Failed, long InputTokens, long OutputTokens, long CostMicros);

    internal const int MostSubjects = 50;

    /// <summary>Everybody who looks sees the same report for so long: many open pages ask the database once, and the longer the span, the less a moment changes it.</summary>
    static TimeSpan Lifetime(string span) => TimeSpan.FromSeconds(span switch { "hour" => 4, "day" => 10, _ => 30 });

    const string Where = "where started_at >= @From and started_at < @To and (@All or user_id = @User)";

    const string PointsSql = $"""
        select date_bin(make_interval(secs => @Step), started_at, @From) as start, count(*) as calls,
            count(*) filter (where outcome in ('failed', 'interrupted')) as failed, count(*) filter (where cache in ('hit', 'semantic')) as cache_hits,
            coalesce(sum(input_tokens), 0)::bigint as input_tokens, coalesce(sum(cached_input_tokens), 0)::bigint as cached_input_tokens,
            coalesce(sum(output_tokens), 0)::bigint as output_tokens, coalesce(sum(cost_micros), 0)::bigint as cost_micros
        from gateway.usage {Where}
        group by 1
        """;

    const string FaultsSql = $"""
        select error_code as code, blame, count(*) as calls, max(started_at) as last_at
        from gateway.usage {Where} and outcome in ('failed', 'interrupted')
        group by 1, 2 order by 3 desc, 1 limit @Most
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/dashboard", Handle)
            .WithName("Gateway_GetDashboard")
            .WithSummary("Tells how the calls of the last hour, day or week went: how many, how fast by route and provider, what failed and what it cost over time. The owner's answer holds everybody's calls, others' their own.")
            .WithExample(response: new Report(
                new(2026, 3, 14, 8, 30, 0, TimeSpan.Zero), new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero), StepSeconds: 3600,
                new Sums(214, Failed: 2, CacheHits: 18, 109_412, 61_440, 20_911, CostMicros: 38_204, SavedMicros: 3_240),
                [new Speed("smart", "smart", 214, 2, 38_204, P50Ms: 1420, P95Ms: 4180, P99Ms: 6900, FirstP50Ms: 212, FirstP95Ms: 540, FirstP99Ms: 900)],
                [new Speed(Providers.ListProviders.Example.Id.ToString(), Providers.ListProviders.Example.Name, 196, 2, 38_204, 1510, 4230, 6950, 221, 552, 910)],
                [new Fault("gateway.upstream_timeout", "upstream", 2, new(2026, 3, 14, 9, 12, 40, TimeSpan.Zero))],
                [new Point(new(2026, 3, 14, 8, 30, 0, TimeSpan.Zero), 214, 2, 109_412, 20_911, 38_204)]))
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch)
            .OpenToKeys(ApiScopes.GatewayRead);

    static async Task<Ok<Report>> Handle(
        Caller caller, Db db, ICache cache, TimeProvider clock, CancellationToken cancel, [RegularExpression("^(hour|day|week)$")] string span = "day")
    {
        var (all, user) = (caller.IsOwner(), caller.UserId);
        var key = $"gateway.dashboard:{span}:{(all ? "all" : user.Value)}";
        return TypedResults.Ok(await cache.GetOrAddAsync(key, Lifetime(span), inner => ReadAsync(db, clock.GetUtcNow(), span, all, user, inner), cancel));
    }

    static async Task<Report> ReadAsync(Db db, DateTimeOffset now, string span, bool all, UserId user, CancellationToken cancel)
    {
        var step = span switch { "hour" => TimeSpan.FromMinutes(2), "day" => TimeSpan.FromHours(1), _ => TimeSpan.FromHours(6) };
        var steps = span switch { "hour" => 30, "day" => 24, _ => 28 };
        // The last step is the one that is going on.
        var to = new DateTimeOffset((now.UtcTicks / step.Ticks + 1) * step.Ticks, TimeSpan.Zero);
        var from = to - steps * step;
        var args = new { From = from, To = to, Step = step.TotalSeconds, All = all, User = user, Most = MostSubjects };
        var points = db.QueryAsync<PointRow>(PointsSql, args, cancel);
        var routes = db.QueryAsync<SpeedRow>(SpeedSql("route", "subject"), args, cancel);
        var providers = db.QueryAsync<SpeedRow>(SpeedSql("provider_id", "(select name from gateway.provider where provider_id = s.subject)"), args, cancel);
        var faults = db.QueryAsync<Fault>(FaultsSql, args, cancel);
        await Task.WhenAll(points, routes, providers, faults);
        var byStart = (await points).ToDictionary(point => point.Start);
        return new Report(
            from, to, (int)step.TotalSeconds, SumsOf(byStart.Values, await routes), [.. (await routes).Select(row => row.ToSpeed())], [.. (await providers).Select(row => row.ToSpeed())],
            await faults,
            [.. Enumerable.Range(0, steps).Select(index => from + index * step).Select(start => byStart.TryGetValue(start, out var row) ? row.ToPoint() : new Point(start, 0, 0, 0, 0, 0))]);
    }

    // What the cache answered says nothing about how fast a provider is.
    const string Asked = "outcome = 'completed' and cache is distinct from 'hit' and cache is distinct from 'semantic'";

    static string SpeedSql(string column, string name) => $"""
        select s.subject::text as subject, {name} as name, calls, failed, cost_micros, hits, paid,
            total[1] as p50_ms, total[2] as p95_ms, total[3] as p99_ms, first[1] as first_p50_ms, first[2] as first_p95_ms, first[3] as first_p99_ms
        from (
            select {column} as subject, count(*) as calls, count(*) filter (where outcome in ('failed', 'interrupted')) as failed,
                coalesce(sum(cost_micros), 0)::bigint as cost_micros, count(*) filter (where cache in ('hit', 'semantic')) as hits,
                count(*) filter (where {Asked}) as paid,
                percentile_cont(array[0.5, 0.95, 0.99]) within group (order by total_ms) filter (where {Asked}) as total,
                percentile_cont(array[0.5, 0.95, 0.99]) within group (order by first_byte_ms) filter (where {Asked}) as first
            from gateway.usage {Where} and {column} is not null
            group by 1 order by 2 desc, 1 limit @Most) s
        order by calls desc, 2
        """;

    static Sums SumsOf(IReadOnlyCollection<PointRow> points, IReadOnlyList<SpeedRow> routes) => new(
        points.Sum(point => point.Calls), points.Sum(point => point.Failed), points.Sum(point => point.CacheHits),
        points.Sum(point => point.InputTokens), points.Sum(point => point.CachedInputTokens), points.Sum(point => point.OutputTokens), points.Sum(point => point.CostMicros),
        routes.Sum(route => route.Paid == 0 ? 0 : (long)((decimal)route.CostMicros / route.Paid * route.Hits)));

    sealed record PointRow(
        DateTimeOffset Start, long Calls, long Failed, long CacheHits, long InputTokens, long CachedInputTokens, long OutputTokens, long CostMicros)
    {
        internal Point ToPoint() => new(Start, Calls, Failed, InputTokens, OutputTokens, CostMicros);
    }

    sealed record SpeedRow(
        string Subject, string? Name, long Calls, long Failed, long CostMicros, long Hits, long Paid,
        double? P50Ms, double? P95Ms, double? P99Ms, double? FirstP50Ms, double? FirstP95Ms, double? FirstP99Ms)
    {
        internal Speed ToSpeed() => new(Subject, Name, Calls, Failed, CostMicros, P50Ms, P95Ms, P99Ms, FirstP50Ms, FirstP95Ms, FirstP99Ms);
    }
}
