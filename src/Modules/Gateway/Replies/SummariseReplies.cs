using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Replies;

internal static class SummariseReplies
{
    /// <summary>The kept replies of a route.</summary>
    /// <param name="SizeBytes">Of their bodies.</param>
    /// <param name="Hits">How often they were given again.</param>
    /// <param name="SavedMicros">What those answers would have cost, in millionths of the currency of the cost table.</param>
    public sealed record Summary(string Route, long Entries, long SizeBytes, long Hits, long SavedMicros);

    const string Sql = """
        select route, count(*) as entries, sum(octet_length(body))::bigint as size_bytes, sum(hits)::bigint as hits, sum(hits * cost_micros)::bigint as saved_micros
        from gateway.reply where expires_at > @Now group by route order by route
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/replies/summary", Handle)
            .WithName("Gateway_SummariseReplies")
            .WithSummary("Tells how many replies are kept for each route, and what they have saved.")
            .WithExample(response: Page.Whole<Summary>([new Summary("support", 42, 61_440, 310, 1_240_000)]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Summary>>> Handle(Db db, ReplyTable table, TimeProvider clock, CancellationToken cancel)
    {
        await table.FlushAsync(cancel);
        return TypedResults.Ok(Page.Whole(await db.QueryAsync<Summary>(Sql, new { Now = clock.GetUtcNow() }, cancel)));
    }
}
