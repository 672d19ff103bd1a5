using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Messaging;

public sealed class OutboxTests : IAsyncLifetime
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    readonly FakeClock clock = new();
    TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await database.Db.ExecuteAsync("create table public.effect (consumer text not null, number int not null, event_id uuid not null)", null, default);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task An_event_has_its_effect_once_at_each_of_its_consumers()
    {
        await using var node = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first").AddEventConsumer<Counted, Second>("test.second"));

        await PublishAsync(1);

        await EffectsAsync(("test.first", 1), ("test.second", 1));
        await Eventually.BeTrueAsync(async () => await CountAsync("kernel.delivery") == 0);
        (await CountAsync("kernel.inbox")).ShouldBe(2);
    }

    [Fact]
    public async Task An_event_of_a_transaction_that_rolled_back_is_never_delivered()
    {
        await using var node = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"));

        await Should.ThrowAsync<InvalidOperationException>(() => database.Db.InTransactionAsync(async Task (tx) =>
        {
            await new Outbox(clock).PublishAsync(tx, new Counted(1), default);
            throw new InvalidOperationException();
        }, default));
        await PublishAsync(2);

        await EffectsAsync(("test.first", 2));
    }

    [Fact]
    public async Task An_event_committed_while_no_dispatcher_runs_is_delivered_by_the_next_one()
    {
        await (await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"))).DisposeAsync();
        await PublishAsync(1);

        await using var next = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"));

        await EffectsAsync(("test.first", 1));
    }

    [Fact]
    public async Task A_node_that_dies_in_the_middle_of_a_delivery_leaves_it_to_another()
    {
        var gate = new Gate { Closed = true };
        await using var dying = await StartAsync(services => services.AddSingleton(gate).AddEventConsumer<Counted, Gated>("test.gated"), new FakeClock());
        await PublishAsync(1);
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);

        await using var other = await StartAsync(services => services.AddSingleton(new Gate()).AddEventConsumer<Counted, Gated>("test.gated"));
        (await CountAsync("public.effect")).ShouldBe(0);
        await database.Db.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'", null, default);

        await clock.UntilAsync(Step, async () => await CountAsync("public.effect") > 0);
        gate.Open();
        await EffectsAsync(("test.gated", 1));
        await Eventually.BeTrueAsync(async () => await CountAsync("kernel.delivery") == 0);
    }

    [Fact]
    public async Task A_repeated_delivery_has_no_second_effect()
    {
        await using var node = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"));
        await PublishAsync(1);
        await EffectsAsync(("test.first", 1));

        await database.Db.ExecuteAsync(
            "insert into kernel.delivery (consumer, event_id, next_at) select 'test.first', event_id, occurred_at from kernel.outbox", null, default);

        await clock.UntilAsync(Step, async () => await CountAsync("kernel.delivery") == 0);
        (await CountAsync("public.effect")).ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_consumer_is_tried_again_with_growing_pauses_and_holds_nobody_else()
    {
        var failing = new Failing { Left = 3 };
        await using var node = await StartAsync(services => services.AddSingleton(failing).AddEventConsumer<Counted, Flaky>("test.flaky").AddEventConsumer<Counted, First>("test.first"));

        await PublishAsync(1);
        await EffectsAsync(("test.first", 1));
        (await AttemptAsync()).ShouldBeLessThanOrEqualTo(1);
        await clock.UntilAsync(Step, async () => await CountAsync("public.effect") == 2);

        failing.Attempts.ShouldBe([1, 2, 3, 4]);
        var pauses = failing.At.Zip(failing.At.Skip(1), (earlier, later) => later - earlier).ToArray();
        // Half of a pause is chance, and time goes on while a delivery is taken: only their least lengths are sure.
        for (var n = 0; n < pauses.Length; n++)
            pauses[n].ShouldBeGreaterThanOrEqualTo(new OutboxOptions().FirstRetry * Math.Pow(2, n) / 2);
        await EffectsAsync(("test.first", 1), ("test.flaky", 1));
    }

    [Fact]
    public async Task An_event_that_never_works_becomes_a_dead_letter_and_the_next_one_goes_through()
    {
        using var metric = new MetricProbe("kernel.delivery.count");
        var failing = new Failing { Left = 3 };
        var settings = new Dictionary<string, string?> { ["Outbox:MaxAttempts"] = "3" };
        await using var node = await StartAsync(services => services.AddSingleton(failing).AddEventConsumer<Counted, Flaky>("test.dying"), settings: settings);

        await PublishAsync(1);
        await clock.UntilAsync(Step, async () => await CountAsync("kernel.delivery where dead_at is not null") == 1);
        await PublishAsync(2);

        await EffectsAsync(("test.flaky", 2));
        await Eventually.BeTrueAsync(() => metric.Sum(("consumer", "test.dying"), ("outcome", "dead")) == 1, "the dead letter is counted once its transaction is over");
        (await database.Db.FindAsync<string>("select last_error from kernel.delivery", null, default)).ShouldNotBeNull().ShouldContain("not today");
    }

    [Fact]
    public async Task A_consumer_whose_SQL_fails_is_recorded_as_failed_though_its_transaction_is_aborted()
    {
        await using var node = await StartAsync(services => services.AddEventConsumer<Counted, BadSql>("test.bad"));

        await PublishAsync(1);

        await Eventually.BeTrueAsync(async () => await AttemptAsync() == 1);
        (await CountAsync("kernel.inbox")).ShouldBe(0);
    }

    [Fact]
    public async Task A_consumer_that_hangs_is_cancelled_and_counted_as_failed()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(services => services.AddSingleton(gate).AddEventConsumer<Counted, Gated>("test.gated"));

        await PublishAsync(1);
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);
        clock.Advance(new OutboxOptions().HandlerTimeout);

        await Eventually.BeTrueAsync(async () => await AttemptAsync() == 1);
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_is_a_failure_and_not_the_end()
    {
        await using var node = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"));

        await database.Db.ExecuteAsync(
            "insert into kernel.outbox (event_id, name, payload, occurred_at) values (gen_random_uuid(), 'test.counted.v1', '{\"number\":\"x\"}', @Now)",
            new { Now = clock.GetUtcNow() }, default);
        await PublishAsync(2);

        await EffectsAsync(("test.first", 2));
        await Eventually.BeTrueAsync(async () => await AttemptAsync() == 1);
    }

    [Fact]
    public async Task A_node_without_the_consumer_fans_out_to_those_of_other_nodes()
    {
        await using (await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first")))
            await Eventually.BeTrueAsync(async () => await CountAsync("kernel.subscription") == 1);
        await using var bare = await StartAsync(_ => { });

        await PublishAsync(1);

        await Eventually.BeTrueAsync(async () => await CountAsync("kernel.delivery where consumer = 'test.first'") == 1);
    }

    [Fact]
    public async Task Two_nodes_share_the_work_and_every_effect_happens_once()
    {
        await using var one = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"));
        await using var two = await StartAsync(services => services.AddEventConsumer<Counted, First>("test.first"));

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => await PublishAsync(number));

        await clock.UntilAsync(Step, async () => await CountAsync("kernel.outbox where dispatched_at is null") == 0 && await CountAsync("kernel.delivery") == 0);
        (await database.Db.QueryAsync<int>("select number from public.effect order by number", null, default)).ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task Upkeep_forgets_what_was_delivered_and_keeps_what_is_owed()
    {
        var failing = new Failing { Left = int.MaxValue };
        await using var node = await StartAsync(services => services.AddSingleton(failing).AddEventConsumer<Counted, Flaky>("test.flaky").AddEventConsumer<Told, Other>("test.other"));
        await PublishAsync(1);
        await database.Db.InTransactionAsync(tx => new Outbox(clock).PublishAsync(tx, new Told(2), default), default);
        await EffectsAsync(("test.other", 2));
        await Eventually.BeTrueAsync(async () => await AttemptAsync() == 1);

        var later = new FakeClock(clock.GetUtcNow() + new OutboxOptions().Retention + TimeSpan.FromHours(1));
        await ActivatorUtilities.CreateInstance<KernelUpkeep>(node.Get<IServiceProvider>(), later).RunAsync(default);

        (await database.Db.QueryAsync<string>("select name from kernel.outbox", null, default)).ShouldBe(["test.counted.v1"]);
    }

    Task<TestNode> StartAsync(Action<IServiceCollection> configure, FakeClock? own = null, Dictionary<string, string?>? settings = null)
        => TestNode.StartAsync(database, own ?? clock, configure, settings: settings);

    Task PublishAsync(int number)
        => database.Db.InTransactionAsync(tx => new Outbox(clock).PublishAsync(tx, new Counted(number), default), default);

    async Task<int> AttemptAsync() => await database.Db.FindAsync<int?>("select attempt from kernel.delivery", null, default) ?? 0;

    Task<long> CountAsync(string from) => database.Db.FindAsync<long>($"select count(*) from {from}", null, default);

    async Task EffectsAsync(params (string Consumer, int Number)[] expected)
    {
        async Task<(string, int)[]> Read()
            => [.. await database.Db.QueryAsync<(string, int)>("select consumer, number from public.effect order by consumer, number", null, default)];
        await Eventually.BeTrueAsync(async () => (await Read()).Length >= expected.Length, "the effects are there");
        (await Read()).ShouldBe(expected);
    }
}
