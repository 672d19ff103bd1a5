using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Teams;

internal sealed class TeamDirectory(Db db) : ITeams
{
    const string OfSql = """
        select t.team_id, t.name, m.role from accounts.team_member m join accounts.team t on t.team_id = m.team_id
        join accounts.user u on u.user_id = m.user_id and u.disabled_at is null
        where m.user_id = @User order by lower(t.name), t.team_id
        """;

    const string WorkspacesSql = """
        select w.workspace_id as id, w.name, t.team_id, t.name as team_name, m.role
        from accounts.team_member m join accounts.team t on t.team_id = m.team_id join accounts.team_workspace w on w.team_id = t.team_id
        join accounts.user u on u.user_id = m.user_id and u.disabled_at is null
        where m.user_id = @User order by lower(t.name), t.team_id, lower(w.name), w.workspace_id
        """;

    const string RoleSql = """
        select m.role from accounts.team_member m join accounts.user u on u.user_id = m.user_id and u.disabled_at is null
        where m.team_id = @Team and m.user_id = @User
        """;

    const string WorkspaceSql = """
        select m.role from accounts.team_workspace w join accounts.team_member m on m.team_id = w.team_id
        join accounts.user u on u.user_id = m.user_id and u.disabled_at is null
        where w.workspace_id = @Workspace and m.user_id = @User
        """;

    public async Task<IReadOnlyList<TeamMembership>> OfAsync(UserId user, CancellationToken cancel)
        => [.. (await db.QueryAsync<Row>(OfSql, new { User = user }, cancel)).Select(row => new TeamMembership(row.TeamId, row.Name, TeamRoles.Parse(row.Role)))];

    public async Task<IReadOnlyList<SharedWorkspace>> WorkspacesAsync(UserId user, CancellationToken cancel)
        => [.. (await db.QueryAsync<WorkspaceRow>(WorkspacesSql, new { User = user }, cancel))
            .Select(row => new SharedWorkspace(row.Id, row.Name, row.TeamId, row.TeamName, TeamRoles.Parse(row.Role)))];

    public async Task<TeamRole?> RoleAsync(IDbSession session, UserId user, TeamId team, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.FindAsync<string>(RoleSql, new { User = user, Team = team }, cancel) is { } role ? TeamRoles.Parse(role) : null;
    }

    public async Task<bool> CanAsync(IDbSession session, UserId user, WorkspaceId workspace, WorkspaceAccess access, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.FindAsync<string>(WorkspaceSql, new { User = user, Workspace = workspace }, cancel) is { } role
            && (access != WorkspaceAccess.Manage || TeamRoles.Parse(role) >= TeamRole.Admin);
    }

    sealed record WorkspaceRow(WorkspaceId Id, string Name, TeamId TeamId, string TeamName, string Role);

    sealed record Row(TeamId TeamId, string Name, string Role);
}
