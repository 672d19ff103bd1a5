using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

internal static class DeleteTeam
{
    const string CountSql = "select count(*) from accounts.team_member where team_id = @Team";

    const string ProofsSql = """
        delete from accounts.proof p using accounts.team_invitation i
        where i.team_id = @Team and p.purpose = 'invitation' and p.subject = replace(i.invitation_id::text, '-', '')
        """;

    const string WorkspacesSql = "select workspace_id from accounts.team_workspace where team_id = @Team";

    const string Sql = "delete from accounts.team where team_id = @Team";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/teams/{id:guid}", Handle)
            .WithName("Accounts_DeleteTeam")
            .WithSummary("Deletes a team with its workspaces and invitations; for its owner.")
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, HttpContext context, TeamChange change, IOutbox outbox, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Owner,
            async (tx, _) =>
            {
                var members = await tx.FindAsync<long>(CountSql, new { Team = id }, cancel);
                await tx.ExecuteAsync(ProofsSql, new { Team = id }, cancel);
                foreach (var workspace in await tx.QueryAsync<WorkspaceId>(WorkspacesSql, new { Team = id }, cancel))
                    await outbox.PublishAsync(tx, new WorkspaceDeleted(workspace), cancel);
                await tx.ExecuteAsync(Sql, new { Team = id }, cancel);
                return new TeamAct(AuditAct.TeamDeleted, [], new { Members = members });
            },
            cancel));
}
