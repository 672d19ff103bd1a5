using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Data;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Control;

public sealed class LimitTests(GatewayTables tables) : IClassFixture<GatewayTables>, IDisposable
{
    readonly SteppedClock clock = new();
    readonly NodeBroadcast broadcast = new();
    readonly RecordingOutbox outbox = new();
    readonly Consumer person = LimitTables.NewConsumer();
    readonly List<LimitNode> nodes = [];

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(390)]
    public async Task Of_400_calls_at_once_exactly_as_many_pass_as_are_allowed(int amount)
    {
        var limit = await tables.Db.LimitAsync(person, "requests", amount);
        var node = NewNode();

        var passed = await CountAsync(Enumerable.Repeat(node, 400));

        passed.ShouldBe(amount);
        await node.ReturnAllAsync();
        (await tables.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(amount, 0, 0));
    }

    [Fact]
    public async Task Over_several_nodes_exactly_as_many_pass_as_are_allowed()
    {
        var limit = await tables.Db.LimitAsync(person, "requests", 300);
        LimitNode[] several = [NewNode(), NewNode(), NewNode()];

        var passed = await CountAsync(Enumerable.Range(0, 360).Select(i => several[i % 3]));

        passed.ShouldBeLessThanOrEqualTo(300);
        await Eventually.BeTrueAsync(async () => (passed += await CountAsync(several)) >= 300);
        passed.ShouldBe(300);
        (await CountAsync(several)).ShouldBe(0);
        foreach (var node in several)
            await node.ReturnAllAsync();
        (await tables.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(300, 0, 0));
    }

    [Fact]
    public async Task What_another_node_holds_and_does_not_need_is_recalled()
    {
        await tables.Db.LimitAsync(person, "tokens", 1_000);
        var patient = new GatewayOptions { LimitLease = TimeSpan.FromMinutes(10), LimitRecallPatience = TimeSpan.FromSeconds(30) };
        using var idle = new LimitNode(tables.Db, broadcast, clock, patient);
        using var busy = new LimitNode(tables.Db, broadcast, clock, patient);
        (await idle.ReserveAsync(person, new CallAmounts(10, 0))).Settle(new CallAmounts(10, 0));

        (await idle.TryAsync(person, new CallAmounts(5, 0))).Succeeded.ShouldBeTrue("there is some left in hand");
        (await busy.TryAsync(person, new CallAmounts(985, 0))).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Ten_thousand_calls_need_few_round_trips()
    {
        var limit = await tables.Db.LimitAsync(person, "requests", 1_000_000);
        var node = NewNode();

        for (var second = 0; second < 10; second++)
        {
            (await CountAsync(Enumerable.Repeat(node, 1_000))).ShouldBe(1_000);
            await node.FlushAsync();
        }

        var trips = await tables.Db.FindAsync<long>("select sequence from gateway.tranche where limit_id = @Id", new { Id = limit }, CancellationToken.None);
        trips.ShouldBeLessThan(60);
        (await tables.Db.UseAsync(limit)).Spent.ShouldBe(10_000);
    }

    [Fact]
    public async Task A_restart_keeps_the_count()
    {
        var limit = await tables.Db.LimitAsync(person, "requests", 50);
        var before = NewNode();
        (await CountAsync(Enumerable.Repeat(before, 20))).ShouldBe(20);
        await before.ReturnAllAsync();
        before.Dispose();

        var after = NewNode();

        (await CountAsync(Enumerable.Repeat(after, 60))).ShouldBe(30);
        await after.ReturnAllAsync();
        (await tables.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(50, 0, 0));
    }

    [Fact]
    public async Task What_a_dead_node_held_is_free_again_and_what_it_had_written_stays_spent()
    {
        var limit = await tables.Db.LimitAsync(person, "tokens", 100);
        var (dying, living) = (NewNode(), NewNode());
        (await dying.ReserveAsync(person, new CallAmounts(30, 0))).Settle(new CallAmounts(30, 0));
        await dying.FlushAsync();
        await dying.ReserveAsync(person, new CallAmounts(50, 0));
        (await living.TryAsync(person, new CallAmounts(60, 0))).Succeeded.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));

        await dying.DieAsync();
        await LimitNode.NewReaper(tables.Db, living.Node, clock).ReapAsync(all: false, CancellationToken.None);

        (await tables.Db.UseAsync(limit)).Spent.ShouldBe(30);
        (await living.ReserveAsync(person, new CallAmounts(70, 0))).Settle(new CallAmounts(70, 0));
        await living.ReturnAllAsync();
        (await tables.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(100, 0, 0));
    }

    [Fact]
    public async Task A_node_whose_lease_is_over_uses_nothing_of_what_it_held()
    {
        await tables.Db.LimitAsync(person, "tokens", 100);
        var (silent, other) = (NewNode(), NewNode());
        (await silent.ReserveAsync(person, new CallAmounts(1, 0))).Settle(new CallAmounts(1, 0));
        clock.Advance(TimeSpan.FromMinutes(10));
        await silent.DieAsync();
        await LimitNode.NewReaper(tables.Db, other.Node, clock).ReapAsync(all: false, CancellationToken.None);
        (await other.TryAsync(person, new CallAmounts(99, 0))).Succeeded.ShouldBeTrue("what the silent node spent last was not written");

        (await silent.TryAsync(person, new CallAmounts(1, 0))).Succeeded.ShouldBeFalse("now it is");
    }

    [Fact]
    public async Task What_was_not_used_comes_back_and_what_was_used_beyond_is_taken()
    {
        var limit = await tables.Db.LimitAsync(person, "tokens", 1_000);
        var node = NewNode();

        var below = await node.ReserveAsync(person, new CallAmounts(600, 0));
        (await node.TryAsync(person, new CallAmounts(500, 0))).Succeeded.ShouldBeFalse();
        below.Settle(new CallAmounts(100, 0));
        below.Settle(new CallAmounts(900, 0));
        clock.Advance(TimeSpan.FromSeconds(1));
        var above = await node.ReserveAsync(person, new CallAmounts(800, 0));
        above.Settle(new CallAmounts(1_200, 0));

        (await node.TryAsync(person, new CallAmounts(1, 0))).Error!.Code.ShouldBe("gateway.limit_tokens");
        await node.ReturnAllAsync();
        (await tables.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(1_300, 0, 0));
    }

    [Fact]
    public async Task Every_limit_that_concerns_a_call_must_have_room_or_none_is_touched()
    {
        var requests = await tables.Db.LimitAsync(person, "requests", 10);
        var cost = await tables.Db.LimitAsync(person, "cost", 500, kind: "key", subject: person.KeyId.ToString());
        var node = NewNode();

        (await node.ReserveAsync(person, new CallAmounts(0, 400))).Settle(new CallAmounts(0, 450));
        var refused = await node.TryAsync(person, new CallAmounts(0, 100));

        refused.Error!.Code.ShouldBe("gateway.budget_exhausted");
        (await node.TryAsync(person, new CallAmounts(0, 0))).Succeeded.ShouldBeTrue("what costs nothing passes any budget");
        await node.ReturnAllAsync();
        (await tables.Db.UseAsync(requests)).ShouldBe(new LimitTables.Use(2, 0, 0));
        (await tables.Db.UseAsync(cost)).ShouldBe(new LimitTables.Use(450, 0, 0));
    }

    [Theory]
    [InlineData("minute", 60)]
    [InlineData("hour", 3600)]
    [InlineData("day", 12 * 3600)]
    [InlineData("month", ((10 * 24) + 12) * 3600)]
    [InlineData("none", null)]
    public async Task A_new_window_begins_with_the_calendar_and_a_refusal_says_when(string window, int? seconds)
    {
        var limit = await tables.Db.LimitAsync(person, "requests", 3, window);
        var node = NewNode();
        (await CountAsync(Enumerable.Repeat(node, 5))).ShouldBe(3);

        var refused = (await node.TryAsync(person)).Error!;

        (refused.Status, refused.Code).ShouldBe((429, "gateway.limit_requests"));
        refused.Extensions?["retryAfterSeconds"].ShouldBe((long?)seconds);
        clock.Advance(TimeSpan.FromSeconds(seconds ?? 400 * 24 * 3600));
        (await CountAsync(Enumerable.Repeat(node, 5))).ShouldBe(seconds is null ? 0 : 3);
        await node.FlushAsync();
        (await tables.Db.UseAsync(limit)).Spent.ShouldBe(seconds is null ? 3 : 6);
    }

    [Fact]
    public async Task A_call_counts_in_the_window_it_began_in()
    {
        var limit = await tables.Db.LimitAsync(person, "tokens", 100, "minute");
        var node = NewNode();
        var call = await node.ReserveAsync(person, new CallAmounts(100, 0));
        clock.Advance(TimeSpan.FromMinutes(1));

        (await node.ReserveAsync(person, new CallAmounts(100, 0))).Settle(new CallAmounts(100, 0));
        call.Settle(new CallAmounts(70, 0));
        await node.FlushAsync();

        var spent = await tables.Db.QueryAsync<long>("select spent from gateway.allowance where limit_id = @Id order by window_start", new { Id = limit }, CancellationToken.None);
        spent.ShouldBe([70, 100]);
    }

    [Fact]
    public async Task Calls_at_the_same_time_are_counted_as_long_as_they_run()
    {
        var limit = await tables.Db.LimitAsync(person, "streams", 5, "none");
        var (one, other) = (NewNode(), NewNode());
        var running = new List<IReservation>();
        for (var i = 0; i < 5; i++)
            running.Add(await (i % 2 == 0 ? one : other).ReserveAsync(person));

        var refused = (await one.TryAsync(person)).Error!;
        (refused.Code, refused.Extensions!["retryAfterSeconds"]).ShouldBe(("gateway.limit_streams", 1L));

        running[1].Settle(default);
        // The other node is asked to give back what it does not need, for which it has a second of real time.
        IReservation? sixth = null;
        await Eventually.BeTrueAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return (await one.TryAsync(person)).TryGet(out sixth, out _);
        });
        foreach (var call in running.Append(sixth!))
            call.Settle(default);
        await one.ReturnAllAsync();
        await other.ReturnAllAsync();
        (await tables.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(0, 0, 0));
    }

    [Fact]
    public async Task A_limit_that_warns_refuses_nothing_and_tells_once_in_each_window()
    {
        var limit = await tables.Db.LimitAsync(person, "requests", 3, "minute", "warn");
        var node = NewNode();

        (await CountAsync(Enumerable.Repeat(node, 10))).ShouldBe(10);
        await node.FlushAsync();
        (await CountAsync(Enumerable.Repeat(node, 10))).ShouldBe(10);
        await node.FlushAsync();

        var told = outbox.Sent.ShouldHaveSingleItem();
        (told.LimitId, told.SubjectKind, told.Meter, told.Window, told.Percent, told.Spent, told.Amount).ShouldBe((limit, "user", "requests", "minute", 100, 10, 3));
        clock.Advance(TimeSpan.FromMinutes(1));
        (await CountAsync(Enumerable.Repeat(node, 3))).ShouldBe(3);
        await node.FlushAsync();
        outbox.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_limit_that_stops_tells_at_80_and_at_100_per_cent()
    {
        await tables.Db.LimitAsync(person, "tokens", 100);
        var node = NewNode();

        foreach (var tokens in new[] { 79, 1, 10, 10 })
        {
            (await node.ReserveAsync(person, new CallAmounts(tokens, 0))).Settle(new CallAmounts(tokens, 0));
            await node.FlushAsync();
        }

        outbox.Sent.Select(told => (told.Percent, told.Spent)).ShouldBe([(80, 80), (100, 100)]);
    }

    [Fact]
    public async Task Limits_concern_keys_people_plans_routes_or_all()
    {
        var route = $"route-{Guid.CreateVersion7():N}";
        var plan = $"plan-{Guid.CreateVersion7():N}";
        await tables.Db.LimitAsync(person, "requests", 1, kind: "route", subject: $"{route}/*");
        await tables.Db.LimitAsync(person, "requests", 2, kind: "plan", subject: plan);
        var node = NewNode();
        var other = LimitTables.NewConsumer(plan);

        (await node.TryAsync(person, route: $"{route}/a")).Succeeded.ShouldBeTrue();
        (await node.TryAsync(other, route: $"{route}/b")).Succeeded.ShouldBeFalse();
        (await node.TryAsync(other)).Succeeded.ShouldBeTrue();
        (await node.TryAsync(other)).Succeeded.ShouldBeTrue();
        (await node.TryAsync(LimitTables.NewConsumer(plan))).Succeeded.ShouldBeFalse();
        (await node.TryAsync(LimitTables.NewConsumer())).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_limit_that_was_deleted_holds_nobody_up()
    {
        var limit = await tables.Db.LimitAsync(person, "requests", 2);
        var node = NewNode();
        (await CountAsync(Enumerable.Repeat(node, 3))).ShouldBe(2);

        await tables.Db.ExecuteAsync("delete from gateway.limit where limit_id = @Id", new { Id = limit }, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(1));

        (await CountAsync(Enumerable.Repeat(node, 3))).ShouldBe(3);
        await node.FlushAsync();
    }

    [Fact]
    public async Task While_the_database_is_away_calls_pass_on_what_is_in_hand_and_nothing_is_forgotten()
    {
        await using var database = await TestDatabase.CreateAsync(new MigrationSource("gateway", typeof(GatewayModule).Assembly));
        var limit = await database.Db.LimitAsync(person, "tokens", 16_000);
        using var node = new LimitNode(database.Db, broadcast, clock);
        var begun = await node.ReserveAsync(person, new CallAmounts(100, 0));

        await database.RefuseConnectionsAsync();
        await Should.ThrowAsync<Npgsql.NpgsqlException>(async () =>
        {
            begun.Settle(new CallAmounts(150, 0));
            await node.FlushAsync();
        });
        var inHand = 0;
        while ((await node.TryAsync(person, new CallAmounts(10, 0))).TryGet(out var call, out var refusal))
        {
            call.Settle(new CallAmounts(10, 0));
            inHand++;
            inHand.ShouldBeLessThan(1_000);
        }

        inHand.ShouldBeGreaterThan(0);
        var away = (await node.TryAsync(person, new CallAmounts(10, 0))).Error!;
        (away.Status, away.Code).ShouldBe((503, "kernel.database_unavailable"));
        await database.AcceptConnectionsAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.PassAsync(node.FlushAsync);
        (await database.Db.UseAsync(limit)).Spent.ShouldBe(150 + (inHand * 10));
        await Eventually.BeTrueAsync(async () => (await node.TryAsync(person, new CallAmounts(10, 0))).Succeeded);
    }

    public void Dispose()
    {
        foreach (var node in nodes)
            node.Dispose();
    }

    LimitNode NewNode()
    {
        var node = new LimitNode(tables.Db, broadcast, clock, outbox: outbox);
        nodes.Add(node);
        return node;
    }

    /// <summary>How many of these calls pass, all made at the same time.</summary>
    async Task<int> CountAsync(IEnumerable<LimitNode> callers)
    {
        var calls = await Task.WhenAll(callers.Select(node => Task.Run(async () => await node.TryAsync(person))));
        return calls.Count(call => call.Succeeded);
    }
}
