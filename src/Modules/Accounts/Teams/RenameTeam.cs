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

internal static class RenameTeam
{
    public sealed record Request([Required, StringLength(TeamRoles.MaxName, MinimumLength = 1)] string Name);

    const string Sql = "update accounts.team set name = @Name where team_id = @Team and name <> @Name";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/teams/{id:guid}", Handle)
            .WithName("Accounts_RenameTeam")
            .WithSummary("Gives a team another name; for its admins and owner.")
            .WithExample(new Request("Harbour and pilots"))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, HttpContext context, TeamChange change, CancellationToken cancel)
    {
        if (TeamRoles.Clean(request.Name) is not { } name)
            return AccountsErrors.TeamNameEmpty.ToProblem();
        return TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Admin,
            async (tx, _) => await tx.ExecuteAsync(Sql, new { Team = id, Name = name }, cancel) == 1 ? new TeamAct(AuditAct.TeamRenamed, []) : Result.Of<TeamAct?>(null),
            cancel));
    }
}
