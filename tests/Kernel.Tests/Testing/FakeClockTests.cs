using JeanTrail.Testing;

namespace JeanTrail.Kernel.Tests.Testing;

public sealed class FakeClockTests
{
    readonly FakeClock clock = new();

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_see_their_own_time()
    {
        var fired = new List<(string, TimeSpan)>();
        var start = clock.GetUtcNow();
        using var late = clock.CreateTimer(_ => fired.Add(("late", clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var periodic = clock.CreateTimer(_ => fired.Add(("periodic", clock.GetUtcNow() - start)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));

        clock.Advance(TimeSpan.FromSeconds(5));

        fired.ShouldBe([("periodic", TimeSpan.FromSeconds(2)), ("late", TimeSpan.FromSeconds(3)), ("periodic", TimeSpan.FromSeconds(4))]);
        clock.GetUtcNow().ShouldBe(start + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_delay_ends_when_time_has_passed_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), clock);
        await clock.WhenTimersAsync();

        clock.Advance(TimeSpan.FromSeconds(59));
        delay.IsCompleted.ShouldBeFalse();

        clock.Advance(TimeSpan.FromSeconds(1));
        await delay;
    }

    [Fact]
    public async Task A_periodic_timer_ticks_once_per_advance_of_its_period()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10), clock);
        for (var round = 0; round < 3; round++)
        {
            var tick = timer.WaitForNextTickAsync();
            tick.IsCompleted.ShouldBeFalse();
            clock.Advance(TimeSpan.FromSeconds(10));
            (await tick).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_disposed_timer_never_fires()
    {
        var timer = clock.CreateTimer(_ => throw new InvalidOperationException(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();

        clock.Advance(TimeSpan.FromHours(1));

        clock.ActiveTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Waiting_for_timers_ends_when_somebody_goes_to_sleep()
    {
        var waiting = clock.WhenTimersAsync(2);
        using var first = clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        waiting.IsCompleted.ShouldBeFalse();

        using var second = clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        await waiting;
    }
}
