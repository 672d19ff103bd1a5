using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Usage;

internal static class GetUsage
{
    /// <param name="Truncated">There were more lines than <see cref="MostLines"/>; ask for a shorter time.</param>
    public sealed record Report(DateTimeOffset From, DateTimeOffset To, string Every, string By, IReadOnlyList<Line> Lines, bool Truncated);

    /// <summary>What one subject used in one stretch of time.</summary>
    /// <param name="Start">UTC.</param>
    /// <param name="Subject">The key's, person's or provider's id, or the name of the route or model; null for calls without one.</param>
    /// <param name="Failed">Of the calls, those that failed or were interrupted.</param>
    /// <param name="CostMicros">Millionths of the currency of the price list.</param>
    public sealed record Line(
        DateTimeOffset Start, string? Subject, long Calls, long Failed, long InputTokens, long CachedInputTokens, long OutputTokens, long CostMicros);

    internal const int MostLines = 5_000;

    static readonly TimeSpan LongestByHour = TimeSpan.FromDays(31);
    static readonly TimeSpan LongestByDay = TimeSpan.FromDays(400);

    const string Sql = """
        select date_trunc(@Every::text, started_at, 'UTC') as start,
            case @By::text when 'key' then key_id::text when 'user' then user_id::text when 'route' then route when 'model' then model_id else provider_id::text end as subject,
            count(*) as calls, count(*) filter (where outcome in ('failed', 'interrupted')) as failed,
            coalesce(sum(input_tokens), 0)::bigint as input_tokens, coalesce(sum(cached_input_tokens), 0)::bigint as cached_input_tokens,
            coalesce(sum(output_tokens), 0)::bigint as output_tokens, coalesce(sum(cost_micros), 0)::bigint as cost_micros
        from gateway.usage where started_at >= @From and started_at < @To and (@All or user_id = @User)
        group by 1, 2 order by 1 desc, 8 desc, 3 desc, 2 limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/usage", Handle)
            .WithName("Gateway_GetUsage")
            .WithSummary("Adds up calls, tokens and cost by hour or day and by key, user, route, model or provider: the owner's answer holds everybody's, others' their own. The last seven days when no time is given.")
            .WithExample(response: new Report(
                new(2026, 3, 8, 0, 0, 0, TimeSpan.Zero), new(2026, 3, 15, 0, 0, 0, TimeSpan.Zero), "day", "model",
                [new Line(new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero), "harbour-models/lighthouse-8b", 214, 2, 109_412, 61_440, 20_911, 38_204)], Truncated: false))
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch)
            .OpenToKeys(ApiScopes.GatewayRead);

    static async Task<Results<Ok<Report>, ProblemHttpResult>> Handle(
        Caller caller, Db db, TimeProvider clock, CancellationToken cancel,
        [RegularExpression("^(hour|day)$")] string every = "day", [RegularExpression("^(key|user|route|model|provider)$")] string by = "model",
        DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var end = (to ?? clock.GetUtcNow()).ToUniversalTime();
        var start = (from ?? end.AddDays(-7)).ToUniversalTime();
        if (start >= end || end - start > (every == "hour" ? LongestByHour : LongestByDay))
            return GatewayErrors.Field("from", "The time must begin before it ends, and span 400 days at most; 31 by the hour.").ToProblem();
        var lines = await db.QueryAsync<Line>(
            Sql, new { Every = every, By = by, From = start, To = end, All = caller.IsOwner(), User = caller.UserId, Take = MostLines + 1 }, cancel);
        return TypedResults.Ok(new Report(start, end, every, by, [.. lines.Take(MostLines)], lines.Count > MostLines));
    }
}
