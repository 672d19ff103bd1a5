using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

internal static class SetMemberRole
{
    public sealed record Request([Required, AllowedValues("admin", "member")] string Role);

    const string Sql = "update accounts.team_member set role = @Role where team_id = @Team and user_id = @User and role <> @Role";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/teams/{id:guid}/members/{user:guid}/role", Handle)
            .WithName("Accounts_SetMemberRole")
            .WithSummary("Makes a member an admin, or an admin a member; for the team's owner.")
            .WithExample(new Request("admin"))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Guid user, Request request, Caller caller, HttpContext context, TeamChange change, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Owner,
            async (tx, _) =>
            {
                if (await TeamRoles.RoleAsync(tx, id, user, cancel) is not { } role)
                    return KernelErrors.NotFound;
                if (role == TeamRole.Owner)
                    return AccountsErrors.TeamOwnerStays;
                return await tx.ExecuteAsync(Sql, new { Team = id, User = user, request.Role }, cancel) == 1
                    ? new TeamAct(AuditAct.TeamRoleChanged, [user], new { Role = request.Role == TeamRoles.Admin ? TeamRoles.Member : TeamRoles.Admin }, new { request.Role })
                    : Result.Of<TeamAct?>(null);
            },
            cancel));
}
