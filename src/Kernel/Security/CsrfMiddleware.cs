using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// Refuses requests that another site made a person's browser send. What the browser says about the origin must fit
/// (<c>Sec-Fetch-Site</c>, <c>Origin</c>), and a request with a session's cookie must carry its token besides. Opening a WebSocket counts as
/// unsafe: cookies go with it, and no preflight comes before it.
/// </summary>
internal sealed class CsrfMiddleware(RequestDelegate next, ICsrfTokens tokens)
{
    internal const string HeaderName = "X-CSRF-Token";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!KernelPaths.IsApi(request.Path))
            return next(context);
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method) || HttpMethods.IsTrace(request.Method);
        if (isSafe)
            return !IsWebSocket(context) || IsSameOrigin(request) ? next(context) : throw new ErrorException(KernelErrors.Csrf);
        if (!IsSameOrigin(request))
            throw new ErrorException(KernelErrors.Csrf);
        // A key or a token in a header is sent by a program on purpose: no browser adds it by itself. It never counts beside a cookie.
        if (Credential.Of(context.User) is null && Caller.From(context.User) is { } caller && !(request.Headers[HeaderName] is [var token] && tokens.Matches(caller.SessionId, token)))
            throw new ErrorException(KernelErrors.Csrf);
        return next(context);
    }

    // HTTP/1.1 upgrades with a header, HTTP/2 with an extended CONNECT.
    static bool IsWebSocket(HttpContext context)
        => context.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase) || context.WebSockets.IsWebSocketRequest;

    internal static bool IsSameOrigin(HttpRequest request)
        => FitsFetchSite(request.Headers["Sec-Fetch-Site"]) && FitsOrigin(request.Headers.Origin, request.Host);

    // "none" is a person's own doing, such as a typed address.
    static bool FitsFetchSite(StringValues site) => site switch
    {
        [] => true,
        [var only] => only is "same-origin" or "none",
        _ => false,
    };

    static bool FitsOrigin(StringValues origin, HostString host)
    {
        if (origin.Count == 0)
            return true;
        // "null" is a sandboxed or redirected page and never one of ours. The scheme is not compared: a proxy may have taken TLS off.
        return origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            && string.Equals(uri.IdnHost.Trim('[', ']'), host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            && uri.Port == (host.Port ?? (uri.Scheme == Uri.UriSchemeHttps ? 443 : 80));
    }
}
