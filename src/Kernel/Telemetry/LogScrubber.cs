using System.Text.RegularExpressions;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>
/// The last line of defence of the logs: our own messages hold no secrets, but those of libraries and the words of exceptions may.
/// Takes out query strings, credentials, cookies and keys, wherever they stand in a text.
/// </summary>
internal static partial class LogScrubber
{
    const string Gone = "[redacted]";

    static readonly HashSet<string> SecretNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "QueryString", "Query", "Cookie", "Cookies", "Set-Cookie", "Authorization", "Body", "RequestBody", "ResponseBody", "Password", "Secret",
        "Token", "ApiKey", "Prompt",
    };

    /// <summary>Whether a named value must not be written at all.</summary>
    internal static bool IsSecret(string name) => SecretNames.Contains(name);

    /// <summary>Cuts first: what may be of any length and of anybody's making must not cost more than a line of the log is worth.</summary>
    internal static string Scrub(string text, int longest)
        => text.Length <= longest ? Scrub(text) : Scrub(text[..longest]) + "…";

    static string Scrub(string text)
    {
        if (text.Contains('?', StringComparison.Ordinal))
            text = QueryString().Replace(text, "${kept}?" + Gone);
        if (text.Contains('@', StringComparison.Ordinal))
            text = UserInfo().Replace(text, "${kept}" + Gone + "@");
        if (Words().IsMatch(text))
        {
            text = Scheme().Replace(text, "${kept} " + Gone);
            text = Named().Replace(text, "${kept}" + Gone);
            text = ProviderKey().Replace(text, Gone);
        }

        return text;
    }

    // No backtracking: a hostile line must not hold up the logger.
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    [GeneratedRegex("""(?<kept>(?:https?:/)?/[^\s?"'<>]*)\?[^\s"'<>]+""", Options)]
    private static partial Regex QueryString();

    [GeneratedRegex("""(?<kept>\b[a-z][a-z0-9+.-]*://)[^\s/@"']+@""", Options)]
    private static partial Regex UserInfo();

    [GeneratedRegex("bearer|basic|cookie|authorization|passw|secret|token|key|sk-", Options)]
    private static partial Regex Words();

    [GeneratedRegex("""\b(?<kept>bearer|basic)\s+[a-z0-9._~+/=-]{8,}""", Options)]
    private static partial Regex Scheme();

    [GeneratedRegex("""(?<kept>(?:(?:set-)?cookie|authorization|x-api-key|x-csrf-token|api[_-]?key|passw(?:or)?d|client_secret|secret|access_token|refresh_token|token)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;}&"']+(?:;\s*[^\s,;}&"'=]+=[^\s,;}&"']+)*)""", Options)]
    private static partial Regex Named();

    [GeneratedRegex("""\bsk-[a-z0-9_-]{8,}""", Options)]
    private static partial Regex ProviderKey();
}
