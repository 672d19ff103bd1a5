using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

internal static class TransferTeam
{
    /// <param name="MemberId">Who owns the team from now on; a member of it.</param>
    public sealed record Request([Required] Guid MemberId);

    // One after the other: the index allows one owner at any moment.
    const string StepDownSql = "update accounts.team_member set role = 'admin' where team_id = @Team and user_id = @From";
    const string StepUpSql = "update accounts.team_member set role = 'owner' where team_id = @Team and user_id = @To";

    const string SuspendedSql = "select exists (select from accounts.user where user_id = @To and disabled_at is not null)";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/teams/{id:guid}/transfer", Handle)
            .WithName("Accounts_TransferTeam")
            .WithSummary("Makes a member the team's owner; the owner of before stays as an admin.")
            .WithExample(new Request(new Guid("019cadb2-03f5-7e68-b2c1-84a6d0397f5e")))
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, HttpContext context, TeamChange change, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Owner,
            async (tx, _) =>
            {
                var args = new { Team = id, From = caller.UserId.Value, To = request.MemberId };
                if (await TeamRoles.RoleAsync(tx, id, args.To, cancel) is null || await tx.FindAsync<bool>(SuspendedSql, args, cancel))
                    return KernelErrors.NotFound;
                if (args.To == args.From)
                    return Result.Of<TeamAct?>(null);
                await tx.ExecuteAsync(StepDownSql, args, cancel);
                await tx.ExecuteAsync(StepUpSql, args, cancel);
                return new TeamAct(AuditAct.TeamTransferred, [args.To]);
            },
            cancel));
}
