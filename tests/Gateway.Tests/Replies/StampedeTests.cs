using System.Net;
using JeanTrail.Testing.Simulators;
using static JeanTrail.Gateway.Tests.Routed;

namespace JeanTrail.Gateway.Tests.Replies;

public sealed class StampedeTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    const int Many = 50;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_fifty_equal_requests_one_goes_upstream(bool streams)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var gate = upstream.HoldNextAfter(1);
        var route = await gateway.RouteAsync(upstream.BaseUrl);

        var asked = Enumerable.Range(0, Many).Select(i => gateway.AskAsync("chat/completions", Question(route, "hello", stream: streams && i % 2 == 0))).ToList();
        await gate.WhenReachedAsync();
        gate.Open();
        var answers = await Task.WhenAll(asked);

        upstream.Requests.Count.ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Content == "one two three");
        answers.Count(answer => answer.Cache == "miss").ShouldBe(1);
        answers.Count(answer => answer.Cache == "hit").ShouldBe(Many - 1);
    }

    [Fact]
    public async Task When_the_one_that_went_leaves_another_goes_and_all_others_are_answered()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var gate = upstream.HoldNextAfter(1);
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        var body = System.Text.Json.JsonSerializer.Serialize(Question(route, "hello", stream: true));
        using var leaving = new CancellationTokenSource();

        var leader = gateway.AskAsync("chat/completions", body, leaving.Token);
        await gate.WhenReachedAsync();
        var followers = Enumerable.Range(0, 10).Select(_ => gateway.AskAsync("chat/completions", body)).ToList();
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => leader);
        (await Task.WhenAll(followers)).ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.Content == "one two three");
        upstream.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task When_one_that_waits_leaves_nobody_notices()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var gate = upstream.HoldNextAfter(1);
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        var body = System.Text.Json.JsonSerializer.Serialize(Question(route, "hello", stream: true));
        using var leaving = new CancellationTokenSource();

        var leader = gateway.AskAsync("chat/completions", body);
        await gate.WhenReachedAsync();
        var leaver = gateway.AskAsync("chat/completions", body, leaving.Token);
        var follower = gateway.AskAsync("chat/completions", body);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaver);
        gate.Open();

        (await leader).Content.ShouldBe("one two three");
        (await follower).Content.ShouldBe("one two three");
        upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_one_that_went_fails_the_others_go_themselves()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var gate = new StreamGate();
        upstream.NextFault(OpenAiFault.StallAfter(1, gate), OpenAiFault.ErrorAfter(2));
        var route = await gateway.RouteAsync(upstream.BaseUrl);

        var leader = gateway.AskAsync("chat/completions", Question(route, "hello", stream: true));
        await gate.WhenReachedAsync();
        var followers = Enumerable.Range(0, 5).Select(_ => gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).ToList();
        gate.Open();

        (await leader).Text.ShouldContain("\"error\"");
        (await Task.WhenAll(followers)).ShouldAllBe(answer => answer.Content == "one two three");
    }
}
