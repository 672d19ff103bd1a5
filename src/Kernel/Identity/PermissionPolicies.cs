using System.Collections.Frozen;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Identity;

/// <summary>The one place where a policy's name becomes a decision.</summary>
public static class PermissionPolicies
{
    /// <summary>Every policy that an endpoint may name: <see cref="Policies"/> and <see cref="Permissions"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [Policies.SignedIn, Policies.Owner, .. Permissions.All.Select(permission => permission.Name)];

    /// <summary>Checks the policies of endpoints against the caller's role. Endpoints that name none ask for a live session.</summary>
    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        return services.AddSingleton<IAuthorizationPolicyProvider, PermissionPolicyProvider>();
    }
}

/// <summary>Knows the policies of <see cref="PermissionPolicies.Names"/> and no others: a misspelt one fails when it is first asked for.</summary>
internal sealed class PermissionPolicyProvider : IAuthorizationPolicyProvider
{
    static readonly AuthorizationPolicy SignedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();

    static readonly FrozenDictionary<string, AuthorizationPolicy> ByName = PermissionPolicies.Names.ToFrozenDictionary(
        name => name,
        name => name switch
        {
            Policies.SignedIn => SignedIn,
            Policies.Owner => Requiring(Permissions.ServerManage),
            _ => Requiring(name),
        },
        StringComparer.Ordinal);

    public bool AllowsCachingPolicies => true;

    public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(SignedIn);

    public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(SignedIn);

    public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Task.FromResult(ByName.GetValueOrDefault(policyName));

    static AuthorizationPolicy Requiring(string permission)
        => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(permission)).Build();
}

internal sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

internal sealed class PermissionHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (Caller.From(context.User) is { } caller && caller.May(requirement.Permission))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
