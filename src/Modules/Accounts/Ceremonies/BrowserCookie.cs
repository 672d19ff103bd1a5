using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Ceremonies;

/// <summary>Tells one browser from another while something is begun and finished in it. It names nobody and opens nothing.</summary>
internal static class BrowserCookie
{
    const string Secure = "__Host-jean-browser";
    const string Plain = "jean-browser";

    /// <summary>The hash of the browser's own; null when it has none.</summary>
    internal static byte[]? Read(HttpRequest request) => request.Cookies[Name(request)] is { Length: > 0 and <= 100 } token ? SecretHash.OfToken(token)?.ToArray() : null;

    /// <summary>The hash of the browser's own, which is kept for as long again, or of a new one.</summary>
    internal static byte[] Renew(HttpContext context, TimeSpan lifetime)
    {
        var known = Read(context.Request);
        var token = known is null ? SecretHash.NewToken() : context.Request.Cookies[Name(context.Request)]!;
        context.Response.Cookies.Append(Name(context.Request), token, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = lifetime,
            Path = "/",
            // Only our own pages finish what was begun, also after the browser came back from another site.
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
        });
        return known ?? SecretHash.OfToken(token)!.Value.ToArray();
    }

    static string Name(HttpRequest request) => request.IsHttps ? Secure : Plain;
}
