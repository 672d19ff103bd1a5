using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>Pauses, deadlines and rests, with time moved by the test.</summary>
public sealed class TimedRoutingTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task The_only_target_is_asked_again_when_it_said_it_would_answer_and_not_before()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 1);
        route.Servers[0].NextFault(OpenAiFault.TooManyRequests(20));
        var asked = route.Asked[0];
        var reading = Streamed.ReadAsync(await gateway.OpenAsync(route.Name));
        var until = gateway.Clock.GetUtcNow() + TimeSpan.FromSeconds(20);
        await RestingAsync(route, 0);

        gateway.Clock.Advance(TimeSpan.FromSeconds(19));
        reading.IsCompleted.ShouldBeFalse();
        route.Asked[0].ShouldBe(asked + 1);
        await MoveUntilAsync(() => route.Asked[0] == asked + 2);

        gateway.Clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(until);
        (await reading).Text.ShouldBe("answer of a");
        (await route.HealthAsync(0)).Circuit.ShouldBe("closed");
    }

    [Fact]
    public async Task What_would_come_after_the_deadline_is_not_waited_for()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 1, new { deadlineSeconds = 10 });
        route.Servers[0].NextFault(OpenAiFault.TooManyRequests(11));

        var failure = (await Streamed.ReadAsync(await gateway.OpenAsync(route.Name))).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_rate_limited");
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task After_the_deadline_no_other_target_is_asked()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2, new { deadlineSeconds = 10 });
        var gate = new StreamGate();
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(gate), OpenAiFault.Status(500));
        var asked = route.Asked[1];
        var reading = Streamed.ReadAsync(await gateway.OpenAsync(route.Name));
        await gate.WhenReachedAsync();

        gateway.Clock.Advance(TimeSpan.FromSeconds(11));
        gate.Open();

        (await reading).Failure.ShouldNotBeNull().Error.Code.ShouldBe("gateway.upstream_error");
        route.Asked[1].ShouldBe(asked);
    }

    [Fact]
    public async Task A_target_that_never_begins_is_given_up_when_the_route_says_so()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2, new { firstTokenSeconds = 5 });
        var gate = new StreamGate();
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(gate));
        var reading = Streamed.ReadAsync(await gateway.OpenAsync(route.Name));
        await gate.WhenReachedAsync();

        // No step by step: the same patience begins anew for the second.
        gateway.Clock.Advance(TimeSpan.FromSeconds(5));

        (await reading).Text.ShouldBe("answer of b");
        (await route.Servers[0].Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        (await route.HealthAsync(0)).LastError.ShouldNotBeNull().Code.ShouldBe("gateway.upstream_timeout");
    }

    [Fact]
    public async Task A_target_whose_circuit_is_open_is_spared_and_comes_back_by_one_call()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        var model = await gateway.OpenAsync(route.Name);
        for (var i = 0; i < 5; i++)
        {
            route.Servers[0].NextFault(OpenAiFault.Status(500));
            (await Streamed.ReadAsync(model)).Text.ShouldBe("answer of b");
        }

        var asked = route.Asked;
        (await Streamed.ReadAsync(model)).Text.ShouldBe("answer of b");
        route.Asked.ShouldBe([asked[0], asked[1] + 1]);
        gateway.Clock.Advance(TimeSpan.FromSeconds(6));
        var gate = new StreamGate();
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(gate));
        var probe = Streamed.ReadAsync(model);
        await gate.WhenReachedAsync();
        (await Streamed.ReadAsync(model)).Text.ShouldBe("answer of b", "one call at a time tries");

        gate.Open();

        (await probe).Text.ShouldBe("answer of a");
        (await Streamed.ReadAsync(model)).Text.ShouldBe("answer of a");
    }

    [Fact]
    public async Task A_failed_try_lets_the_target_rest_longer_and_the_caller_go_elsewhere()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        var model = await gateway.OpenAsync(route.Name);
        for (var i = 0; i < 5; i++)
            (await route.HealthAsync(0)).Failed(GatewayErrors.TimedOut, null, probe: false);
        gateway.Clock.Advance(TimeSpan.FromSeconds(6));
        route.Servers[0].NextFault(OpenAiFault.Status(500));

        (await Streamed.ReadAsync(model)).Text.ShouldBe("answer of b");

        (await route.HealthAsync(0)).Resting.ShouldNotBeNull().Time.TotalSeconds.ShouldBeInRange(8, 12);
    }

    [Fact]
    public async Task A_call_that_finds_its_only_target_asked_to_slow_down_waits_its_turn()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        await gateway.Owner.CallAsync(HttpMethod.Get, "models");
        upstream.NextFault(OpenAiFault.TooManyRequests(3));
        var first = Streamed.ReadAsync(model);
        await Eventually.BeTrueAsync(() => upstream.Requests.Any(request => request.Path == "/v1/chat/completions"));

        var second = Streamed.ReadAsync(model);
        await MoveUntilAsync(() => first.IsCompleted && second.IsCompleted);

        (await first).Failure.ShouldBeNull();
        (await second).Failure.ShouldBeNull();
    }

    static Task RestingAsync(RouteFixture route, int target) => Eventually.BeTrueAsync(async () => (await route.HealthAsync(target)).Resting is not null);

    /// <summary>What waits takes up its timers on threads of its own, so time goes on in small steps until it has.</summary>
    Task MoveUntilAsync(Func<bool> reached) => Eventually.BeTrueAsync(() =>
    {
        if (reached())
            return true;
        gateway.Clock.Advance(TimeSpan.FromMilliseconds(20));
        return false;
    });
}
