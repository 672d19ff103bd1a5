using JeanTrail.Accounts.Sessions;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Teams;

internal static class GetTeam
{
    /// <param name="Members">The owner first, then by name.</param>
    /// <param name="Invitations">Open ones, newest first; empty for those who may not invite.</param>
    public sealed record Response(ListTeams.Item Team, IReadOnlyList<Member> Members, IReadOnlyList<Invitation> Invitations, IReadOnlyList<Workspace> Workspaces);

    /// <param name="Email">Null for those who may not invite.</param>
    /// <param name="Role"><c>owner admin member</c>.</param>
    public sealed record Member(UserId Id, string DisplayName, string? Email, string Role, DateTimeOffset JoinedAt);

    /// <param name="Role"><c>admin member</c>.</param>
    public sealed record Invitation(Guid Id, string Email, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

    /// <param name="CreatedBy">Null when they are gone.</param>
    public sealed record Workspace(WorkspaceId Id, string Name, UserId? CreatedBy, DateTimeOffset CreatedAt);

    internal static readonly Workspace ExampleWorkspace = new(
        new WorkspaceId(new Guid("019cebd0-31e7-7b0a-a4f2-8c5d90e1b736")), "Spring timetable", GetSession.Example.User.Id, new(2026, 3, 14, 10, 5, 44, TimeSpan.Zero));

    const string TeamSql = $"""
        select {ListTeams.Columns} from accounts.team_member m join accounts.team t on t.team_id = m.team_id
        where t.team_id = @Team and m.user_id = @User
        """;

    const string MembersSql = """
        select u.user_id as id, u.display_name, case when @All then u.email end as email, m.role, m.joined_at
        from accounts.team_member m join accounts.user u on u.user_id = m.user_id
        where m.team_id = @Team
        order by case m.role when 'owner' then 0 when 'admin' then 1 else 2 end, lower(u.display_name), u.user_id
        """;

    const string InvitationsSql = """
        select invitation_id as id, email, role, created_at, expires_at from accounts.team_invitation
        where team_id = @Team and @All and expires_at > @Now order by created_at desc, invitation_id desc
        """;

    const string WorkspacesSql = """
        select workspace_id as id, name, created_by, created_at from accounts.team_workspace
        where team_id = @Team order by created_at, workspace_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/teams/{id:guid}", Handle)
            .WithName("Accounts_GetTeam")
            .WithSummary("A team of the caller's: its members, open invitations and workspaces.")
            .WithExample(response: new Response(
                ListTeams.Example with { Workspaces = 1 },
                [new(GetSession.Example.User.Id, GetSession.Example.User.DisplayName, GetSession.Example.User.Email, TeamRoles.Owner, ListTeams.Example.CreatedAt)],
                [new(new Guid("019cebd4-0b6f-7e21-9a57-f3c8d4e60b12"), "bruno@example.org", TeamRoles.Member, new(2026, 3, 14, 10, 9, 57, TimeSpan.Zero), new(2026, 3, 21, 10, 9, 57, TimeSpan.Zero))],
                [ExampleWorkspace]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindAsync<ListTeams.Item>(TeamSql, new { Team = id, User = caller.UserId }, cancel) is not { } team)
            return KernelErrors.NotFound.ToProblem();
        var args = new { Team = id, All = TeamRoles.Parse(team.Role) >= TeamRole.Admin, Now = clock.GetUtcNow() };
        return TypedResults.Ok(new Response(
            team, await db.QueryAsync<Member>(MembersSql, args, cancel), await db.QueryAsync<Invitation>(InvitationsSql, args, cancel),
            await db.QueryAsync<Workspace>(WorkspacesSql, args, cancel)));
    }
}
