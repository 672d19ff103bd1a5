using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Users;

/// <summary>The lock under which what a person has (sessions, keys, factors, teams) is counted and changed: whoever else does so waits.</summary>
internal static class UserLock
{
    const string Sql = "select disabled_at is null from accounts.user where user_id = @User for no key update";

    /// <summary>Takes the lock until the transaction ends. False when the person is suspended or gone.</summary>
    internal static async Task<bool> TakeAsync(Tx tx, UserId user, CancellationToken cancel)
        => await tx.FindAsync<bool?>(Sql, new { User = user }, cancel) is true;
}
