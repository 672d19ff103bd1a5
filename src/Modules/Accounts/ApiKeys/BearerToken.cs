using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.ApiKeys;

/// <summary>
/// What programs send as <c>Authorization: Bearer …</c>: a prefix that says what it is (and that scanners of leaked secrets look for) and 256
/// random bits. What is stored is the SHA-256 of the bits.
/// </summary>
internal sealed record BearerToken(string Prefix, SecretHash Hash)
{
    internal const string ApiKey = "jt_pat_";
    internal const string Access = "jt_at_";
    internal const string Refresh = "jt_rt_";

    const string Scheme = "Bearer ";
    const int HintLength = 6;

    internal static string New(string prefix) => prefix + SecretHash.NewToken();

    /// <summary>Null when the text is no token of ours with this prefix.</summary>
    internal static SecretHash? HashOf(string prefix, string text)
        => text.StartsWith(prefix, StringComparison.Ordinal) ? SecretHash.OfToken(text.AsSpan(prefix.Length)) : null;

    /// <summary>The beginning of a secret: enough to recognise it by, and of no help in guessing the rest.</summary>
    internal static string Hint(string secret) => $"{secret[..(ApiKey.Length + HintLength)]}…";

    /// <summary>What a request brings in its one Authorization header; null when that is nothing of ours.</summary>
    internal static BearerToken? Of(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header[Scheme.Length..].Trim();
        foreach (var prefix in (ReadOnlySpan<string>)[ApiKey, Access])
        {
            if (HashOf(prefix, text) is { } hash)
                return new BearerToken(prefix, hash);
        }

        return null;
    }

    public override string ToString() => Prefix;
}
