using JeanTrail.Kernel.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// Sets the headers by which browsers protect the people who use this server. They are set before anything else runs, so that errors
/// and files carry them too; an endpoint may replace one.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, IWebHostEnvironment environment)
{
    const string Permissions =
        "microphone=(self), camera=(self), autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=(), midi=(), serial=()";

    readonly string contentPolicy = ContentSecurityPolicy.For(environment.WebRootFileProvider);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (context.Request.Path.StartsWithSegments(KernelPaths.V1, StringComparison.OrdinalIgnoreCase))
        {
            // Programs read these answers; the rest is for browsers.
            headers.XContentTypeOptions = "nosniff";
            return next(context);
        }

        headers.ContentSecurityPolicy = contentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        // Answers of the API are somebody's own; an endpoint that may be cached says so.
        if (KernelPaths.IsApi(context.Request.Path))
            headers.CacheControl = "no-store";
        return next(context);
    }
}
