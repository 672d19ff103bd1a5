using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Npgsql;

namespace JeanTrail.Security.Tests;

/// <summary>The second lock: what the database hides from a person whose statement forgot its <c>where</c>.</summary>
public sealed class RowSecurityTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    const string TablesSql = """
        select n.nspname || '.' || quote_ident(c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
          and c.relrowsecurity = @Locked
          and has_table_privilege('jeantrail_person', c.oid, 'select')
        order by 1
        """;

    /// <summary>Tables that a person's requests may read whole: nothing in them is anybody's.</summary>
    static readonly string[] NobodysTables =
    [
        "accounts.identity_provider", "accounts.plan_quota", "accounts.setting", "accounts.sign_in_attempt", "chat.blob_watch", "chat.model_tokens",
        "gateway.\"limit\"", "gateway.alert", "gateway.alert_rule", "gateway.allowance", "gateway.node", "gateway.price", "gateway.provider", "gateway.route", "gateway.tranche",
        "kernel.audit_head", "kernel.data_key", "kernel.delivery", "kernel.inbox", "kernel.lease", "kernel.outbox", "kernel.periodic_task", "kernel.subscription",
    ];

    Db Db => server.Host.Database.Db;

    [Fact]
    public async Task Every_table_has_the_lock_or_is_known_to_be_nobodys()
        => (await Db.QueryAsync<string>(TablesSql, new { Locked = false }, default)).ShouldBe(NobodysTables);

    [Fact]
    public async Task Who_has_nothing_sees_nothing_and_changes_nothing_in_any_table()
    {
        var tables = await Db.QueryAsync<string>(TablesSql, new { Locked = true }, default);
        var victim = UserId.From(server.VictimId);
        var filled = new List<string>();
        foreach (var table in tables)
        {
            if (await CountAsync(table) > 0)
                filled.Add(table);
        }

        filled.Count.ShouldBeGreaterThan(8, "the victim left something nearly everywhere");
        using (RowScope.Of(victim))
            (await CountAsync("chat.message")).ShouldBeGreaterThan(0);

        using var nobody = RowScope.Of(Ids.New<UserId>(TimeProvider.System));
        foreach (var table in filled)
        {
            (await CountAsync(table)).ShouldBe(0, table);
            (await Db.ExecuteAsync($"delete from {table}", null, default)).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task A_person_sees_no_letters_no_record_and_not_the_code_of_the_first_start()
    {
        using var person = RowScope.Of(UserId.From(server.VictimId));

        foreach (var table in (string[])["kernel.mail", "kernel.audit", "kernel.migration", "accounts.owner_setup", "gateway.reply", "gateway.provider_key"])
            (await Should.ThrowAsync<PostgresException>(() => Db.QueryAsync<string>($"select t::text from {table} t", null, default))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, table);
    }

    Task<long> CountAsync(string table) => Db.FindAsync<long>($"select count(*) from {table}", null, default);
}
