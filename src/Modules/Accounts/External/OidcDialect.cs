using System.Net.Http.Headers;
using System.Text;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.External;

/// <summary>Any OpenID Connect provider, found by its issuer.</summary>
/// <remarks>Source: OpenID Connect Core 1.0 §3.1; RFC 6749 §4.1; RFC 7636.</remarks>
internal sealed partial class OidcDialect(OidcDirectory directory, ExternalHttp http, TimeProvider clock, ILogger<OidcDialect> logger) : IProviderDialect
{
    public async Task<Result<Authorization>> BeginAsync(IdentityProvider provider, CancellationToken cancel)
        => (await directory.FindAsync(provider.Issuer, cancel)).TryGet(out var metadata, out var error)
            ? new Authorization(metadata.AuthorizationEndpoint, "openid email profile", metadata.Issuer, metadata.NamesItself)
            : error;

    public async Task<Result<ExternalPerson>> RedeemAsync(IdentityProvider provider, Redemption redemption, CancellationToken cancel)
    {
        if (!(await directory.FindAsync(provider.Issuer, cancel)).TryGet(out var metadata, out var error))
            return error;
        var answered = await http.PostAsync(metadata.TokenEndpoint, Form(provider, metadata, redemption), Header(provider, metadata), cancel);
        if (!answered.TryGet(out var answer, out error))
            return error;
        if (IdToken.Read(answer.Text("id_token")) is not { } token)
            return Refuse(provider, "id_token");
        if (!(await directory.KeysAsync(metadata, token.KeyName, cancel)).TryGet(out var keys, out error))
            return error;
        if (token.Fault(keys, metadata.Issuer, provider.ClientId, redemption.Flow.Nonce, clock.GetUtcNow()) is { } fault)
            return Refuse(provider, fault);
        if (redemption.Flow.Since is { } since && token.FreshnessFault(since, clock.GetUtcNow()) is { } stale)
        {
            LogRefused(logger, provider.ProviderId, stale);
            return AccountsErrors.ExternalNotFresh;
        }

        var person = token.Person();
        return person.Email is null && metadata.UserInfoEndpoint is { } more && answer.Text("access_token") is { } bearer
            ? await AskMoreAsync(person, more, bearer, cancel)
            : person;
    }

    static Dictionary<string, string> Form(IdentityProvider provider, OidcMetadata metadata, Redemption redemption)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = redemption.Code,
            ["redirect_uri"] = redemption.RedirectUri,
            ["code_verifier"] = redemption.Flow.Verifier,
        };
        if (provider.ClientSecret is null || metadata.PostsSecret)
            form["client_id"] = provider.ClientId;
        if (provider.ClientSecret is { } secret && metadata.PostsSecret)
            form["client_secret"] = secret;
        return form;
    }

    /// <summary>Source: RFC 6749 §2.3.1.</summary>
    static AuthenticationHeaderValue? Header(IdentityProvider provider, OidcMetadata metadata)
        => provider.ClientSecret is { } secret && !metadata.PostsSecret
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}")))
            : null;

    /// <summary>Some tell the address only here. Without it the person is still who they are.</summary>
    async Task<Result<ExternalPerson>> AskMoreAsync(ExternalPerson person, string url, string bearer, CancellationToken cancel)
    {
        if (!(await http.GetAsync(url, bearer, cancel)).TryGet(out var told, out _))
            return person;
        var more = IdToken.PersonOf(told);
        // OpenID Connect Core 1.0 §5.3.2: of somebody else nothing is believed.
        return more.Subject == person.Subject ? more : person;
    }

    Error Refuse(IdentityProvider provider, string fault)
    {
        LogRefused(logger, provider.ProviderId, fault);
        return AccountsErrors.ExternalRefused;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer of identity provider {ProviderId} was refused: {Fault}")]
    static partial void LogRefused(ILogger logger, Guid providerId, string fault);
}
