using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

internal static class CreateTeam
{
    public sealed record Request([Required, StringLength(TeamRoles.MaxName, MinimumLength = 1)] string Name);

    const int MostOwned = 20;

    const string OwnedSql = "select count(*) from accounts.team_member where user_id = @User and role = 'owner'";
    const string TeamSql = "insert into accounts.team (team_id, name, created_at) values (@Id, @Name, @Now)";
    const string MemberSql = "insert into accounts.team_member (team_id, user_id, role, joined_at) values (@Id, @User, 'owner', @Now)";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/teams", Handle)
            .WithName("Accounts_CreateTeam")
            .WithSummary("Makes a team that the caller owns.")
            .WithExample(new Request("Harbour office"), ListTeams.Example)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Created<ListTeams.Item>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, Db db, IAudit audit, TimeProvider clock, CancellationToken cancel)
    {
        if (TeamRoles.Clean(request.Name) is not { } name)
            return AccountsErrors.TeamNameEmpty.ToProblem();
        var args = new { Id = Ids.New<TeamId>(clock), Name = name, User = caller.UserId, Now = clock.GetUtcNow() };
        var refused = await db.InTransactionAsync<Error?>(
            async tx =>
            {
                // Two teams at once are made one after the other, or both would be the last that may be.
                await UserLock.TakeAsync(tx, caller.UserId, cancel);
                if (await tx.FindAsync<long>(OwnedSql, args, cancel) >= MostOwned)
                    return AccountsErrors.TeamsTooMany;
                await tx.ExecuteAsync(TeamSql, args, cancel);
                await tx.ExecuteAsync(MemberSql, args, cancel);
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.TeamCreated, caller, context, [args.Id.Value]), cancel);
                return null;
            },
            cancel);
        return refused is not null
            ? refused.ToProblem()
            : TypedResults.Created($"/api/accounts/teams/{args.Id.Value}", new ListTeams.Item(args.Id, name, TeamRoles.Owner, 1, 0, args.Now));
    }
}
