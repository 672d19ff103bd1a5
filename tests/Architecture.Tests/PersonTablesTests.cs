using JeanTrail.Host;
using JeanTrail.Kernel.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Architecture.Tests;

/// <summary>The data map is whole: what belongs to a person is erased with them, or it is written down why it stays.</summary>
public sealed class PersonTablesTests(SqlPreparationTests.WholeDatabase database) : IClassFixture<SqlPreparationTests.WholeDatabase>
{
    /// <summary>Columns that hold a person's id.</summary>
    static readonly string[] Columns = ["user_id", "owner_id", "person_id", "actor_id", "tenant", "tenant_id", "account_id", "member_id", "author_id", "created_by", "invited_by", "shared_with"];

    // A table goes with the account when a chain of cascading foreign keys leads from it to the account's row.
    const string UncoveredSql = """
        with recursive gone as (
            select 'accounts.user'::regclass::oid as table_id
            union
            select c.conrelid from pg_constraint c join gone g on c.confrelid = g.table_id where c.contype = 'f' and c.confdeltype = 'c'
        )
        select distinct n.nspname || '.' || t.relname
        from pg_class t join pg_namespace n on n.oid = t.relnamespace join pg_attribute a on a.attrelid = t.oid
        where t.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and a.attnum > 0 and not a.attisdropped
          and a.attname = any(@Columns) and t.oid not in (select table_id from gone) and not (n.nspname || '.' || t.relname = any(@Named))
        order by 1
        """;

    const string ExistsSql = "select name from unnest(@Named) as name where to_regclass(name) is null";

    [Fact]
    public async Task Every_table_with_a_persons_id_goes_with_the_account_or_is_in_the_data_map()
        => (await UncoveredAsync(Map())).ShouldBeEmpty();

    [Fact]
    public async Task A_table_that_nobody_named_is_found()
        => (await UncoveredAsync([.. Map().Where(table => table.Table != "agents.note")])).ShouldBe(["agents.note"]);

    [Fact]
    public async Task The_map_names_only_what_exists_and_each_table_once()
    {
        var map = Map();

        (await database.Db.QueryAsync<string>(ExistsSql, new { Named = map.Select(table => table.Table).ToArray() }, default)).ShouldBeEmpty();
        map.Select(table => table.Table).ShouldBeUnique();
        map.Where(table => table is { Erase: not null, Kept: not null }).ShouldBeEmpty("either it goes or it stays");
        map.Where(table => table is { Erase: null, Export: null, Kept: null }).ShouldBeEmpty("a line says something");
    }

    [Fact]
    public async Task What_erases_runs_twice_without_harm()
    {
        foreach (var table in Map())
        {
            for (var run = 0; run < 2 && table.Erase is { } erase; run++)
                await database.Db.ExecuteAsync(erase, new { User = Guid.CreateVersion7(), Email = (string?)null }, default);
            if (table.Export is { } export)
                (await database.Db.QueryAsync<string>(export, new { User = Guid.CreateVersion7() }, default)).ShouldBeEmpty(table.Table);
        }
    }

    Task<IReadOnlyList<string>> UncoveredAsync(IReadOnlyList<PersonTable> map)
        => database.Db.QueryAsync<string>(UncoveredSql, new { Columns, Named = map.Select(table => table.Table).ToArray() }, default);

    static List<PersonTable> Map()
    {
        var app = JeanTrailHost.Build(new HostSettings(Path.GetTempPath(), Endpoint: null));
        return [.. app.Services.GetServices<PersonTable>()];
    }
}
