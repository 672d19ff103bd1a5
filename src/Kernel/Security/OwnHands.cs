using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// What only the person themselves may do, and nobody in their name. A secret that is made in a session opened for an hour would outlive it, in the
/// hands of whoever acted; one that ended with it would be of no use to the person. So none is made.
/// </summary>
public static class OwnHands
{
    public static readonly Error Refused = new("accounts.acting", 403, "You are acting in somebody's name. What would outlast that is for them alone to make.");

    /// <summary>Answers <see cref="Refused"/> in a session that was opened in somebody's name.</summary>
    public static TBuilder RequireOwnHands<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.AddEndpointFilter(static (invocation, next) => Caller.From(invocation.HttpContext.User)?.ActorId is null
            ? next(invocation)
            : ValueTask.FromResult<object?>(Refused.ToProblem()));
}
