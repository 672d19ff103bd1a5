using System.Security.Claims;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// Refuses requests with an API key unless the endpoint opted in and the key has its scope. It stands before the handlers and not in them:
/// an endpoint that nobody thought of is closed to keys.
/// </summary>
internal sealed class KeyScopesMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (Credential.Of(context.User) != Credential.Key || context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return next(context);
        if (endpoint.Metadata.GetMetadata<KeyAccess>() is not { } access)
            throw new ErrorException(KernelErrors.ClosedToKeys);
        var isSafe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if ((isSafe ? access.Read : access.Write) is { } scope && !context.User.HasClaim(Credential.ScopeClaim, scope))
            throw new ErrorException(KernelErrors.ScopeMissing.With("scope", scope));
        return next(context);
    }
}

/// <summary>What a request proved its person with.</summary>
public static class Credential
{
    /// <summary>A claim with one of the values below; absent where it was the cookie of a session.</summary>
    public const string Claim = "credential";

    /// <summary>A claim for each scope of a key.</summary>
    public const string ScopeClaim = "scope";

    /// <summary>A personal API key: it does what its scopes say.</summary>
    public const string Key = "key";

    /// <summary>The access token of a program in which the person signed in.</summary>
    public const string Token = "token";

    /// <summary>Null for a cookie, and for nobody.</summary>
    public static string? Of(ClaimsPrincipal person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.FindFirstValue(Claim);
    }
}
