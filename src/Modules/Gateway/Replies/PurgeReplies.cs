using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Replies;

internal static class PurgeReplies
{
    /// <param name="Removed">How many replies are forgotten.</param>
    public sealed record Response(int Removed);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/replies", Handle)
            .WithName("Gateway_PurgeReplies")
            .WithSummary("Forgets kept replies: of one route or of all, older than a moment or of any age.")
            .WithExample(response: new Response(42))
            .RequireAuthorization(Permissions.GatewayManage);

    /// <param name="route">The route's name; all routes without it.</param>
    /// <param name="olderThan">Replies made before this moment; of any age without it.</param>
    static async Task<Ok<Response>> Handle(string? route, DateTimeOffset? olderThan, ReplyStore store, CancellationToken cancel)
        => TypedResults.Ok(new Response(await store.PurgeAsync(route, olderThan, cancel)));
}
