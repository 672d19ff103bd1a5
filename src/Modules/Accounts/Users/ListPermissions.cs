using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Users;

internal static class ListPermissions
{
    /// <param name="Roles">All of them, the mightiest first.</param>
    public sealed record Response(IReadOnlyList<string> Roles, IReadOnlyList<PermissionGrant> Permissions);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/permissions", Handle)
            .WithName("Accounts_ListPermissions")
            .WithSummary("Which role may do what.")
            .WithExample(response: new Response(UserRoles.All, Permissions.All))
            .RequireAuthorization(Permissions.UsersManage);

    static Ok<Response> Handle() => TypedResults.Ok(new Response(UserRoles.All, Permissions.All));
}
