using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Identity;

/// <summary>The signed-in person behind a request. Bound by minimal APIs; endpoints that take one are never anonymous.</summary>
/// <param name="SessionId">The session the request came with; with an API key the id of the key.</param>
public sealed record Caller(UserId UserId, Guid SessionId, string Role)
{
    public const string UserIdClaim = "sub";
    public const string SessionIdClaim = "sid";
    public const string RoleClaim = "role";
    public const string ActorIdClaim = "act";

    /// <summary>Who really acts, when that is not <see cref="UserId"/>: the owner, in a session opened in that person's name.</summary>
    public UserId? ActorId { get; init; }

    /// <summary>Whether the person's role has the permission, one of <see cref="Permissions"/>.</summary>
    public bool May(string permission) => Permissions.Has(Role, permission);

    /// <summary>When the person last proved who they are, in Unix milliseconds; absent when they never did in this session.</summary>
    public const string ProvedAtClaim = "proved_at";

    /// <summary>Reads the caller from a principal that an authentication handler of ours made; null when nobody is signed in.</summary>
    public static Caller? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true)
            return null;
        return Guid.TryParse(principal.FindFirstValue(UserIdClaim), out var user)
            && Guid.TryParse(principal.FindFirstValue(SessionIdClaim), out var session)
                ? new Caller(new UserId(user), session, principal.FindFirstValue(RoleClaim) ?? "")
                {
                    ActorId = Guid.TryParse(principal.FindFirstValue(ActorIdClaim), out var actor) ? new UserId(actor) : null,
                }
                : null;
    }

    /// <summary>Minimal-API binding. The fallback policy has already refused anonymous requests when this runs.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(From(context.User));
}

/// <summary>The names of the authorisation policies; each endpoint uses one of them, or one of <see cref="Permissions"/>.</summary>
public static class Policies
{
    /// <summary>Anyone with a live session. The fallback for endpoints that name nothing.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>The person who owns this server: another name of <see cref="Permissions.ServerManage"/>.</summary>
    public const string Owner = "owner";
}
