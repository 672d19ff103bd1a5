using JeanTrail.Kernel.Privacy;

namespace JeanTrail.Accounts.Deletion;

/// <summary>What this module holds of a person. Nearly all of it goes with the row of the account, by its foreign keys.</summary>
internal static class AccountsPersonTables
{
    const string UserSql = "select (to_jsonb(u) - 'password_hash' - 'email_key')::text from accounts.user u where u.user_id = @User";
    const string PreferenceSql = "select (to_jsonb(p) - 'user_id')::text from accounts.preference p where p.user_id = @User";

    const string SessionSql = """
        select (to_jsonb(s) - 'user_id' - 'token_hash' - 'actor_id' - 'actor_session_id')::text from accounts.session s
        where s.user_id = @User and s.actor_id is null order by s.created_at
        """;

    const string ApiKeySql = """
        select (to_jsonb(k) - 'user_id' - 'secret_hash' - 'previous_hash')::text from accounts.api_key k where k.user_id = @User order by k.created_at
        """;

    const string MembershipSql = """
        select jsonb_build_object('team', t.name, 'role', m.role, 'joined_at', m.joined_at)::text
        from accounts.team_member m join accounts.team t on t.team_id = m.team_id where m.user_id = @User order by m.joined_at
        """;

    // A team outlives its owner: who is next in rank, and then the longest there, takes it over. One without anybody else goes.
    const string StepDownSql = "update accounts.team_member set role = 'member' where user_id = @User and role = 'owner'";

    const string HeirSql = """
        with heir as (
            select distinct on (x.team_id) x.team_id, x.user_id
            from accounts.team_member m join accounts.team_member x on x.team_id = m.team_id and x.user_id <> @User
            where m.user_id = @User and not exists (select from accounts.team_member o where o.team_id = m.team_id and o.role = 'owner')
            order by x.team_id, x.role = 'admin' desc, x.joined_at, x.user_id
        ), empty as (
            delete from accounts.team t using accounts.team_member m
            where m.team_id = t.team_id and m.user_id = @User
              and not exists (select from accounts.team_member x where x.team_id = t.team_id and x.user_id <> @User)
        )
        update accounts.team_member n set role = 'owner' from heir where n.team_id = heir.team_id and n.user_id = heir.user_id
        """;

    const string InvitationSql = """
        delete from accounts.team_invitation i using accounts.user u where u.user_id = @User and i.email_key = u.email_key
        """;

    internal static readonly PersonTable[] All =
    [
        new("accounts.user", Export: UserSql),
        new("accounts.preference", Export: PreferenceSql),
        new("accounts.session", Export: SessionSql),
        new("accounts.api_key", Export: ApiKeySql),
        new("accounts.team_member", StepDownSql, MembershipSql),
        new("accounts.team", HeirSql),
        new("accounts.team_invitation", InvitationSql),
        new("accounts.team_workspace", Kept: "It is the team's. Who made it is forgotten."),
        new("accounts.erased", Kept: "An id and a time, to sweep away what was written a moment too late."),
    ];
}
