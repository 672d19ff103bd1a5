using JeanTrail.Kernel.Caching;
using JeanTrail.Testing;

namespace JeanTrail.Kernel.Tests.Caching;

public sealed class CacheTests : IAsyncLifetime
{
    static readonly TimeSpan Ttl = TimeSpan.FromMinutes(10);

    readonly FakeClock clock = new();
    TestDatabase database = null!;
    TestNode node = null!;
    int made;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        node = await TestNode.StartAsync(database, clock, settings: new() { ["Cache:MaxEntries"] = "3", ["Cache:MaxBytes"] = "10000" });
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_hundred_who_ask_at_once_share_one_factory()
    {
        var gate = new TaskCompletionSource();
        var asking = Enumerable.Range(0, 100).Select(_ => Task.Run(() => Cache.GetOrAddAsync("a", Ttl, async _ =>
        {
            Interlocked.Increment(ref made);
            await gate.Task;
            return "value";
        }, default))).ToArray();

        await Eventually.BeTrueAsync(() => made == 1);
        gate.SetResult();

        (await Task.WhenAll(asking)).ShouldAllBe(value => value == "value");
        made.ShouldBe(1);
        (await MakeAsync("a")).ShouldBe("value");
        made.ShouldBe(1);
    }

    [Fact]
    public async Task One_who_gives_up_does_not_take_the_value_from_the_others()
    {
        var gate = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        async Task<string> Slow(CancellationToken cancel)
        {
            await gate.Task.WaitAsync(cancel);
            return "value";
        }

        var first = Cache.GetOrAddAsync("a", Ttl, Slow, impatient.Token);
        var second = Cache.GetOrAddAsync("a", Ttl, Slow, default);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        (await second).ShouldBe("value");
    }

    [Fact]
    public async Task When_nobody_waits_any_more_the_factory_is_cancelled_and_the_next_starts_anew()
    {
        var cancelled = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        var first = Cache.GetOrAddAsync("a", Ttl, async cancel =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                cancelled.SetResult();
            }

            return "never";
        }, impatient.Token);
        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await cancelled.Task.WaitAsync(Eventually.DefaultDeadline);
        (await MakeAsync("a")).ShouldBe("made 1");
    }

    [Fact]
    public async Task A_failure_goes_to_those_who_wait_and_is_not_kept()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => Cache.GetOrAddAsync<string>("a", Ttl, _ => throw new InvalidOperationException(), default));

        (await MakeAsync("a")).ShouldBe("made 1");
    }

    [Fact]
    public async Task A_value_expires_in_the_last_tenth_of_its_time()
    {
        await MakeAsync("a");
        clock.Advance(Ttl * 0.89);
        (await MakeAsync("a")).ShouldBe("made 1");
        clock.Advance(Ttl * 0.11);
        (await MakeAsync("a")).ShouldBe("made 2");
    }

    [Fact]
    public async Task The_least_recently_used_goes_when_there_are_too_many()
    {
        await MakeAsync("a");
        await MakeAsync("b");
        await MakeAsync("c");
        await MakeAsync("a");
        await MakeAsync("d");

        (await MakeAsync("a")).ShouldBe("made 1");
        (await MakeAsync("b")).ShouldBe("made 5");
    }

    [Fact]
    public async Task Large_values_push_others_out_and_one_too_large_is_not_kept()
    {
        await MakeAsync("a");
        await Cache.GetOrAddAsync("big", Ttl, _ => Task.FromResult(new byte[9_600]), default);
        (await MakeAsync("a")).ShouldBe("made 2");
        await Cache.GetOrAddAsync("huge", Ttl, _ => Task.FromResult(new byte[20_000]), default);

        var again = 0;
        await Cache.GetOrAddAsync("huge", Ttl, _ => Task.FromResult(new byte[++again]), default);
        again.ShouldBe(1);
        (await MakeAsync("a")).ShouldBe("made 2");
    }

    [Fact]
    public async Task An_invalidation_reaches_every_node()
    {
        await using var other = await TestNode.StartAsync(database, clock);
        await MakeAsync("a");
        await other.Get<ICache>().GetOrAddAsync("a", Ttl, _ => Task.FromResult("old"), default);

        await Cache.InvalidateAsync("a", default);

        (await MakeAsync("a")).ShouldBe("made 2");
        await Eventually.BeTrueAsync(() => other.Get<ICache>() is MemoryCache { Count: 0 });
    }

    [Fact]
    public async Task A_value_that_was_being_made_when_it_was_invalidated_is_not_kept()
    {
        var gate = new TaskCompletionSource();
        var first = Cache.GetOrAddAsync("a", Ttl, async _ =>
        {
            await gate.Task;
            return "old";
        }, default);
        await Cache.InvalidateAsync("a", default);
        gate.SetResult();

        (await first).ShouldBe("old");
        (await MakeAsync("a")).ShouldBe("made 1");
    }

    ICache Cache => node.Get<ICache>();

    Task<string> MakeAsync(string key) => Cache.GetOrAddAsync(key, Ttl, _ => Task.FromResult($"made {++made}"), default);
}
