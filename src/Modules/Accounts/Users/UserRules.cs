using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Users;

/// <summary>
/// Who may do something to whom: nobody to themselves, nobody to the owner, and an admin not to other admins. The caller's role is read
/// in the same statement, so that somebody who was demoted a moment ago manages nobody.
/// </summary>
internal static class UserRules
{
    /// <summary>The person <c>@Id</c> with their role, locked, when <c>@Caller</c> may manage them.</summary>
    internal const string LockSql = """
        select t.role, t.disabled_at is not null as is_suspended from accounts.user t
        where t.user_id = @Id and t.user_id <> @Caller and t.role <> 'owner'
          and exists (select from accounts.user c where c.user_id = @Caller and c.disabled_at is null
                      and (c.role = 'owner' or (c.role = 'admin' and t.role <> 'admin')))
        for update of t
        """;

    const string ExistsSql = "select exists (select from accounts.user where user_id = @Id)";

    internal static Task<Managed?> LockAsync(Tx tx, Guid person, Caller caller, CancellationToken cancel)
        => tx.FindAsync<Managed>(LockSql, new { Id = person, Caller = caller.UserId }, cancel);

    /// <summary>Why <see cref="LockAsync"/> found nobody.</summary>
    internal static async Task<Error> RefusalAsync(IDbSession session, Guid person, Caller caller, CancellationToken cancel)
    {
        if (person == caller.UserId.Value)
            return AccountsErrors.OwnAccount;
        return await session.FindAsync<bool>(ExistsSql, new { Id = person }, cancel) ? AccountsErrors.UserProtected : KernelErrors.NotFound;
    }

    internal sealed record Managed(string Role, bool IsSuspended);
}
