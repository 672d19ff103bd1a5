using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Data;

public sealed class RowScopeTests(RowScopeTests.ThingsDatabase database) : IClassFixture<RowScopeTests.ThingsDatabase>
{
    const string Add = "insert into things.thing (user_id) values (@User)";
    const string ReadAll = "select user_id from things.thing";

    static readonly MigrationSource Things = ScriptedMigrations.Source("things", ("01_thing", """
        create table things.thing (thing_id bigint primary key generated always as identity, user_id uuid not null);
        alter table things.thing enable row level security;
        create policy own_rows on things.thing to jeantrail_person using (user_id = kernel.person());
        """));

    static readonly FakeClock Clock = new();

    readonly UserId ada = Ids.New<UserId>(Clock);
    readonly UserId eve = Ids.New<UserId>(Clock);

    Db Db => database.Db;

    [Fact]
    public async Task In_a_persons_scope_only_their_rows_are_there_whatever_a_statement_forgot()
    {
        await AddAsync(ada, eve);

        using (RowScope.Of(eve))
        {
            (await Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldBe([eve]);
            (await Db.ExecuteAsync("delete from things.thing where user_id <> @Eve", new { Eve = eve }, default)).ShouldBe(0);
            (await Db.InTransactionAsync(tx => tx.QueryAsync<UserId>(ReadAll, null, default), default)).ShouldBe([eve]);
        }

        (await Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldContain(ada);
    }

    [Fact]
    public async Task Nobody_writes_rows_in_anothers_name()
    {
        using var scope = RowScope.Of(eve);

        (await Should.ThrowAsync<PostgresException>(() => Db.ExecuteAsync(Add, new { User = ada }, default))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Db.ExecuteAsync(Add, new { User = eve }, default)).ShouldBe(1);
    }

    [Fact]
    public async Task Many_people_on_few_connections_never_see_each_other()
    {
        var people = Enumerable.Range(0, 30).Select(_ => Ids.New<UserId>(Clock)).ToArray();
        await AddAsync(people);

        await Task.WhenAll(people.Select(async person =>
        {
            using var scope = RowScope.Of(person);
            for (var read = 0; read < 40; read++)
                (await Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldBe([person]);
        }));
    }

    [Fact]
    public async Task Who_was_cut_off_while_a_connection_was_told_leaves_it_to_nobody_else()
    {
        await AddAsync(ada, eve);

        for (var round = 0; round < 50; round++)
        {
            using (RowScope.Of(ada))
            {
                using var cut = new CancellationTokenSource();
                var reading = Db.QueryAsync<UserId>(ReadAll, null, cut.Token);
                await cut.CancelAsync();
                await reading.ContinueWith(_ => { }, default, TaskContinuationOptions.None, TaskScheduler.Default);
            }

            using (RowScope.Of(eve))
                (await Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldBe([eve]);
        }
    }

    [Fact]
    public async Task A_connection_that_was_made_anew_is_told_anew()
    {
        await using var cut = await TestDatabase.CreateAsync(Things);
        await cut.Db.ExecuteAsync(Add, new { User = ada }, default);
        using var scope = RowScope.Of(ada);
        (await cut.Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldBe([ada]);

        await cut.RefuseConnectionsAsync();
        await cut.AcceptConnectionsAsync();

        (await EventuallyAsync(() => cut.Db.QueryAsync<UserId>(ReadAll, null, default))).ShouldBe([ada]);
    }

    [Fact]
    public async Task Leaving_a_scope_gives_back_the_one_before()
    {
        await AddAsync(ada, eve);

        using (RowScope.Of(ada))
        {
            using (RowScope.Server())
                (await Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldContain(eve);
            (await Db.QueryAsync<UserId>(ReadAll, null, default)).ShouldBe([ada]);
        }

        RowScope.Person.ShouldBeNull();
    }

    [Fact]
    public async Task Letters_and_the_record_are_written_for_people_and_read_by_the_server_alone()
    {
        using var scope = RowScope.Of(ada);

        foreach (var sql in (string[])["select recipient from kernel.mail", "select act from kernel.audit", "delete from kernel.mail", "select checksum from kernel.migration"])
            (await Should.ThrowAsync<PostgresException>(() => Db.QueryAsync<string>(sql, null, default))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
    }

    async Task AddAsync(params UserId[] people)
    {
        foreach (var person in people)
            await Db.ExecuteAsync(Add, new { User = person }, default);
    }

    // The first use of a connection that the database cut fails; the pool then makes a new one.
    static async Task<T> EventuallyAsync<T>(Func<Task<T>> act)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (NpgsqlException) when (attempt < 30)
            {
                await Task.Yield();
            }
        }
    }

    public sealed class ThingsDatabase : IAsyncLifetime
    {
        TestDatabase database = null!;

        public Db Db => database.Db;

        public async Task InitializeAsync() => database = await TestDatabase.CreateAsync(Things);

        public async Task DisposeAsync() => await database.DisposeAsync();
    }
}
