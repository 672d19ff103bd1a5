using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Users;

internal sealed class UserDirectory(Db db) : IUserDirectory
{
    const string Sql = "select user_id as id, display_name, role from accounts.user where user_id = @User and disabled_at is null";

    public Task<DirectoryUser?> FindAsync(UserId user, CancellationToken cancel) => db.FindAsync<DirectoryUser>(Sql, new { User = user }, cancel);
}
