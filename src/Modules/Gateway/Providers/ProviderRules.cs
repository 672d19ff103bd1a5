using System.Text;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Local;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Gateway.Providers;

/// <summary>What a provider's name, address and key may be.</summary>
internal static class ProviderRules
{
    internal const int MaxName = 60;
    internal const int MaxBaseUrl = 500;
    internal const int MaxKey = 500;
    internal const int MaxSlug = 40;
    internal const int MaxFurtherKeys = 50;

    /// <summary>The namespace of what is built in.</summary>
    const string ReservedSlug = "jean";

    internal static string NameKey(string name) => name.Trim().ToLowerInvariant();

    /// <summary>The address without a slash at its end. A bare server gets <c>/v1</c>, which is where nearly all keep their API; Gemini's is <c>/v1beta</c>.</summary>
    internal static Result<string> BaseUrl(string text, string kind)
    {
        if (!SsrfGuard.Check(text.Trim(), OutboundPolicy.OwnerConfigured).TryGet(out var url, out var error))
            return GatewayErrors.BaseUrlInvalid(error.Detail);
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
            return GatewayErrors.BaseUrlInvalid("Leave out everything from the ? or # on.");
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/chat/completions", StringComparison.OrdinalIgnoreCase))
            path = path[..^"/chat/completions".Length];
        return $"{url.GetLeftPart(UriPartial.Authority)}{(path.Length > 0 ? path : kind == "gemini" ? "/v1beta" : "/v1")}";
    }

    /// <summary>Null when such providers can be connected.</summary>
    internal static Error? CheckKind(string kind, DialectSet dialects)
        => dialects.Kinds.Contains(kind, StringComparer.Ordinal) ? null
            : GatewayErrors.Field("kind", $"Known are {string.Join(", ", dialects.Kinds)}.");

    /// <summary>Null when the key may be sent in a header.</summary>
    internal static Error? CheckKey(string key) => key.All(c => c is > ' ' and < '\u007f') ? null : GatewayErrors.KeyInvalid;

    internal static string? Trimmed(string? key) => string.IsNullOrWhiteSpace(key) ? null : key.Trim();

    /// <summary>Enough to tell one's keys apart, and only of keys long enough that it gives nothing away.</summary>
    internal static string? KeyHint(string? key) => key is null ? null : key.Length >= 16 ? $"…{key[^4..]}" : "…";

    internal static bool SameServer(string left, string right)
        => string.Equals(new Uri(left).GetLeftPart(UriPartial.Authority), new Uri(right).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);

    /// <summary>The n-th slug to try for a name: ASCII letters, digits and dashes.</summary>
    internal static string Slug(string name, int attempt)
    {
        var slug = new StringBuilder(MaxSlug);
        foreach (var c in name.ToLowerInvariant())
        {
            if (slug.Length == MaxSlug - 4)
                break;
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        var text = slug.ToString().Trim('-');
        if (text.Length == 0)
            text = "provider";
        if (text is ReservedSlug or LocalProvider.Slug)
            text = $"{text}-models";
        return attempt == 0 ? text : $"{text}-{attempt + 1}";
    }
}
