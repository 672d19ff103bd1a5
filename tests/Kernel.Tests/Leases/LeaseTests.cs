using JeanTrail.Kernel.Leases;
using JeanTrail.Testing;

namespace JeanTrail.Kernel.Tests.Leases;

public sealed class LeaseTests : IAsyncLifetime
{
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    readonly FakeClock clock = new();
    TestDatabase database = null!;
    TestNode node = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        node = await TestNode.StartAsync(database, clock);
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_the_lease()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AcquireAsync("a")));

        await using var held = taken.Single(lease => lease is not null)!;
        held.Name.ShouldBe("a");
        await using var another = await AcquireAsync("b");
        another.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lease_that_is_given_back_is_free_at_once_and_the_next_has_a_higher_fence()
    {
        var first = (await AcquireAsync("a")).ShouldNotBeNull();
        await first.DisposeAsync();
        await first.DisposeAsync();

        await using var second = (await AcquireAsync("a")).ShouldNotBeNull();
        second.Fence.ShouldBeGreaterThan(first.Fence);
    }

    [Fact]
    public async Task A_held_lease_is_renewed_for_as_long_as_its_node_lives()
    {
        await using var held = (await AcquireAsync("a")).ShouldNotBeNull();

        for (var third = 0; third < 9; third++)
        {
            var expected = clock.GetUtcNow() + Duration / 3 + Duration;
            clock.Advance(Duration / 3);
            await Eventually.BeTrueAsync(async () => await ExpiryAsync() == expected);
        }

        held.Lost.IsCancellationRequested.ShouldBeFalse();
        (await AcquireAsync("a")).ShouldBeNull();
    }

    [Fact]
    public async Task The_lease_of_a_dead_node_runs_out_and_the_dead_one_learns_it_when_it_wakes()
    {
        var frozen = new FakeClock();
        await using var dead = await TestNode.StartAsync(database, frozen);
        await using var lost = (await dead.Get<ILeases>().TryAcquireAsync("a", Duration, default)).ShouldNotBeNull();
        clock.Advance(Duration - TimeSpan.FromSeconds(1));
        (await AcquireAsync("a")).ShouldBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));

        await using var taken = (await AcquireAsync("a")).ShouldNotBeNull();
        frozen.Advance(Duration / 3);

        await Eventually.BeTrueAsync(() => lost.Lost.IsCancellationRequested);
        taken.Fence.ShouldBeGreaterThan(lost.Fence);
        await lost.DisposeAsync();
        (await AcquireAsync("a")).ShouldBeNull("a former holder must not give away what is another's");
    }

    [Fact]
    public async Task A_holder_that_cannot_reach_the_database_stops_before_anybody_else_may_start()
    {
        await using var held = (await AcquireAsync("a")).ShouldNotBeNull();
        var expiry = await ExpiryAsync();
        await database.Db.ExecuteAsync("alter table kernel.lease rename to lease_away", null, default);

        await clock.UntilAsync(TimeSpan.FromSeconds(1), () => Task.FromResult(held.Lost.IsCancellationRequested || clock.GetUtcNow() >= expiry));

        await Eventually.BeTrueAsync(() => held.Lost.IsCancellationRequested);
        await database.Db.ExecuteAsync("alter table kernel.lease_away rename to lease", null, default);
    }

    Task<ILease?> AcquireAsync(string name) => node.Get<ILeases>().TryAcquireAsync(name, Duration, default);

    Task<DateTimeOffset> ExpiryAsync() => database.Db.FindAsync<DateTimeOffset>("select expires_at from kernel.lease where name = 'a'", null, default);
}
