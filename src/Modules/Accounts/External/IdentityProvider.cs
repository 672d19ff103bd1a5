using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Accounts.External;

/// <summary>The kinds of identity providers, and what is known of them.</summary>
internal static class ProviderKinds
{
    internal const string Oidc = "oidc";
    internal const string Google = "google";
    internal const string GitHub = "github";

    internal const string GoogleIssuer = "https://accounts.google.com";
    internal const string GitHubSite = "https://github.com";

    /// <summary>Whether one of this kind can say when its person signed in: GitHub has no ID tokens, and asks nobody anew.</summary>
    internal static bool Proves(string kind) => kind != GitHub;
}

/// <summary>One identity provider with its secret opened.</summary>
/// <param name="Issuer">The OpenID Connect issuer; for GitHub the address of its site.</param>
/// <param name="ClientSecret">Null for a public client.</param>
internal sealed record IdentityProvider(Guid ProviderId, string Kind, string Issuer, string ClientId, string? ClientSecret)
{
    public override string ToString() => $"{Kind} {ProviderId}";
}

/// <summary>Finds the identity providers that people may use.</summary>
internal sealed class IdentityProviders(Db db, ISecretProtector protector, PublicAddress address)
{
    const string FindSql = "select provider_id, kind, issuer, client_id, client_secret from accounts.identity_provider where provider_id = @Id and enabled";

    internal async Task<Result<IdentityProvider>> FindAsync(Guid id, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(FindSql, new { Id = id }, cancel) is not { } row)
            return KernelErrors.NotFound;
        var secret = row.ClientSecret is null ? null : await protector.UnprotectAsync(PlaceOf(id), row.ClientSecret, cancel);
        return new IdentityProvider(row.ProviderId, row.Kind, row.Issuer, row.ClientId, secret);
    }

    /// <summary>Where the provider sends people back to: a page of its own for each, so that one cannot pass for another.</summary>
    /// <remarks>Source: RFC 9700 §4.4.2.2.</remarks>
    internal string RedirectUri(Guid id) => address.Link($"/sign-in/with/{id}");

    internal static SecretPlace PlaceOf(Guid id) => new(SecretPlace.Server, "accounts.identity_provider.client_secret", id);

    sealed record Row(Guid ProviderId, string Kind, string Issuer, string ClientId, byte[]? ClientSecret);
}
