using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Accounts.Users;

/// <summary>Names for the audit trail's ids.</summary>
internal sealed class PeopleNames(Db db) : IAuditNames
{
    const string Sql = "select user_id as id, display_name from accounts.user where user_id = any(@Ids)";

    public async Task<IReadOnlyDictionary<Guid, string>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
        => ids.Count == 0
            ? new Dictionary<Guid, string>()
            : (await db.QueryAsync<Row>(Sql, new { Ids = ids.ToArray() }, cancel)).ToDictionary(row => row.Id, row => row.DisplayName);

    sealed record Row(Guid Id, string DisplayName);
}
