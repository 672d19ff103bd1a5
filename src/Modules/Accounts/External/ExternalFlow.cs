using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Accounts.External;

/// <summary>
/// The authorization code flow: sends a person to an identity provider, and takes them back in the same browser, once, within ten minutes.
/// </summary>
/// <remarks>Source: RFC 6749 §4.1; RFC 7636; RFC 9207; RFC 9700.</remarks>
internal sealed class ExternalFlow(IdentityProviders providers, CeremonyStore ceremonies, OidcDialect oidc, GitHubDialect gitHub, TimeProvider clock)
{
    /// <param name="Url">Where the browser goes next, at the provider.</param>
    public sealed record Begun(string Url);

    /// <summary>What the provider sent the browser back with, as it stands in the query.</summary>
    /// <param name="ProviderId">Whose page it came back to.</param>
    /// <param name="Code">Null when the provider refused.</param>
    /// <param name="Iss">Who the provider says it is, where it does.</param>
    /// <param name="Locale">Interface language of an account that is made by this, or null to follow the browser.</param>
    public sealed record Answer(
        Guid ProviderId,
        [Required, StringLength(100)] string State,
        [StringLength(4000)] string? Code = null,
        [StringLength(200)] string? Error = null,
        [StringLength(1000)] string? Iss = null,
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null);

    internal static readonly Begun ExampleBegun = new(
        "https://id.example.org/authorize?response_type=code&client_id=jean&state=b1GkZ0o7y2cU5mXw8eLr3tNq6iSfVh9jPdA4KzYxQvE&code_challenge_method=S256");

    internal static readonly Answer ExampleAnswer = new(
        ListIdentityProviders.Example.Id, "b1GkZ0o7y2cU5mXw8eLr3tNq6iSfVh9jPdA4KzYxQvE", "spl7xlOB2eZQQYbYS6WxSb", Iss: "https://id.example.org", Locale: "en");

    /// <param name="user">Who alone may finish it; null for signing in.</param>
    internal async Task<Result<Begun>> BeginAsync(Ceremony ceremony, Guid providerId, UserId? user, HttpContext context, CancellationToken cancel)
    {
        if (!(await providers.FindAsync(providerId, cancel)).TryGet(out var provider, out var error))
            return error;
        if (!(await DialectOf(provider).BeginAsync(provider, cancel)).TryGet(out var authorization, out error))
            return error;
        var isProof = ceremony == Ceremony.ExternalStepUp;
        var flow = Flow.New(providerId, authorization, isProof ? clock.GetUtcNow() : null);
        var state = await ceremonies.BeginAsync(ceremony, user, JsonSerializer.Serialize(flow), context, cancel);
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = providers.RedirectUri(providerId),
            ["scope"] = authorization.Scope,
            ["state"] = state,
            ["nonce"] = flow.Nonce,
            ["code_challenge"] = flow.Challenge(),
            ["code_challenge_method"] = "S256",
        };
        if (isProof)
        {
            // OpenID Connect Core 1.0 §3.1.2.1: they are asked anew, and the ID token has to say when.
            query["prompt"] = "login";
            query["max_age"] = "0";
        }

        return new Begun(QueryHelpers.AddQueryString(authorization.Endpoint, query));
    }

    /// <summary>Who came back.</summary>
    internal async Task<Result<ExternalPerson>> FinishAsync(Ceremony ceremony, UserId? user, Answer answer, HttpContext context, CancellationToken cancel)
    {
        if (await ceremonies.FinishAsync(ceremony, user, answer.State, context, cancel) is not { } kept || JsonSerializer.Deserialize<Flow>(kept) is not { } flow
            || flow.ProviderId != answer.ProviderId)
            return AccountsErrors.CeremonyEnded;
        if (answer.Code is not { Length: > 0 } code)
            return answer.Error == "access_denied" ? AccountsErrors.ExternalDenied : AccountsErrors.ExternalRefused;
        // RFC 9207 §2.4: an answer of another issuer must not have its code shown to this one.
        if (flow.Issuer is not null && (answer.Iss is null ? flow.NamesItself : answer.Iss != flow.Issuer))
            return AccountsErrors.ExternalRefused;
        if (!(await providers.FindAsync(flow.ProviderId, cancel)).TryGet(out var provider, out var error))
            return error;
        return await DialectOf(provider).RedeemAsync(provider, new Redemption(code, flow, providers.RedirectUri(provider.ProviderId)), cancel);
    }

    IProviderDialect DialectOf(IdentityProvider provider) => provider.Kind == ProviderKinds.GitHub ? gitHub : oidc;
}
