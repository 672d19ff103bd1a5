using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.External;

internal static class ListExternalProviders
{
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Kind"><c>oidc google github</c>.</param>
    public sealed record Item(Guid Id, string Kind, string Name);

    const string Sql = "select provider_id as id, kind, name from accounts.identity_provider where enabled order by created_at, provider_id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/external", Handle)
            .WithName("Accounts_ListExternalProviders")
            .WithSummary("Where else one can sign in, for the buttons of the sign-in page.")
            .WithExample(response: new Response([new Item(ListIdentityProviders.Example.Id, ProviderKinds.Oidc, ListIdentityProviders.Example.Name)]))
            .AllowAnonymous();

    static async Task<Ok<Response>> Handle(Db db, CancellationToken cancel) => TypedResults.Ok(new Response(await db.QueryAsync<Item>(Sql, null, cancel)));
}
