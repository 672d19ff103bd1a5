using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// The policy that tells browsers what our pages may load and run. The client's page has an inline script (theme and direction before
/// the first paint) and an inline style; both are allowed by the hash of what is in the file, and nothing else inline is.
/// Source: W3C Content Security Policy Level 3.
/// </summary>
internal static partial class ContentSecurityPolicy
{
    internal static string For(IFileProvider webRoot)
    {
        var page = webRoot.GetFileInfo("index.html");
        if (!page.Exists)
            return Build("");
        using var reader = new StreamReader(page.CreateReadStream(), Encoding.UTF8);
        return Build(reader.ReadToEnd());
    }

    internal static string Build(string html)
    {
        var scripts = Hashes(html, InlineScript());
        var styles = Hashes(html, InlineStyle());
        return string.Join("; ",
            "default-src 'self'",
            "script-src 'self'" + scripts,
            "style-src 'self'" + styles,
            "img-src 'self' blob: data:",
            "media-src 'self' blob: data:",
            "font-src 'self'",
            "worker-src 'self' blob:",
            // The avatar's textures come out of its file as blob URLs, which the loader fetches.
            "connect-src 'self' blob:",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'");
    }

    static string Hashes(string html, Regex element)
        => string.Concat(element.Matches(html)
            .Where(match => !SourceAttribute().IsMatch(match.Groups["attributes"].Value))
            // The HTML parser reads CR LF as LF (WHATWG HTML, §13.2.3.5), and the hash is of what it read.
            .Select(match => match.Groups["content"].Value.ReplaceLineEndings("\n"))
            .Where(content => content.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .Select(content => $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'"));

    [GeneratedRegex("<script(?<attributes>[^>]*)>(?<content>.*?)</script\\s*>", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex("<style(?<attributes>[^>]*)>(?<content>.*?)</style\\s*>", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineStyle();

    [GeneratedRegex("\\ssrc\\s*=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SourceAttribute();
}
