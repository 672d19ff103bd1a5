using System.Collections.Concurrent;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Accounts.External;

/// <summary>What an OpenID Connect issuer says about itself.</summary>
/// <param name="PostsSecret">Whether the client's secret goes into the form and not into the header.</param>
/// <param name="NamesItself">Whether it puts <c>iss</c> into each answer (RFC 9207).</param>
internal sealed record OidcMetadata(
    string Issuer, string AuthorizationEndpoint, string TokenEndpoint, string JwksUri, string? UserInfoEndpoint, bool PostsSecret, bool NamesItself);

/// <summary>
/// Knows the documents and keys of issuers, for an hour. A key that is not known is looked for anew, for issuers change their keys; but not
/// more often than once a minute, since anybody can make up a key's name.
/// </summary>
/// <remarks>Source: OpenID Connect Discovery 1.0 §4; OpenID Connect Core 1.0 §10.1.1.</remarks>
internal sealed class OidcDirectory(ExternalHttp http, TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);

    // As many entries as the owner has providers.
    readonly ConcurrentDictionary<string, (OidcMetadata Metadata, DateTimeOffset At)> documents = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (IReadOnlyList<SigningKey> Keys, DateTimeOffset At)> keySets = new(StringComparer.Ordinal);

    internal async Task<Result<OidcMetadata>> FindAsync(string issuer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (documents.TryGetValue(issuer, out var known) && now - known.At < Lifetime)
            return known.Metadata;
        var fetched = await FetchAsync(issuer, cancel);
        if (fetched.TryGet(out var metadata, out _))
            documents[issuer] = (metadata, now);
        return fetched;
    }

    /// <summary>The keys that a token may be signed with: the one of this name, or all where the token names none.</summary>
    internal async Task<Result<IReadOnlyList<SigningKey>>> KeysAsync(OidcMetadata metadata, string? name, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var isKnown = keySets.TryGetValue(metadata.JwksUri, out var known);
        if (isKnown && now - known.At < Lifetime && (Named(known.Keys, name).Count > 0 || now - known.At < ShortestInterval))
            return Result.Of(Named(known.Keys, name));
        var fetched = await http.GetAsync(metadata.JwksUri, bearer: null, cancel);
        if (!fetched.TryGet(out var document, out var error))
            return error;
        var keys = SigningKey.ReadAll(document);
        keySets[metadata.JwksUri] = (keys, now);
        return Result.Of(Named(keys, name));
    }

    /// <summary>Asks an issuer that somebody typed. What it calls itself must be the address it was found at.</summary>
    internal async Task<Result<OidcMetadata>> FetchAsync(string issuer, CancellationToken cancel)
    {
        var answered = await http.GetAsync($"{issuer.TrimEnd('/')}/.well-known/openid-configuration", bearer: null, cancel);
        if (!answered.TryGet(out var document, out var error))
            return error;
        // OpenID Connect Discovery 1.0 §4.3: else one issuer could speak for another.
        if (document.Text("issuer") is not { } named || named.TrimEnd('/') != issuer.TrimEnd('/'))
            return AccountsErrors.IssuerInvalid;
        if (document.Text("authorization_endpoint") is not { } authorization || document.Text("token_endpoint") is not { } token || document.Text("jwks_uri") is not { } keys)
            return AccountsErrors.IssuerInvalid;
        foreach (var url in new[] { authorization, token, keys })
        {
            if (http.Check(url).Error is { } refused)
                return refused;
        }

        var ways = document.Texts("token_endpoint_auth_methods_supported");
        return new OidcMetadata(
            named, authorization, token, keys, document.Text("userinfo_endpoint"),
            PostsSecret: ways.Count > 0 && !ways.Contains("client_secret_basic", StringComparer.Ordinal),
            NamesItself: document.IsTrue("authorization_response_iss_parameter_supported"));
    }

    static IReadOnlyList<SigningKey> Named(IReadOnlyList<SigningKey> keys, string? name)
        => name is null ? keys : [.. keys.Where(key => key.Name == name)];
}
