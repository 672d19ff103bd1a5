using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Tests.Messaging;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Jobs;

public sealed class JobTests : IAsyncLifetime
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    static readonly UserId Owner = new(Guid.CreateVersion7());

    readonly FakeClock clock = new();
    readonly Journal journal = new();
    TestDatabase database = null!;

    public async Task InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_job_runs_and_its_owner_sees_how_it_goes()
    {
        await using var node = await StartAsync(services => services.AddJobHandler<Plain, Work>());
        var told = new ConcurrentQueue<JsonElement>();
        using var listening = node.Get<IBroadcast>().Listen("kernel.live", (payload, _) =>
        {
            told.Enqueue(JsonElement.Parse(payload));
            return Task.CompletedTask;
        });

        var id = await EnqueueAsync(node, new(Plain.Kind, new Work(7), Owner));

        await StateAsync(node, id, "succeeded");
        journal.Runs.ShouldBe([(7, 1)]);
        var status = (await node.Get<IJobs>().FindAsync(id, Owner, default)).ShouldNotBeNull();
        status.Progress.ShouldBe(1);
        status.Note.ShouldBe("half");
        await Eventually.BeTrueAsync(() => told.Count == 2);
        told.ShouldAllBe(message => message.GetProperty("topic").GetString() == $"user:{Owner.Value}" && message.GetProperty("name").GetString() == "jobs.progress");
        told.Select(message => message.GetProperty("data").GetProperty("fraction").GetDouble()).ShouldBe([0.5, 1]);
        told.Last().GetProperty("data").GetProperty("jobId").GetGuid().ShouldBe(id);
    }

    [Fact]
    public async Task A_job_of_someone_else_is_neither_seen_nor_cancelled()
    {
        await using var node = await StartAsync(_ => { });
        var id = await EnqueueAsync(node, new(Plain.Kind, new Work(7), Owner));
        var stranger = new UserId(Guid.CreateVersion7());

        (await node.Get<IJobs>().FindAsync(id, stranger, default)).ShouldBeNull();
        (await node.Get<IJobs>().CancelAsync(id, stranger, default)).ShouldBeFalse();
        (await node.Get<IJobs>().FindAsync(id, Owner, default)).ShouldNotBeNull().State.ShouldBe("queued");
    }

    [Fact]
    public async Task A_failed_job_is_tried_again_later_and_succeeds()
    {
        journal.Failures = 2;
        await using var node = await StartAsync(services => services.AddJobHandler<Plain, Work>());

        var id = await EnqueueAsync(node, new(Plain.Kind, new Work(1)));
        await Eventually.BeTrueAsync(async () => (await FindAsync(node, id)).State == "queued" && !journal.Runs.IsEmpty);
        journal.Runs.Count.ShouldBe(1);

        await clock.UntilAsync(Step, async () => (await FindAsync(node, id)).State == "succeeded");
        journal.Runs.ShouldBe([(1, 1), (1, 2), (1, 3)]);
    }

    [Fact]
    public async Task A_job_that_always_fails_is_given_up()
    {
        journal.Failures = int.MaxValue;
        await using var node = await StartAsync(services => services.AddJobHandler<Plain, Work>(new JobPolicy(2)));

        var id = await EnqueueAsync(node, new(Plain.Kind, new Work(1)));

        await clock.UntilAsync(Step, async () => (await FindAsync(node, id)).State == "failed");
        (await FindAsync(node, id)).ErrorCode.ShouldBe("kernel.job_gave_up");
        journal.Runs.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_says_why_it_cannot_work_is_not_tried_again()
    {
        await using var node = await StartAsync(services => services.AddJobHandler<Refusing, Work>());

        var id = await EnqueueAsync(node, new(Refusing.Kind, new Work(1)));

        await StateAsync(node, id, "failed");
        var status = await FindAsync(node, id);
        status.ErrorCode.ShouldBe("test.no_such_file");
        status.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_running_job_is_cancelled_from_another_node_without_waiting_for_any_timer()
    {
        var gate = new Gate { Closed = true };
        await using var runs = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>());
        await using var asks = await StartAsync(_ => { });
        var id = await EnqueueAsync(asks, new(Waiting.Kind, new Work(1), Owner));
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);

        (await asks.Get<IJobs>().CancelAsync(id, Owner, default)).ShouldBeTrue();

        await StateAsync(asks, id, "cancelled");
        journal.Cancelled.ShouldBe([1]);
        (await asks.Get<IJobs>().CancelAsync(id, Owner, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancellation_whose_message_was_missed_is_found_when_the_lease_is_renewed()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>(), lease: Lease);
        var id = await EnqueueAsync(node, new(Waiting.Kind, new Work(1)));
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);

        await database.Db.ExecuteAsync("update kernel.job set cancel_requested = true", null, default);

        await clock.UntilAsync(Step, async () => (await FindAsync(node, id)).State == "cancelled");
    }

    [Fact]
    public async Task A_queued_job_is_cancelled_at_once_and_never_runs()
    {
        await using var node = await StartAsync(services => services.AddJobHandler<Plain, Work>());
        var id = await EnqueueAsync(node, new(Plain.Kind, new Work(1), RunAt: clock.GetUtcNow().AddHours(1)));
        var later = await EnqueueAsync(node, new(Plain.Kind, new Work(2), RunAt: clock.GetUtcNow().AddHours(1)));

        (await node.Get<IJobs>().CancelAsync(id, null, default)).ShouldBeTrue();
        (await FindAsync(node, id)).State.ShouldBe("cancelled");
        journal.Runs.ShouldBeEmpty();

        clock.Advance(TimeSpan.FromHours(1));
        await clock.UntilAsync(Step, async () => (await FindAsync(node, later)).State == "succeeded");
        journal.Runs.ShouldBe([(2, 1)]);
    }

    [Fact]
    public async Task The_job_of_a_dead_node_is_taken_over_and_what_the_dead_one_says_later_counts_no_more()
    {
        using var metric = new MetricProbe("kernel.job.count");
        var frozen = new Gate { Closed = true };
        await using var dead = await StartAsync(services => services.AddSingleton(frozen).AddJobHandler<Waiting, Work>(), new FakeClock(), Lease);
        var id = await EnqueueAsync(dead, new(Waiting.Kind, new Work(1), UniqueKey: "k"));
        await frozen.Entered.WaitAsync(Eventually.DefaultDeadline);

        // The dead node's clock stands still, so it renews nothing; the other's runs past the end of the lease.
        var held = new Gate { Closed = true };
        await using var other = await StartAsync(services => services.AddSingleton(held).AddJobHandler<Waiting, Work>());
        await clock.UntilAsync(Step, () => Task.FromResult(held.Entered.IsCompleted));
        journal.Runs.ShouldBe([(1, 1), (1, 2)]);
        (clock.GetUtcNow() - new FakeClock().GetUtcNow()).ShouldBeGreaterThanOrEqualTo(Lease);

        frozen.Open();
        await Eventually.BeTrueAsync(() => metric.Sum(("kind", Waiting.Kind), ("outcome", "lost")) >= 1);
        (await FindAsync(other, id)).State.ShouldBe("running");
        held.Open();
        await StateAsync(other, id, "succeeded");
        (await FindAsync(other, id)).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_keeps_killing_its_node_is_given_up()
    {
        await using var node = await StartAsync(_ => { });
        var id = await EnqueueAsync(node, new(Plain.Kind, new Work(1)));
        await database.Db.ExecuteAsync("update kernel.job set state = 'running', attempt = 5, lease_id = gen_random_uuid(), due_at = @Now", new { Now = clock.GetUtcNow() }, default);

        await using var next = await StartAsync(services => services.AddJobHandler<Plain, Work>());

        await StateAsync(next, id, "failed");
        journal.Runs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_loses_its_lease_stops_the_work()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>(), lease: Lease);
        var id = await EnqueueAsync(node, new(Waiting.Kind, new Work(1)));
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);

        await database.Db.ExecuteAsync("update kernel.job set lease_id = gen_random_uuid(), due_at = @Far", new { Far = clock.GetUtcNow().AddDays(1) }, default);

        await clock.UntilAsync(Step, () => Task.FromResult(!journal.Cancelled.IsEmpty));
        (await FindAsync(node, id)).State.ShouldBe("running");
    }

    [Fact]
    public async Task A_long_job_keeps_its_lease()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>(), lease: Lease);
        var id = await EnqueueAsync(node, new(Waiting.Kind, new Work(1)));
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);
        var end = clock.GetUtcNow() + Lease * 3;

        while (clock.GetUtcNow() < end)
        {
            var before = clock.GetUtcNow();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.BeTrueAsync(async () => await DueAsync() > before + Lease / 2);
        }

        gate.Open();
        await StateAsync(node, id, "succeeded");
        journal.Runs.ShouldBe([(1, 1)]);
    }

    [Fact]
    public async Task A_node_that_stops_gives_its_jobs_back_without_counting_an_attempt()
    {
        var gate = new Gate { Closed = true };
        var stopping = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>());
        var id = await EnqueueAsync(stopping, new(Waiting.Kind, new Work(1)));
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);
        await stopping.StopAsync();
        await stopping.DisposeAsync();

        await using var next = await StartAsync(services => services.AddSingleton(new Gate()).AddJobHandler<Waiting, Work>());

        await StateAsync(next, id, "succeeded");
        journal.Runs.ShouldBe([(1, 1), (1, 1)]);
    }

    [Fact]
    public async Task Jobs_with_one_unique_key_are_one_until_it_is_over()
    {
        await using var node = await StartAsync(_ => { });
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => EnqueueAsync(node, new(Plain.Kind, new Work(number), UniqueKey: "same"))));
        ids.Distinct().Count().ShouldBe(1);
        (await EnqueueAsync(node, new(Plain.Kind, new Work(9), UniqueKey: "another"))).ShouldNotBe(ids[0]);

        await node.Get<IJobs>().CancelAsync(ids[0], null, default);

        (await EnqueueAsync(node, new(Plain.Kind, new Work(9), UniqueKey: "same"))).ShouldNotBe(ids[0]);
    }

    [Fact]
    public async Task A_job_queued_in_a_transaction_that_rolls_back_does_not_exist()
    {
        await using var node = await StartAsync(services => services.AddJobHandler<Plain, Work>());
        var id = Guid.Empty;

        await Should.ThrowAsync<InvalidOperationException>(() => database.Db.InTransactionAsync(async Task (tx) =>
        {
            id = await node.Get<IJobs>().EnqueueAsync(tx, new JobRequest<Work>(Plain.Kind, new Work(1)), default);
            throw new InvalidOperationException();
        }, default));

        (await node.Get<IJobs>().FindAsync(id, null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task No_more_jobs_run_at_once_than_the_node_allows()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>(), concurrency: 2);
        var ids = new List<Guid>();
        for (var number = 0; number < 6; number++)
            ids.Add(await EnqueueAsync(node, new(Waiting.Kind, new Work(number))));
        await Eventually.BeTrueAsync(() => Volatile.Read(ref journal.Most) == 2);

        gate.Open();

        foreach (var id in ids)
            await StateAsync(node, id, "succeeded");
        journal.Most.ShouldBe(2);
    }

    [Fact]
    public async Task A_kind_that_takes_long_leaves_places_to_the_others()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(
            services => services.AddSingleton(gate).AddJobHandler<Waiting, Work>(new JobPolicy { AtOnce = 1 }).AddJobHandler<Plain, Work>(), concurrency: 2);
        var ids = new List<Guid>();
        for (var number = 0; number < 3; number++)
            ids.Add(await EnqueueAsync(node, new(Waiting.Kind, new Work(number))));
        await Eventually.BeTrueAsync(() => !journal.Runs.IsEmpty);

        await StateAsync(node, await EnqueueAsync(node, new(Plain.Kind, new Work(9))), "succeeded");
        journal.Most.ShouldBe(1);
        gate.Open();
        foreach (var id in ids)
            await StateAsync(node, id, "succeeded");
        journal.Most.ShouldBe(1);
    }

    [Fact]
    public async Task Reports_that_follow_closely_are_merged_and_the_last_one_is_written()
    {
        var gate = new Gate { Closed = true };
        await using var node = await StartAsync(services => services.AddSingleton(gate).AddJobHandler<Reporting, Work>());
        var id = await EnqueueAsync(node, new(Reporting.Kind, new Work(1)));
        await gate.Entered.WaitAsync(Eventually.DefaultDeadline);
        (await FindAsync(node, id)).Note.ShouldBe("one");

        await clock.UntilAsync(Step, async () => (await FindAsync(node, id)).Note == "three");
    }

    /// <param name="lease">Long by default: a test that moves the clock in order to wait must not let the lease of its job run out.</param>
    Task<TestNode> StartAsync(Action<IServiceCollection> configure, FakeClock? own = null, TimeSpan? lease = null, int concurrency = 4)
        => TestNode.StartAsync(database, own ?? clock, services => configure(services.AddSingleton(journal)), settings: new()
        {
            ["Jobs:Lease"] = (lease ?? TimeSpan.FromMinutes(50)).ToString(),
            ["Jobs:Concurrency"] = concurrency.ToString(CultureInfo.InvariantCulture),
        });

    Task<Guid> EnqueueAsync(TestNode node, JobRequest<Work> request) => node.Get<IJobs>().EnqueueAsync(database.Db, request, default);

    static async Task<JobStatus> FindAsync(TestNode node, Guid id) => (await node.Get<IJobs>().FindAsync(id, null, default)).ShouldNotBeNull();

    static Task StateAsync(TestNode node, Guid id, string state)
        => Eventually.BeTrueAsync(async () => (await FindAsync(node, id)).State == state, $"the job is {state}");

    Task<DateTimeOffset> DueAsync() => database.Db.FindAsync<DateTimeOffset>("select due_at from kernel.job", null, default);
}
