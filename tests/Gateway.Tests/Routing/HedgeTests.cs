using JeanTrail.Gateway.Tests.Api;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>A second target beside a slow first one.</summary>
public sealed class HedgeTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task When_the_first_is_slower_than_it_is_the_second_answers_and_the_first_is_let_go()
    {
        using var measured = new MeasuredCounter("gateway.call.hedges");
        await using var route = await CreateAsync(2);
        using var api = await ApiClient.CreateAsync(gateway);
        var (first, second) = (new StreamGate(), new StreamGate());
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(first));
        route.Servers[1].NextFault(OpenAiFault.SlowHeaders(second));

        var asking = api.ChatAsync(route.Name, stream: true);
        await first.WhenReachedAsync();
        second.Open();
        var answer = await asking;

        answer.Text.ShouldBe("answer of b");
        answer.Headers["x-jean-model"].ShouldBe(route.Models[1]);
        (await route.Servers[0].Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        measured.Of("outcome", "won").ShouldBe(1);
        var slow = await route.HealthAsync(0);
        slow.Running.ShouldBe(0);
        slow.LastError.ShouldBeNull("to be slow is no failure");
        slow.LatencyMs.ShouldNotBeNull().ShouldBeGreaterThan(20, "but it is remembered");
        (await route.HealthAsync(1)).Running.ShouldBe(0);
    }

    [Fact]
    public async Task The_first_may_still_win_and_the_second_is_let_go()
    {
        using var measured = new MeasuredCounter("gateway.call.hedges");
        await using var route = await CreateAsync(2);
        var (first, second) = (new StreamGate(), new StreamGate());
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(first));
        route.Servers[1].NextFault(OpenAiFault.SlowHeaders(second));
        var model = await gateway.OpenAsync(route.Name);

        var reading = Streamed.ReadAsync(model);
        await second.WhenReachedAsync();
        first.Open();

        (await reading).Text.ShouldBe("answer of a");
        (await route.Servers[1].Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        measured.Of("outcome", "lost").ShouldBe(1);
        (await route.HealthAsync(0)).Running.ShouldBe(0);
        (await route.HealthAsync(1)).LatencyMs.ShouldBeNull("nobody waited for it");
    }

    [Fact]
    public async Task Where_the_second_fails_the_first_is_waited_for()
    {
        await using var route = await CreateAsync(2);
        var gate = new StreamGate();
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(gate));
        route.Servers[1].NextFault(OpenAiFault.Status(500));
        var model = await gateway.OpenAsync(route.Name);
        var asked = route.Asked[1];

        var reading = Streamed.ReadAsync(model);
        await (await route.Servers[1].RequestAsync(asked + 1)).WhenEndedAsync();
        await Eventually.PassAsync(async () => (await route.HealthAsync(1)).LastError.ShouldNotBeNull());
        reading.IsCompleted.ShouldBeFalse();
        gate.Open();

        (await reading).Text.ShouldBe("answer of a");
    }

    [Fact]
    public async Task Where_both_fail_a_third_is_asked()
    {
        await using var route = await CreateAsync(3);
        var (first, second) = (new StreamGate(), new StreamGate());
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(first), OpenAiFault.Status(500));
        route.Servers[1].NextFault(OpenAiFault.SlowHeaders(second), OpenAiFault.Status(500));
        var model = await gateway.OpenAsync(route.Name);

        var reading = Streamed.ReadAsync(model);
        await second.WhenReachedAsync();
        first.Open();
        second.Open();

        (await reading).Text.ShouldBe("answer of c");
    }

    [Fact]
    public async Task A_caller_who_leaves_in_the_middle_of_a_hedged_answer_ends_it_at_once()
    {
        await using var route = await CreateAsync(2);
        var (first, second) = (new StreamGate(), new StreamGate());
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(first));
        route.Servers[1].Reply("one two three");
        route.Servers[1].NextFault(OpenAiFault.SlowHeaders(second), OpenAiFault.StallAfter(1, new StreamGate()));
        var model = await gateway.OpenAsync(route.Name);
        using var leaving = new CancellationTokenSource();
        var updates = model.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hello")], cancellationToken: leaving.Token).GetAsyncEnumerator();
        var begun = updates.MoveNextAsync();
        await first.WhenReachedAsync();
        second.Open();
        for (var any = await begun; any && updates.Current.Text.Length == 0; any = await updates.MoveNextAsync())
        {
        }

        var next = updates.MoveNextAsync();
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
        await updates.DisposeAsync();
        foreach (var server in route.Servers)
            (await server.Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        (await route.HealthAsync(1)).Running.ShouldBe(0);
    }

    [Fact]
    public async Task A_caller_who_leaves_before_either_answers_ends_both()
    {
        await using var route = await CreateAsync(2);
        var (first, second) = (new StreamGate(), new StreamGate());
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(first));
        route.Servers[1].NextFault(OpenAiFault.SlowHeaders(second));
        var model = await gateway.OpenAsync(route.Name);
        using var leaving = new CancellationTokenSource();
        var updates = model.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hello")], cancellationToken: leaving.Token).GetAsyncEnumerator();
        var next = updates.MoveNextAsync();
        await first.WhenReachedAsync();
        await second.WhenReachedAsync();

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
        await updates.DisposeAsync();
        for (var i = 0; i < 2; i++)
        {
            (await route.Servers[i].Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
            (await route.HealthAsync(i)).Running.ShouldBe(0);
            (await route.HealthAsync(i)).LastError.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_fast_first_target_is_asked_alone()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2, new { hedge = true });
        await PrimeAsync(route, TimeSpan.FromMinutes(1));
        var asked = route.Asked;

        (await Streamed.ReadAsync(await gateway.OpenAsync(route.Name))).Text.ShouldBe("answer of a");

        route.Asked.ShouldBe([asked[0] + 1, asked[1]]);
    }

    async Task<RouteFixture> CreateAsync(int targets)
    {
        var route = await RouteFixture.CreateAsync(gateway, targets, new { hedge = true });
        await PrimeAsync(route, TimeSpan.FromMilliseconds(30));
        return route;
    }

    /// <summary>As if it had answered twenty calls in this time.</summary>
    static async Task PrimeAsync(RouteFixture route, TimeSpan time)
    {
        for (var i = 0; i < 20; i++)
            (await route.HealthAsync(0)).Succeeded(time);
    }
}
