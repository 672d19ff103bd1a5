using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Architecture.Tests;

/// <summary>Every endpoint says who may call it, and has the name and the tag that clients are generated from.</summary>
internal static class Endpoints
{
    /// <summary>Whoever adds to this opens a door to everybody: it is read in review.</summary>
    internal static readonly string[] Anonymous =
    [
        "GET /api/accounts/setup",
        "POST /api/accounts/setup",
        "POST /api/accounts/sign-in",
        // Answers without content when nobody is signed in: asking is no fault.
        "GET /api/accounts/session",
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
        "GET /openapi/v1.json",
        "GET /docs",
        "GET /docs/reference.css",
    ];

    internal static IEnumerable<string> Violations(IEnumerable<Endpoint> endpoints, IReadOnlyCollection<string> anonymous)
    {
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            var route = Route(endpoint);
            var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            if (open && !anonymous.Contains(route, StringComparer.Ordinal))
                yield return $"{route} is open to everybody and not on the list.";
            if (!open && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null && endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null)
                yield return $"{route} names no policy.";
            if (!route.Contains(" /api/", StringComparison.Ordinal))
                continue;
            if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is null)
                yield return $"{route} has no name.";
            if (endpoint.Metadata.GetMetadata<ITagsMetadata>() is not { Tags.Count: > 0 })
                yield return $"{route} has no tag.";
        }
    }

    internal static string Route(RouteEndpoint endpoint)
        => $"{string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"])} /{endpoint.RoutePattern.RawText?.Trim('/')}";
}
