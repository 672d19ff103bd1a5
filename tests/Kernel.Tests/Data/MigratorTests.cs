using JeanTrail.Kernel.Data;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Data;

public sealed class MigratorTests : IAsyncLifetime
{
    static readonly (string, string) First = ("20260101_01_shelf", "create table library.shelf (id int primary key);");
    static readonly (string, string) Second = ("20260102_01_book", "create table library.book (id int primary key, shelf_id int not null references library.shelf);");

    TestDatabase database = null!;

    public async Task InitializeAsync() => database = await TestDatabase.CreateEmptyAsync();

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Migrations_apply_once_in_the_order_of_their_names()
    {
        (await ApplyAsync(Second, First)).ShouldBe(2);
        (await ApplyAsync(Second, First)).ShouldBe(0);

        (await TableAsync("library.book")).ShouldBeTrue();
        (await database.Db.QueryAsync<string>("select name from kernel.migration order by applied_at, name", null, default))
            .ShouldBe(["20260101_01_shelf", "20260102_01_book"]);
    }

    [Fact]
    public async Task A_new_migration_applies_over_the_old_ones()
    {
        await ApplyAsync(First);

        (await ApplyAsync(First, Second)).ShouldBe(1);
    }

    [Fact]
    public async Task A_migration_that_was_changed_after_it_was_applied_is_refused()
    {
        await ApplyAsync(First);

        var failure = await Should.ThrowAsync<MigrationException>(() => ApplyAsync((First.Item1, "create table library.shelf (id bigint primary key);"), Second));

        failure.Message.ShouldContain("library/20260101_01_shelf was changed");
        (await TableAsync("library.book")).ShouldBeFalse();
    }

    [Fact]
    public async Task Other_line_endings_are_not_a_change()
    {
        await ApplyAsync(("20260101_01_shelf", "create table library.shelf (\n  id int primary key);\n"));

        (await ApplyAsync(("20260101_01_shelf", "create table library.shelf (\r\n  id int primary key);\r\n"))).ShouldBe(0);
    }

    [Fact]
    public async Task A_failing_migration_leaves_nothing_of_itself_and_keeps_the_earlier_ones()
    {
        (string, string) broken = ("20260102_01_broken", "create table library.half (id int); insert into library.nowhere values (1);");

        var failure = await Should.ThrowAsync<MigrationException>(() => ApplyAsync(First, broken));

        failure.Message.ShouldContain("library/20260102_01_broken failed");
        failure.InnerException.ShouldBeOfType<PostgresException>();
        (await TableAsync("library.shelf")).ShouldBeTrue();
        (await TableAsync("library.half")).ShouldBeFalse();
        (await ApplyAsync(First, Second)).ShouldBe(1);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_apply_each_migration_once()
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ApplyAsync(First, Second))));

        counts.Sum().ShouldBe(2);
        (await database.Db.FindAsync<long>("select count(*) from kernel.migration", null, default)).ShouldBe(2);
    }

    Task<int> ApplyAsync(params (string, string)[] scripts)
        => new Migrator(database.Source, [ScriptedMigrations.Source("library", scripts)], TimeProvider.System, NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);

    Task<bool> TableAsync(string name) => database.Db.FindAsync<bool>("select to_regclass(@name) is not null", new { name }, default);
}
