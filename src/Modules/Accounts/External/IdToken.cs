using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Accounts.External;

/// <summary>A person as an identity provider tells of them.</summary>
/// <param name="Subject">Who they are there, for ever; an address may pass to somebody else.</param>
internal sealed record ExternalPerson(string Subject, string? Email, bool EmailVerified, string? Name);

/// <summary>Reads and verifies ID tokens.</summary>
/// <remarks>Source: OpenID Connect Core 1.0 §3.1.3.7; RFC 7515; RFC 8725.</remarks>
internal sealed class IdToken
{
    const int MaxLength = 20_000;
    const int MaxSubject = 255;

    /// <summary>How far the clocks of two servers may be apart.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>A token is made for the sign-in it comes with.</summary>
    static readonly TimeSpan Oldest = TimeSpan.FromMinutes(10);

    readonly byte[] signed;
    readonly byte[] signature;
    readonly JsonElement claims;

    IdToken(string algorithm, string? keyName, byte[] signed, byte[] signature, JsonElement claims)
    {
        Algorithm = algorithm;
        KeyName = keyName;
        this.signed = signed;
        this.signature = signature;
        this.claims = claims;
    }

    internal string Algorithm { get; }

    internal string? KeyName { get; }

    /// <summary>Takes it apart; null when it is no token of a kind that is accepted.</summary>
    internal static IdToken? Read(string? token)
    {
        if (token is not { Length: > 0 and <= MaxLength } || token.Split('.') is not [var header, var body, var signature]
            || !Base64Url.IsValid(header) || !Base64Url.IsValid(body) || !Base64Url.IsValid(signature))
            return null;
        try
        {
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
            // What the header says about keys and critical extensions is neither believed nor understood.
            if (head.RootElement.Text("alg") is not (SigningKey.Rs256 or SigningKey.Es256) || head.RootElement.TryGetProperty("crit", out _) || payload.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            return new IdToken(
                head.RootElement.Text("alg")!, head.RootElement.Text("kid"), Encoding.ASCII.GetBytes($"{header}.{body}"), Base64Url.DecodeFromChars(signature), payload.RootElement.Clone());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null when it holds; else what does not, for the log.</summary>
    internal string? Fault(IReadOnlyList<SigningKey> keys, string issuer, string clientId, string nonce, DateTimeOffset now)
    {
        // The key's own kind decides: a token cannot have a key used in another way than it is meant.
        if (!keys.Any(key => key.Algorithm == Algorithm && key.Verifies(signed, signature)))
            return "signature";
        if (claims.Text("iss") != issuer)
            return "iss";
        if (!IsFor(clientId))
            return "aud";
        if (claims.Seconds("exp") is not { } expires || DateTimeOffset.FromUnixTimeSeconds(expires) + Skew <= now)
            return "exp";
        if (claims.Seconds("iat") is not { } issued || DateTimeOffset.FromUnixTimeSeconds(issued) - Skew > now || DateTimeOffset.FromUnixTimeSeconds(issued) + Oldest < now)
            return "iat";
        if (claims.Text("nonce") is not { } told || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(told), Encoding.UTF8.GetBytes(nonce)))
            return "nonce";
        return claims.Text("sub") is { Length: > 0 and <= MaxSubject } ? null : "sub";
    }

    /// <summary>
    /// Null when the person signed in at the provider after <paramref name="since"/>; only of a token without another fault. By the provider's own
    /// clock too: one that goes ahead of ours would make an old sign-in look new.
    /// </summary>
    /// <remarks>Source: OpenID Connect Core 1.0 §2 (<c>auth_time</c>), in whole seconds.</remarks>
    internal string? FreshnessFault(DateTimeOffset since, DateTimeOffset now)
    {
        if (claims.Seconds("auth_time") is not { } signedIn)
            return "auth_time missing";
        if (signedIn < since.ToUnixTimeSeconds())
            return "auth_time before the question";
        var longestAgo = now.ToUnixTimeSeconds() - since.ToUnixTimeSeconds() + 1;
        return claims.Seconds("iat") is { } issued && issued >= signedIn && issued - signedIn <= longestAgo ? null : "auth_time does not fit iat";
    }

    /// <summary>Who it speaks of; only of a token without a fault.</summary>
    internal ExternalPerson Person() => PersonOf(claims);

    internal static ExternalPerson PersonOf(JsonElement claims)
        => new(claims.Text("sub") ?? "", claims.Text("email"), claims.IsTrue("email_verified"), claims.Text("name") ?? claims.Text("preferred_username"));

    bool IsFor(string clientId)
    {
        var many = claims.Texts("aud");
        var isNamed = claims.Text("aud") == clientId || many.Contains(clientId, StringComparer.Ordinal);
        // Of several audiences the authorised party says who asked.
        return isNamed && (claims.TryGetProperty("azp", out _) ? claims.Text("azp") == clientId : many.Count <= 1);
    }
}
