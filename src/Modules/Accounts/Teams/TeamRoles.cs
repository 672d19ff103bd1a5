using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Teams;

/// <summary>
/// Who may do what in a team. Every change takes the lock of the team first, and reads the caller's role under it: whoever was demoted or
/// removed a moment ago changes nothing. To people outside, a team is not there.
/// </summary>
internal static class TeamRoles
{
    internal const string Owner = "owner";
    internal const string Admin = "admin";
    internal const string Member = "member";

    internal const int MaxName = 80;

    const string LockSql = """
        select m.role from accounts.team t join accounts.team_member m on m.team_id = t.team_id
        where t.team_id = @Team and m.user_id = @Caller
        for update of t
        """;

    // Read after the lock was had: the locking statement sees members as they were before it waited.
    const string RoleSql = "select role from accounts.team_member where team_id = @Team and user_id = @User";

    internal static TeamRole Parse(string role) => role switch
    {
        Owner => TeamRole.Owner,
        Admin => TeamRole.Admin,
        _ => TeamRole.Member,
    };

    /// <summary>Locks the team for the caller, when they are at least <paramref name="least"/> in it; otherwise says why not.</summary>
    internal static async Task<Result<TeamRole>> EnterAsync(Tx tx, Guid team, Caller caller, TeamRole least, CancellationToken cancel)
    {
        if (await tx.FindAsync<string>(LockSql, new { Team = team, Caller = caller.UserId }, cancel) is null
            || await RoleAsync(tx, team, caller.UserId.Value, cancel) is not { } role)
            return KernelErrors.NotFound;
        return role >= least ? role : AccountsErrors.TeamRoleTooLow;
    }

    /// <summary>Null when the person is not in the team.</summary>
    internal static async Task<TeamRole?> RoleAsync(IDbSession session, Guid team, Guid user, CancellationToken cancel)
        => await session.FindAsync<string>(RoleSql, new { Team = team, User = user }, cancel) is { } role ? Parse(role) : null;

    /// <summary>A name as it is kept; null when nothing of it is left.</summary>
    internal static string? Clean(string name)
    {
        var clean = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return clean.Length == 0 || clean.Any(char.IsControl) ? null : clean;
    }
}
