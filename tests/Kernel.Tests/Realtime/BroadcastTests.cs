using System.Collections.Concurrent;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Tests.Messaging;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Tests.Realtime;

public sealed class BroadcastTests : IAsyncLifetime
{
    TestDatabase database = null!;
    TestNode node = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        node = await TestNode.StartAsync(database, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_message_reaches_its_channel_on_every_node_as_it_was_sent()
    {
        await using var other = await TestNode.StartAsync(database, TimeProvider.System);
        var (here, there, elsewhere) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var one = Listen(node, "test.a", here);
        using var two = Listen(other, "test.a", there);
        using var three = Listen(other, "test.b", elsewhere);
        var large = new string('é', 3_900);

        await node.Get<IBroadcast>().SendAsync("test.a", "two words, quote ' and\nline", default);
        await node.Get<IBroadcast>().SendAsync("test.a", "", default);
        await node.Get<IBroadcast>().SendAsync("test.a", large, default);

        await Eventually.BeTrueAsync(() => here.Count == 3 && there.Count == 3);
        here.ShouldBe(["two words, quote ' and\nline", "", large]);
        there.ShouldBe(here);
        elsewhere.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_listener_that_was_disposed_hears_nothing_more()
    {
        var (first, second) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var stays = Listen(node, "test.a", second);
        Listen(node, "test.a", first).Dispose();

        await node.Get<IBroadcast>().SendAsync("test.a", "x", default);

        await Eventually.BeTrueAsync(() => second.Count == 1);
        first.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_too_large_for_PostgreSQL_is_refused_before_it_is_sent()
        => await Should.ThrowAsync<ArgumentException>(() => node.Get<IBroadcast>().SendAsync("test.a", new string('é', 4_000), default));

    [Fact]
    public async Task A_listener_that_hangs_or_throws_holds_nobody_up_and_what_it_missed_is_counted()
    {
        using var metric = new MetricProbe("kernel.broadcast.dropped");
        var gate = new Gate { Closed = true };
        var (hung, heard) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var hanging = node.Get<IBroadcast>().Listen("test.slow", async (payload, cancel) =>
        {
            hung.Enqueue(payload);
            await gate.PassAsync(cancel);
        });
        using var throwing = node.Get<IBroadcast>().Listen("test.slow", (_, _) => throw new InvalidOperationException());
        using var quick = Listen(node, "test.slow", heard);

        await database.Db.ExecuteAsync("select pg_notify('jeantrail', 'test.slow ' || number) from generate_series(1, 600) as number", null, default);

        await Eventually.BeTrueAsync(() => heard.LastOrDefault() == "600" && !hung.IsEmpty);
        hung.ShouldHaveSingleItem();
        metric.Sum(("channel", "test.slow")).ShouldBeGreaterThanOrEqualTo(600 - 512 - 1);
        gate.Open();
        await Eventually.BeTrueAsync(() => hung.LastOrDefault() == "600");
    }

    [Fact]
    public async Task A_killed_connection_is_made_again_and_those_who_keep_state_are_told_of_the_gap()
    {
        using var metric = new MetricProbe("kernel.broadcast.gaps");
        var heard = new ConcurrentQueue<string>();
        using var listening = Listen(node, "test.a", heard);
        await node.Get<ICache>().GetOrAddAsync("test.key", TimeSpan.FromHours(1), _ => Task.FromResult("perhaps stale"), default);

        await database.Db.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()", null, default);

        await Eventually.BeTrueAsync(async () =>
        {
            await node.Get<IBroadcast>().SendAsync("test.a", "x", default);
            return !heard.IsEmpty;
        }, "messages arrive again");
        await Eventually.BeTrueAsync(() => node.Get<ICache>() is MemoryCache { Count: 0 }, "what may be stale is forgotten");
        metric.Sum().ShouldBeGreaterThanOrEqualTo(1);
        node.Logs.Entries.Count(entry => entry.Level == LogLevel.Warning && entry.Message.StartsWith("broadcast fails", StringComparison.Ordinal)).ShouldBe(1);
    }

    static IDisposable Listen(TestNode on, string channel, ConcurrentQueue<string> into)
        => on.Get<IBroadcast>().Listen(channel, (payload, _) =>
        {
            into.Enqueue(payload);
            return Task.CompletedTask;
        });
}
