using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

/// <summary>The shared places of a team. <see cref="GetTeam"/> lists them.</summary>
internal static class Workspaces
{
    public sealed record Request([Required, StringLength(TeamRoles.MaxName, MinimumLength = 1)] string Name);

    /// <param name="Manages">Whether the caller is an admin or the owner of its team.</param>
    public sealed record Item(WorkspaceId Id, string Name, TeamId TeamId, string TeamName, bool Manages);

    const int Most = 100;

    const string CountSql = "select count(*) from accounts.team_workspace where team_id = @Team";

    const string InsertSql = """
        insert into accounts.team_workspace (workspace_id, team_id, name, created_by, created_at) values (@Id, @Team, @Name, @User, @Now)
        """;

    const string RenameSql = "update accounts.team_workspace set name = @Name where workspace_id = @Id and team_id = @Team";
    const string DeleteSql = "delete from accounts.team_workspace where workspace_id = @Id and team_id = @Team";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/workspaces", ListAsync)
            .WithName("Accounts_ListWorkspaces")
            .WithSummary("Lists the workspaces of the caller's teams, by the names of teams and theirs.")
            .WithExample(response: Page.Whole<Item>([new(GetTeam.ExampleWorkspace.Id, GetTeam.ExampleWorkspace.Name, ListTeams.Example.Id, ListTeams.Example.Name, Manages: true)]))
            .RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/teams/{id:guid}/workspaces", CreateAsync)
            .WithName("Accounts_CreateWorkspace")
            .WithSummary("Makes a workspace that every member of the team shares.")
            .WithExample(new Request(GetTeam.ExampleWorkspace.Name), GetTeam.ExampleWorkspace)
            .RequireAuthorization(Policies.SignedIn);
        routes.MapPut("/teams/{id:guid}/workspaces/{workspace:guid}", RenameAsync)
            .WithName("Accounts_RenameWorkspace")
            .WithSummary("Gives a workspace another name; for the team's admins and owner.")
            .WithExample(new Request("Summer timetable"))
            .RequireAuthorization(Policies.SignedIn);
        routes.MapDelete("/teams/{id:guid}/workspaces/{workspace:guid}", DeleteAsync)
            .WithName("Accounts_DeleteWorkspace")
            .WithSummary("Deletes a workspace; for the team's admins and owner.")
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Ok<Page<Item>>> ListAsync(Caller caller, ITeams teams, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole<Item>(
            [.. (await teams.WorkspacesAsync(caller.UserId, cancel)).Select(one => new Item(one.Id, one.Name, one.TeamId, one.TeamName, one.Role >= TeamRole.Admin))]));

    static async Task<Results<Created<GetTeam.Workspace>, ProblemHttpResult>> CreateAsync(
        Guid id, Request request, Caller caller, HttpContext context, TeamChange change, TimeProvider clock, CancellationToken cancel)
    {
        if (TeamRoles.Clean(request.Name) is not { } name)
            return AccountsErrors.TeamNameEmpty.ToProblem();
        var made = new GetTeam.Workspace(Ids.New<WorkspaceId>(clock), name, caller.UserId, clock.GetUtcNow());
        var refused = await change.MakeAsync(
            id, caller, context, TeamRole.Member,
            async (tx, _) =>
            {
                if (await tx.FindAsync<long>(CountSql, new { Team = id }, cancel) >= Most)
                    return AccountsErrors.WorkspacesTooMany;
                await tx.ExecuteAsync(InsertSql, new { made.Id, Team = id, Name = name, User = caller.UserId, Now = made.CreatedAt }, cancel);
                return new TeamAct(AuditAct.WorkspaceCreated, [made.Id.Value]);
            },
            cancel);
        return refused is null ? TypedResults.Created($"/api/accounts/teams/{id}", made) : refused.ToProblem();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RenameAsync(
        Guid id, Guid workspace, Request request, Caller caller, HttpContext context, TeamChange change, CancellationToken cancel)
    {
        if (TeamRoles.Clean(request.Name) is not { } name)
            return AccountsErrors.TeamNameEmpty.ToProblem();
        return TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Admin,
            async (tx, _) => await tx.ExecuteAsync(RenameSql, new { Team = id, Id = workspace, Name = name }, cancel) == 1
                ? new TeamAct(AuditAct.WorkspaceRenamed, [workspace]) : KernelErrors.NotFound,
            cancel));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, Guid workspace, Caller caller, HttpContext context, TeamChange change, IOutbox outbox, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(
            id, caller, context, TeamRole.Admin,
            async (tx, _) =>
            {
                if (await tx.ExecuteAsync(DeleteSql, new { Team = id, Id = workspace }, cancel) == 0)
                    return KernelErrors.NotFound;
                await outbox.PublishAsync(tx, new WorkspaceDeleted(new WorkspaceId(workspace)), cancel);
                return new TeamAct(AuditAct.WorkspaceDeleted, [workspace]);
            },
            cancel));
}
