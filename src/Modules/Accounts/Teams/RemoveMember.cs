using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

/// <summary>Taking somebody out of a team, and leaving it.</summary>
internal static class RemoveMember
{
    const string Sql = "delete from accounts.team_member where team_id = @Team and user_id = @User and role <> 'owner'";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapDelete("/teams/{id:guid}/members/{user:guid}", RemoveAsync)
            .WithName("Accounts_RemoveMember")
            .WithSummary("Takes somebody out of a team: admins members, the owner also admins.")
            .RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/teams/{id:guid}/leave", LeaveAsync)
            .WithName("Accounts_LeaveTeam")
            .WithSummary("The caller leaves a team. Its owner makes somebody else the owner first.")
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Guid id, Guid user, Caller caller, HttpContext context, TeamChange change, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Admin,
            async (tx, role) =>
            {
                if (await TeamRoles.RoleAsync(tx, id, user, cancel) is not { } other)
                    return KernelErrors.NotFound;
                // Nobody outranks themselves: whoever wants to go leaves.
                if (other >= role)
                    return AccountsErrors.TeamRoleTooLow;
                await tx.ExecuteAsync(Sql, new { Team = id, User = user }, cancel);
                return new TeamAct(AuditAct.TeamMemberRemoved, [user]);
            },
            cancel));

    static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(Guid id, Caller caller, HttpContext context, TeamChange change, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Member,
            async (tx, role) =>
            {
                if (role == TeamRole.Owner)
                    return AccountsErrors.TeamOwnerStays;
                await tx.ExecuteAsync(Sql, new { Team = id, User = caller.UserId.Value }, cancel);
                return new TeamAct(AuditAct.TeamLeft, []);
            },
            cancel));
}
