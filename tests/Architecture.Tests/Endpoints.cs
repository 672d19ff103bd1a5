using JeanTrail.Kernel.Identity;
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
        "POST /api/accounts/sign-in/second-factor",
        // Answers without content when nobody is signed in: asking is no fault.
        "GET /api/accounts/session",
        // Whether one may sign up, which the sign-in page shows.
        "GET /api/accounts/settings",
        // Answered alike whoever asks; the mailbox gets the rest.
        "POST /api/accounts/sign-up",
        "POST /api/accounts/password/forgot",
        "POST /api/accounts/magic-link",
        // Let in by the token of a letter.
        "POST /api/accounts/sign-up/finish",
        "POST /api/accounts/password/reset",
        "POST /api/accounts/magic-link/enter",
        "POST /api/accounts/email/confirm",
        "POST /api/accounts/email/undo",
        "POST /api/accounts/deletion/cancel",
        // Let in by e-mail address and password, or by a refresh token.
        "POST /api/accounts/tokens",
        "POST /api/accounts/tokens/refresh",
        // Whoever holds a secret may end it; the answer is the same for every text.
        "POST /api/accounts/tokens/revoke",
        "POST /api/accounts/api-keys/leaked",
        "POST /api/gateway/keys/leaked",
        // The challenge and its answer; the answer's signature lets in.
        "POST /api/accounts/sign-in/passkey/options",
        "POST /api/accounts/sign-in/passkey",
        // Where else one can sign in, the way there and the way back.
        "GET /api/accounts/external",
        "POST /api/accounts/external/{id:guid}/sign-in",
        "POST /api/accounts/external/sign-in",
        "POST /api/accounts/invitations/look",
        // Let in by the token of a link.
        "GET /share/{token}",
        "GET /share/{token}/files/{id:guid}",
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
        "GET /openapi/v1.json",
        "GET /docs",
        "GET /docs/reference.css",
        // Let in by virtual key, in the handler: programs get OpenAI's errors, not ours.
        "POST /v1/chat/completions",
        "POST /v1/responses",
        "POST /v1/embeddings",
        "POST /v1/images/generations",
        "POST /v1/images/edits",
        "POST /v1/audio/speech",
        "POST /v1/audio/transcriptions",
        "POST /v1/rerank",
        "POST /v1/moderations",
        "GET /v1/models",
        "GET /v1/models/{**model}",
        "GET /v1/key",
        "POST /v1/key/rotate",
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
            if (!open && Unknown(endpoint) is { } unknown)
                yield return $"{route} names {unknown}.";
            if (!route.Contains(" /api/", StringComparison.Ordinal))
                continue;
            if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is null)
                yield return $"{route} has no name.";
            if (endpoint.Metadata.GetMetadata<ITagsMetadata>() is not { Tags.Count: > 0 })
                yield return $"{route} has no tag.";
        }
    }

    /// <summary>A policy that the one provider does not know, or none where one is asked for.</summary>
    static string? Unknown(RouteEndpoint endpoint)
    {
        var policies = endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy).ToArray();
        return Array.Find(policies, policy => policy is not null && !PermissionPolicies.Names.Contains(policy, StringComparer.Ordinal)) is { } misspelt
            ? $"the policy {misspelt}, which is not a permission"
            : policies.Length > 0 && Array.TrueForAll(policies, policy => policy is null) ? "no permission" : null;
    }

    internal static string Route(RouteEndpoint endpoint)
        => $"{string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"])} /{endpoint.RoutePattern.RawText?.Trim('/')}";
}
