using JeanTrail.Kernel.Jobs;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Jobs;

public sealed class PeriodicTaskTests : IAsyncLifetime
{
    readonly FakeClock clock = new();
    readonly Counter counter = new();
    TestDatabase database = null!;

    public async Task InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Of_two_nodes_one_runs_the_task_in_each_interval()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await Eventually.BeTrueAsync(() => counter.Runs == 1);

        for (var interval = 2; interval < 5; interval++)
        {
            await clock.UntilAsync(TimeSpan.FromMinutes(1), () => Task.FromResult(counter.Runs >= interval));
            counter.Runs.ShouldBe(interval);
        }

        // Each run is at least nine tenths of an interval after the one before, whichever node it was.
        counter.At.Zip(counter.At.Skip(1), (earlier, later) => later - earlier).ShouldAllBe(pause => pause >= TimeSpan.FromMinutes(9));
    }

    [Fact]
    public async Task A_task_that_fails_is_run_again_in_the_next_interval()
    {
        counter.Fails = true;
        await using var node = await StartAsync();
        await Eventually.BeTrueAsync(() => counter.Runs == 1);

        await clock.UntilAsync(TimeSpan.FromMinutes(1), () => Task.FromResult(counter.Runs == 2));
    }

    Task<TestNode> StartAsync()
        => TestNode.StartAsync(database, clock, services => services.AddSingleton(counter).AddPeriodicTask<CountingTask>("test.counting", TimeSpan.FromMinutes(10)));

    internal sealed class Counter
    {
        internal volatile int Runs;

        internal bool Fails { get; set; }

        internal List<DateTimeOffset> At { get; } = [];
    }

    internal sealed class CountingTask(Counter counter, TimeProvider clock) : IPeriodicTask
    {
        public Task RunAsync(CancellationToken cancel)
        {
            counter.At.Add(clock.GetUtcNow());
            counter.Runs++;
            return counter.Fails ? Task.FromException(new InvalidOperationException()) : Task.CompletedTask;
        }
    }
}
