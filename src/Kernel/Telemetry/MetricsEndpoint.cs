using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Telemetry;

/// <summary><c>GET /metrics</c>, for this machine or for who has the token.</summary>
internal static class MetricsEndpoint
{
    const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    // A proxy on this machine connects from loopback for the whole world, and gives itself away by these.
    static readonly string[] ProxyHeaders = ["X-Forwarded-For", "X-Original-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host"];

    internal static void Map(IEndpointRouteBuilder routes)
        => routes.MapGet("/metrics", Handle).AllowAnonymous().ExcludeFromDescription()
            .WithName("Kernel_Metrics").WithTags("Kernel");

    static IResult Handle(HttpContext context, MetricsRegistry registry, IOptions<TelemetryOptions> options)
    {
        if (!IsLocal(context) && !HasToken(context.Request, options.Value.MetricsToken))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(registry.Write(), MediaType);
    }

    static bool IsLocal(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address) && !IPAddress.IsLoopback(address.MapToIPv4()))
            return false;
        if (Array.Exists(ProxyHeaders, context.Request.Headers.ContainsKey))
            return false;
        // A page whose name was rebound to 127.0.0.1 asks with its own name.
        var host = context.Request.Host.Host.Trim('[', ']');
        return IPAddress.TryParse(host, out var literal) ? IPAddress.IsLoopback(literal) : host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    static bool HasToken(HttpRequest request, string? token)
    {
        const string Scheme = "Bearer ";
        return token is { Length: > 0 } && request.Headers.Authorization is [{ } given] && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(given[Scheme.Length..].Trim()), Hash(token));
    }

    // Of equal length whatever was given.
    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
