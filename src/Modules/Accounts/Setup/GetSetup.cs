using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Setup;

internal static class GetSetup
{
    public sealed record Response(bool OwnerExists);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/setup", Handle)
            .WithName("Accounts_GetSetup")
            .WithSummary("Tells whether the server has an owner yet.")
            .WithExample(response: new Response(OwnerExists: false))
            .AllowAnonymous();

    static async Task<Ok<Response>> Handle(OwnerSetup setup, CancellationToken cancel)
        => TypedResults.Ok(new Response(await setup.OwnerExistsAsync(cancel)));
}
