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

        var started = clock.GetUtcNow();
        await clock.UntilAsync(TimeSpan.FromSeconds(20), () => Task.FromResult(counter.Runs >= 5));

        // Two nodes, and still never more than one run in nine tenths of an interval.
        counter.Runs.ShouldBeLessThanOrEqualTo((int)((clock.GetUtcNow() - started) / TimeSpan.FromMinutes(9)) + 1);
    }

    [Fact]
    public async Task A_task_that_fails_is_run_again_in_the_next_interval()
    {
        counter.Fails = true;
        await using var node = await StartAsync();
        await Eventually.BeTrueAsync(() => counter.Runs == 1);

        await clock.UntilAsync(TimeSpan.FromMinutes(1), () => Task.FromResult(counter.Runs >= 2));
    }

    Task<TestNode> StartAsync()
        => TestNode.StartAsync(database, clock, services => services.AddSingleton(counter).AddPeriodicTask<CountingTask>("test.counting", TimeSpan.FromMinutes(10)));

    internal sealed class Counter
    {
        internal int Runs;

        internal bool Fails { get; set; }
    }

    internal sealed class CountingTask(Counter counter) : IPeriodicTask
    {
        public Task RunAsync(CancellationToken cancel)
        {
            Interlocked.Increment(ref counter.Runs);
            return counter.Fails ? Task.FromException(new InvalidOperationException()) : Task.CompletedTask;
        }
    }
}
