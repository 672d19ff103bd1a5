using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Accounts.External;

/// <summary>How one kind of identity provider speaks the authorization code flow.</summary>
internal interface IProviderDialect
{
    /// <summary>Where to send the person, without the query that all kinds share, and what it needs besides.</summary>
    Task<Result<Authorization>> BeginAsync(IdentityProvider provider, CancellationToken cancel);

    /// <summary>Makes a person of the code. Tokens of the provider are used here and not kept.</summary>
    Task<Result<ExternalPerson>> RedeemAsync(IdentityProvider provider, Redemption redemption, CancellationToken cancel);
}

/// <param name="Issuer">What <c>iss</c> of the answer must be where it is there; null where the provider never says.</param>
/// <param name="NamesItself">Whether <c>iss</c> must be there.</param>
internal sealed record Authorization(string Endpoint, string Scope, string? Issuer, bool NamesItself);

/// <param name="Flow">What was kept when it began.</param>
internal sealed record Redemption(string Code, Flow Flow, string RedirectUri);

/// <summary>What is kept from the beginning of a flow to its end.</summary>
/// <param name="Verifier">Of PKCE.</param>
/// <param name="Issuer">Whom the person was sent to.</param>
/// <param name="Since">The person must have signed in there later than this; null where any sign-in there will do.</param>
internal sealed record Flow(Guid ProviderId, string Verifier, string Nonce, string? Issuer, bool NamesItself, DateTimeOffset? Since = null)
{
    const int SecretBytes = 32;

    internal static Flow New(Guid provider, Authorization authorization, DateTimeOffset? since)
        => new(provider, Secret(), Secret(), authorization.Issuer, authorization.NamesItself, since);

    /// <summary>Source: RFC 7636 §4.2, S256.</summary>
    internal string Challenge() => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public override string ToString() => ProviderId.ToString();
}
