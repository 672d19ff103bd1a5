using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.External;

internal static class ListIdentityProviders
{
    public sealed record Response(IReadOnlyList<Provider> Items);

    /// <summary>Where else people sign in. Its secret is kept encrypted and never given back.</summary>
    /// <param name="Kind"><c>oidc google github</c>.</param>
    /// <param name="RedirectUri">What to register there as the address that people are sent back to.</param>
    /// <param name="People">How many connected their accounts.</param>
    public sealed record Provider(
        Guid Id, string Kind, string Name, string Issuer, string ClientId, bool HasSecret, bool Enabled, string RedirectUri, int People, DateTimeOffset CreatedAt);

    internal static readonly Provider Example = new(
        new Guid("019cbf11-0d52-7b84-a6e1-93c7f2054d8b"), ProviderKinds.Oidc, "Harbour", "https://id.example.org", "jean", HasSecret: true, Enabled: true,
        "https://jean.example.org/sign-in/with/019cbf11-0d52-7b84-a6e1-93c7f2054d8b", People: 3, new(2026, 3, 14, 9, 50, 12, TimeSpan.Zero));

    const string Sql = $"select {ProviderRow.Columns} from accounts.identity_provider p order by p.created_at, p.provider_id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/identity-providers", Handle)
            .WithName("Accounts_ListIdentityProviders")
            .WithSummary("The identity providers that this server is registered with.")
            .WithExample(response: new Response([Example]))
            .RequireAuthorization(Policies.Owner);

    static async Task<Ok<Response>> Handle(Db db, IdentityProviders providers, CancellationToken cancel)
        => TypedResults.Ok(new Response([.. (await db.QueryAsync<ProviderRow>(Sql, null, cancel)).Select(row => row.ToView(providers))]));
}

/// <summary>An identity provider as the owner sees it.</summary>
internal sealed record ProviderRow(
    Guid ProviderId, string Kind, string Name, string Issuer, string ClientId, bool HasSecret, bool Enabled, DateTimeOffset CreatedAt, int People)
{
    internal const string Columns = """
        p.provider_id, p.kind, p.name, p.issuer, p.client_id, p.client_secret is not null as has_secret, p.enabled, p.created_at,
        (select count(*) from accounts.external_identity i where i.provider_id = p.provider_id)::int as people
        """;

    internal ListIdentityProviders.Provider ToView(IdentityProviders providers)
        => new(ProviderId, Kind, Name, Issuer, ClientId, HasSecret, Enabled, providers.RedirectUri(ProviderId), People, CreatedAt);
}
