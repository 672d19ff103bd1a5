using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Identity;

/// <summary>The signed-in person behind a request. Bound by minimal APIs; endpoints that take one are never anonymous.</summary>
/// <param name="SessionId">The session the request came with.</param>
public sealed record Caller(UserId UserId, Guid SessionId, string Role)
{
    public const string UserIdClaim = "sub";
    public const string SessionIdClaim = "sid";
    public const string RoleClaim = "role";

    /// <summary>Reads the caller from a principal that an authentication handler of ours made; null when nobody is signed in.</summary>
    public static Caller? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true)
            return null;
        return Guid.TryParse(principal.FindFirstValue(UserIdClaim), out var user)
            && Guid.TryParse(principal.FindFirstValue(SessionIdClaim), out var session)
                ? new Caller(new UserId(user), session, principal.FindFirstValue(RoleClaim) ?? "")
                : null;
    }

    /// <summary>Minimal-API binding. The fallback policy has already refused anonymous requests when this runs.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(From(context.User));
}

/// <summary>The names of the authorisation policies; each endpoint uses one of them.</summary>
public static class Policies
{
    /// <summary>Anyone with a live session. The fallback for endpoints that name nothing.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>The person who owns this server.</summary>
    public const string Owner = "owner";
}
