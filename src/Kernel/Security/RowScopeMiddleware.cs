using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Security;

/// <summary>
/// Runs a signed-in person's requests in their own <see cref="RowScope"/>. Endpoints that ask for a permission are there to reach what is
/// not one's own, and those that anybody may call (signing in as somebody else, say) are not about the person whose cookie came along.
/// </summary>
internal sealed class RowScopeMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Caller.From(context.User) is not { } caller || context.GetEndpoint() is not { } endpoint || ServesAll(endpoint, caller))
        {
            await next(context);
            return;
        }

        using (RowScope.Of(caller.UserId))
            await next(context);
    }

    static bool ServesAll(Endpoint endpoint, Caller caller)
        => endpoint.Metadata.GetMetadata<ReachOfPermission>() is { } reach && caller.May(reach.Permission)
            || endpoint.Metadata.GetMetadata<ReachToOthers>() is not null
            || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(rule => rule.Policy is not (null or Policies.SignedIn));
}

public static class ReachesAllExtensions
{
    /// <summary>
    /// For endpoints that everybody may call for what is their own: whoever has <paramref name="permission"/>, one of
    /// <see cref="Permissions"/>, reaches everybody's rows there.
    /// </summary>
    public static TBuilder ReachesAllWith<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new ReachOfPermission(permission));

    /// <summary>For endpoints about what several people share: only their statements say who may reach what.</summary>
    public static TBuilder ReachesOthers<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new ReachToOthers());
}

internal sealed record ReachOfPermission(string Permission);

internal sealed record ReachToOthers;
