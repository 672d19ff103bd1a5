using System.Globalization;
using System.Security.Claims;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// Step-up: dangerous acts ask that the person proved a short while ago who they are, so that an open browser on a desk, or a stolen
/// cookie, is not enough for them. Proving anew is <c>POST /api/accounts/step-up</c>; the act is then tried again.
/// </summary>
public static class RecentProof
{
    /// <summary>How long a proof lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Clients know it by its code: they ask for the proof and repeat the request.</summary>
    public static readonly Error Needed = new("accounts.proof_needed", 403, "Confirm first that it is you. Then try again.");

    /// <summary>Answers <see cref="Needed"/> unless the session's person proved within <see cref="Lifetime"/> who they are.</summary>
    public static TBuilder RequireRecentProof<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.AddEndpointFilter(static (invocation, next) =>
        {
            var context = invocation.HttpContext;
            return IsRecent(context.User, context.RequestServices.GetRequiredService<TimeProvider>())
                ? next(invocation)
                : ValueTask.FromResult<object?>(Needed.ToProblem());
        });

    /// <summary>The claim of a session whose person proved at <paramref name="provedAt"/> who they are.</summary>
    public static Claim ClaimOf(DateTimeOffset provedAt)
        => new(Caller.ProvedAtClaim, provedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64);

    static bool IsRecent(ClaimsPrincipal person, TimeProvider clock)
        => long.TryParse(person.FindFirstValue(Caller.ProvedAtClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var provedAtMs)
            && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(provedAtMs) <= Lifetime;
}
