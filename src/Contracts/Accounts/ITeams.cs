using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

/// <summary>
/// Who belongs to which team. Read from the database each time, so that whoever was removed is out at once. Suspended people belong
/// nowhere while they are.
/// </summary>
public interface ITeams
{
    /// <summary>The person's teams, by name.</summary>
    Task<IReadOnlyList<TeamMembership>> OfAsync(UserId user, CancellationToken cancel);

    /// <summary>The workspaces of the person's teams, by the names of teams and theirs. Statements ask <c>kernel.place_person</c>, where each is a place.</summary>
    Task<IReadOnlyList<SharedWorkspace>> WorkspacesAsync(UserId user, CancellationToken cancel);

    /// <summary>What the person is in the team; null when they are not in it, or it is gone.</summary>
    Task<TeamRole?> RoleAsync(IDbSession session, UserId user, TeamId team, CancellationToken cancel);

    /// <summary>
    /// Whether the person may do that in the workspace; false for a workspace that is not there. Answer 404 to whoever may not even look.
    /// </summary>
    Task<bool> CanAsync(IDbSession session, UserId user, WorkspaceId workspace, WorkspaceAccess access, CancellationToken cancel);
}

/// <summary>What somebody is in a team, the mightiest last.</summary>
public enum TeamRole
{
    Member,
    Admin,

    /// <summary>One a team.</summary>
    Owner,
}

/// <summary>What somebody wants in a workspace.</summary>
public enum WorkspaceAccess
{
    /// <summary>Every member.</summary>
    Read,

    /// <summary>Every member.</summary>
    Write,

    /// <summary>Renaming and deleting it, and what others left there: admins and the owner.</summary>
    Manage,
}

public sealed record SharedWorkspace(WorkspaceId Id, string Name, TeamId TeamId, string TeamName, TeamRole Role);

public sealed record TeamMembership(TeamId TeamId, string Name, TeamRole Role);
