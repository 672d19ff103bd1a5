using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

/// <summary>What the operator may do to accounts from the server's command line. Trusted: never reachable over HTTP.</summary>
public interface IUserAdministration
{
    /// <summary>All people, oldest first.</summary>
    Task<IReadOnlyList<UserSummary>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Sets a new password and ends all sessions of the person; returns the password. Null lets the server make one.
    /// Errors: <c>accounts.user_unknown</c>, <c>accounts.password_weak</c>.
    /// </summary>
    Task<Result<string>> ResetPasswordAsync(string email, string? password, CancellationToken cancel);

    /// <summary>Ends all sessions of the person; returns how many. Error: <c>accounts.user_unknown</c>.</summary>
    Task<Result<int>> RevokeSessionsAsync(string email, CancellationToken cancel);

    /// <summary>
    /// Turns two-factor authentication off, for whoever lost their device and their recovery codes; false when it was off. Error:
    /// <c>accounts.user_unknown</c>.
    /// </summary>
    Task<Result<bool>> RemoveSecondFactorAsync(string email, CancellationToken cancel);
}

/// <param name="Role"><c>owner admin premium free</c>.</param>
/// <param name="LastSeenAt">When any session of theirs was last used, or null.</param>
public sealed record UserSummary(UserId Id, string Email, string DisplayName, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, int OpenSessions);
