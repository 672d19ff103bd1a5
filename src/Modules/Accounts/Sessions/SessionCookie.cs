using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Sessions;

/// <summary>
/// The cookie that carries the session token. Over https it bears the <c>__Host-</c> prefix, which binds it to this host and path;
/// browsers refuse that prefix over plain http, where a loopback or home server lives.
/// </summary>
internal static class SessionCookie
{
    const string Secure = "__Host-jean";
    const string Plain = "jean";

    internal static string? Read(HttpRequest request) => request.Cookies[Name(request)] is { Length: > 0 and <= 100 } token ? token : null;

    /// <summary>Whether the request brings a cookie of ours, over https or not, good or not.</summary>
    internal static bool IsThere(HttpRequest request) => request.Cookies.ContainsKey(Secure) || request.Cookies.ContainsKey(Plain);

    /// <summary>Lives as long as a session may at most: the server decides when it really ends.</summary>
    internal static void Write(HttpContext context, string token, TimeSpan lifetime)
        => context.Response.Cookies.Append(Name(context.Request), token, Attributes(context.Request, lifetime));

    internal static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name(context.Request), Attributes(context.Request, null));

    static string Name(HttpRequest request) => request.IsHttps ? Secure : Plain;

    static CookieOptions Attributes(HttpRequest request, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = lifetime,
        Path = "/",
        SameSite = SameSiteMode.Lax,
        Secure = request.IsHttps,
    };
}
