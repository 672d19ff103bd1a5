using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Realtime;

/// <summary>
/// Browsers open WebSockets to any site with its cookies, so another site's page must be refused by its <c>Origin</c>.
/// Source: OWASP ASVS 5.0 §4.4.2; RFC 6455 §10.2.
/// </summary>
internal static class OriginCheck
{
    internal static void Require(EndpointBuilder endpoint)
    {
        var next = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => IsAllowed(context) ? next(context) : KernelErrors.Forbidden.ToProblem().ExecuteAsync(context);
    }

    internal static bool IsAllowed(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin.Count == 0)
        {
            // No browser's WebSocket: other programs, and same-origin GETs of the long-polling transport.
            return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
        }

        var origin = request.Headers.Origin.ToString();
        return string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            || context.RequestServices.GetRequiredService<IOptions<LiveOptions>>().Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }
}
