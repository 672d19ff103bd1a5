using JeanTrail.Gateway.Routes;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>The circuit of one target, and what is known of its speed.</summary>
public sealed class TargetHealthTests
{
    readonly FakeClock clock = new();
    readonly TargetHealth health;

    public TargetHealthTests() => health = new TargetHealth(clock);

    [Fact]
    public void Five_failures_in_a_row_open_the_circuit()
    {
        Fail(4);
        health.Circuit.ShouldBe("closed");
        health.TryEnter(out var probe).ShouldBeTrue();
        probe.ShouldBeFalse();

        Fail(1);

        health.Circuit.ShouldBe("open");
        health.TryEnter(out _).ShouldBeFalse();
        var (error, rest) = health.Resting.ShouldNotBeNull();
        error.ShouldBe(GatewayErrors.TimedOut);
        rest.ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public void A_success_between_them_begins_the_count_anew()
    {
        Fail(4);
        health.LastError.ShouldBe(GatewayErrors.TimedOut);
        health.Succeeded(TimeSpan.FromMilliseconds(10));
        health.LastError.ShouldBeNull();
        Fail(4);

        health.Circuit.ShouldBe("closed");
    }

    [Fact]
    public void After_its_rest_one_call_at_a_time_may_try()
    {
        Fail(5);
        clock.Advance(TimeSpan.FromSeconds(6));
        health.Circuit.ShouldBe("half-open");
        health.Resting.ShouldBeNull();

        health.TryEnter(out var probe).ShouldBeTrue();
        probe.ShouldBeTrue();
        health.TryEnter(out _).ShouldBeFalse();
        health.Resting.ShouldNotBeNull().Time.ShouldBe(TimeSpan.FromSeconds(1));

        // The caller left before anything was known.
        health.Excused(probe);
        health.TryEnter(out probe).ShouldBeTrue();
        probe.ShouldBeTrue();

        health.Succeeded(TimeSpan.FromMilliseconds(10));
        health.Circuit.ShouldBe("closed");
        health.TryEnter(out probe).ShouldBeTrue();
        probe.ShouldBeFalse();
        health.TryEnter(out _).ShouldBeTrue();
    }

    [Fact]
    public void Somebody_elses_excuse_does_not_end_a_probe()
    {
        Fail(5);
        clock.Advance(TimeSpan.FromSeconds(6));
        health.TryEnter(out _).ShouldBeTrue();

        health.Excused(probe: false);

        health.TryEnter(out _).ShouldBeFalse();
    }

    [Fact]
    public void Each_failed_try_makes_the_rest_longer_up_to_two_minutes()
    {
        Fail(5);
        var rests = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            rests.Add(health.Resting.ShouldNotBeNull().Time.TotalSeconds);
            clock.Advance(health.Resting!.Value.Time);
            health.TryEnter(out var probe).ShouldBeTrue();
            health.Failed(GatewayErrors.TimedOut, null, probe);
        }

        for (var i = 0; i < 4; i++)
            rests[i].ShouldBeInRange(5 * Math.Pow(2, i) * 0.8, 5 * Math.Pow(2, i) * 1.2);
        rests[5..].ShouldAllBe(rest => rest > 100 && rest <= 120);
        health.Succeeded(TimeSpan.FromMilliseconds(10));
        Fail(5);
        health.Resting.ShouldNotBeNull().Time.TotalSeconds.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public void Calls_that_were_under_way_when_it_opened_do_not_make_the_rest_longer()
    {
        Fail(25);

        health.Resting.ShouldNotBeNull().Time.TotalSeconds.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public void What_the_upstream_asks_for_is_given_at_once_and_not_for_a_day()
    {
        health.Failed(GatewayErrors.RateLimited, TimeSpan.FromSeconds(20), probe: false);
        health.Resting.ShouldNotBeNull().Time.ShouldBe(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(20));
        health.TryEnter(out var probe).ShouldBeTrue();
        health.Failed(GatewayErrors.RateLimited, TimeSpan.FromDays(1), probe);

        health.Resting.ShouldNotBeNull().Time.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void The_slow_ones_are_known_after_twenty_calls()
    {
        for (var i = 1; i < 20; i++)
            health.Succeeded(TimeSpan.FromMilliseconds(i));
        health.Percentile95.ShouldBeNull();
        health.Succeeded(TimeSpan.FromMilliseconds(500));
        health.Percentile95.ShouldBe(TimeSpan.FromMilliseconds(500));

        // Only the last 64 count.
        for (var i = 0; i < 64; i++)
            health.Succeeded(TimeSpan.FromMilliseconds(7));
        health.Percentile95.ShouldBe(TimeSpan.FromMilliseconds(7));
    }

    [Fact]
    public void Who_was_given_up_is_known_to_be_slow_and_has_not_succeeded()
    {
        Fail(4);
        health.Slow(TimeSpan.FromSeconds(3));

        health.LatencyMs.ShouldBe(3000);
        Fail(1);
        health.Circuit.ShouldBe("open");
    }

    void Fail(int times)
    {
        for (var i = 0; i < times; i++)
            health.Failed(GatewayErrors.TimedOut, null, probe: false);
    }
}
