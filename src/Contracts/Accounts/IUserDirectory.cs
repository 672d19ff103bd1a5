using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

/// <summary>Who a person is, for modules that act for them without a session of theirs: a key, a schedule.</summary>
public interface IUserDirectory
{
    /// <summary>Null when there is no such person, or their account is disabled. Read from the database each time.</summary>
    Task<DirectoryUser?> FindAsync(UserId user, CancellationToken cancel);
}

/// <param name="Role"><c>owner admin premium free</c>.</param>
public sealed record DirectoryUser(UserId Id, string DisplayName, string Role);
