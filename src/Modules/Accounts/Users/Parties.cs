using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Accounts.Users;

internal sealed class Parties(Db db) : IParties
{
    const string PeopleSql = """
        select user_id as id, display_name as name, email as detail from accounts.user
        where @Text::text is null or strpos(lower(display_name), lower(@Text)) > 0 or strpos(lower(email), lower(@Text)) > 0
        order by lower(display_name), user_id limit @Most
        """;

    const string TeamsSql = """
        select t.team_id as id, t.name, coalesce(u.display_name, '') as detail from accounts.team t
        left join accounts.team_member m on m.team_id = t.team_id and m.role = 'owner' left join accounts.user u on u.user_id = m.user_id
        where @Text::text is null or strpos(lower(t.name), lower(@Text)) > 0
        order by lower(t.name), t.team_id limit @Most
        """;

    const string PeopleNamesSql = "select user_id as id, display_name as name from accounts.user where user_id = any(@Ids)";
    const string TeamNamesSql = "select team_id as id, name from accounts.team where team_id = any(@Ids)";

    public Task<IReadOnlyList<Party>> FindAsync(PartyKind kind, string? text, int most, CancellationToken cancel)
        => db.QueryAsync<Party>(kind == PartyKind.Team ? TeamsSql : PeopleSql, new { Text = string.IsNullOrWhiteSpace(text) ? null : text.Trim(), Most = most }, cancel);

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(PartyKind kind, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
        => ids.Count == 0
            ? new Dictionary<Guid, string>()
            : (await db.QueryAsync<Row>(kind == PartyKind.Team ? TeamNamesSql : PeopleNamesSql, new { Ids = ids.ToArray() }, cancel)).ToDictionary(row => row.Id, row => row.Name);

    sealed record Row(Guid Id, string Name);
}
