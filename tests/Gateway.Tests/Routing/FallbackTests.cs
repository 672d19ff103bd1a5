using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Tests.Api;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>What happens when a target of a route does not answer, seen from outside and from within.</summary>
public sealed class FallbackTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    public static TheoryData<string, OpenAiFault[]> Faults => new()
    {
        { "server error", [OpenAiFault.Status(500)] },
        { "bad gateway", [OpenAiFault.Status(502)] },
        { "overloaded", [OpenAiFault.Status(503)] },
        { "timeout at the provider", [OpenAiFault.Status(504)] },
        { "slow down", [OpenAiFault.TooManyRequests()] },
        { "slow down for long", [OpenAiFault.TooManyRequests(600)] },
        { "key refused", [OpenAiFault.Status(401)] },
        { "forbidden", [OpenAiFault.Status(403)] },
        { "no credit", [OpenAiFault.Status(402)] },
        { "no such path", [OpenAiFault.Status(405)] },
        { "too long for it", [OpenAiFault.Status(413)] },
        { "a page", [OpenAiFault.Html()] },
        { "another type", [OpenAiFault.WrongContentType()] },
        { "headers, then a reset", [OpenAiFault.ResetAfter(0)] },
        { "headers, then the end", [OpenAiFault.CloseAfter(0)] },
        { "an error before the first token", [OpenAiFault.ErrorAfter(0)] },
        { "nonsense before the first token", [OpenAiFault.InvalidJsonAfter(0)] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Whatever_goes_wrong_before_the_first_token_the_next_target_answers_and_the_caller_sees_one_clean_answer(string what, OpenAiFault[] faults)
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        using var api = await ApiClient.CreateAsync(gateway);
        var models = route.Asked[0];
        route.Servers[0].NextFault(faults);

        var answer = await api.ChatAsync(route.Name, stream: true);

        answer.Status.ShouldBe(HttpStatusCode.OK, what);
        answer.Text.ShouldBe("answer of b", what);
        answer.Headers["x-jean-model"].ShouldBe(route.Models[1]);
        answer.Events[^1].ShouldBe("[DONE]");
        answer.Events.Count(each => each.Contains("\"role\":\"assistant\"", StringComparison.Ordinal)).ShouldBe(1, answer.Body);
        answer.Body.ShouldNotContain("\"error\"");
        route.Asked.ShouldBe([models + 1, models + 1]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(401)]
    [InlineData(413)]
    public async Task An_answer_in_one_piece_falls_back_as_well(int status)
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        using var api = await ApiClient.CreateAsync(gateway);
        route.Servers[0].NextFault(OpenAiFault.Status(status));

        var answer = await api.ChatAsync(route.Name);

        answer.Text.ShouldBe("answer of b");
        answer.Headers["x-jean-model"].ShouldBe(route.Models[1]);
    }

    [Fact]
    public async Task A_wrong_request_is_wrong_everywhere_and_told_in_the_upstreams_words()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        using var api = await ApiClient.CreateAsync(gateway);
        var asked = route.Asked;

        var answer = await api.ChatAsync(route.Name, change: body => body["messages"] = new JsonArray());

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Body.ShouldContain("empty array");
        route.Asked.ShouldBe([asked[0] + 1, asked[1]]);
        (await route.HealthAsync(0)).LastError.ShouldBeNull("the target did nothing wrong");
    }

    [Fact]
    public async Task A_target_that_does_not_know_its_model_is_passed_over()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        var slug = route.Models[0].Split('/')[0];
        var definition = new { strategy = "priority", targets = new[] { new { model = $"{slug}/sim-huge" }, new { model = route.Models[1] } } };
        (await gateway.Owner.CallAsync(HttpMethod.Put, $"routes/{route.Id}", new { name = route.Name, definition, version = 1 })).Status.ShouldBe(HttpStatusCode.OK);

        (await Streamed.ReadAsync(await gateway.OpenAsync(route.Name))).Text.ShouldBe("answer of b");
    }

    [Fact]
    public async Task When_all_fail_the_last_one_is_told_and_no_more_are_asked_than_allowed()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 3, new { maxAttempts = 2 });
        var asked = route.Asked;
        route.Servers[0].NextFault(OpenAiFault.Status(401));
        route.Servers[1].NextFault(OpenAiFault.Status(504));

        var failure = (await Streamed.ReadAsync(await gateway.OpenAsync(route.Name))).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_timeout");
        failure.Error.Extensions.ShouldNotBeNull()["fallback"].ShouldBe("jean/basic");
        route.Asked.ShouldBe([asked[0] + 1, asked[1] + 1, asked[2]]);
    }

    [Fact]
    public async Task Only_who_may_recover_is_asked_a_second_time()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2, new { maxAttempts = 4 });
        var asked = route.Asked;
        route.Servers[0].NextFault(OpenAiFault.Status(503)).NextFault(OpenAiFault.Status(503));
        route.Servers[1].NextFault(OpenAiFault.Status(401));

        var streamed = await Streamed.ReadAsync(await gateway.OpenAsync(route.Name));

        streamed.Text.ShouldBe("answer of a");
        route.Asked.ShouldBe([asked[0] + 3, asked[1] + 1]);
    }

    [Fact]
    public async Task A_provider_that_is_switched_off_is_passed_over()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        var asked = route.Asked;
        var off = new { name = $"Off {Guid.CreateVersion7()}", baseUrl = route.Servers[0].BaseUrl, enabled = false };
        (await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{route.Providers[0].GetProperty("id").GetGuid()}", off)).Status.ShouldBe(HttpStatusCode.OK);

        (await Streamed.ReadAsync(await gateway.OpenAsync(route.Name))).Text.ShouldBe("answer of b");
        route.Asked.ShouldBe([asked[0], asked[1] + 1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_breaks_after_the_first_token_is_given_as_far_as_it_came_with_a_proper_end(bool reset)
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        using var api = await ApiClient.CreateAsync(gateway);
        route.Servers[0].Reply("one two three four");
        var asked = route.Asked;
        route.Servers[0].NextFault(reset ? OpenAiFault.ErrorAfter(2) : OpenAiFault.CloseAfter(2));

        var answer = await api.ChatAsync(route.Name, stream: true);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe("one two");
        answer.Headers["x-jean-model"].ShouldBe(route.Models[0]);
        answer.Events[^1].ShouldBe("[DONE]");
        JsonDocument.Parse(answer.Events[^2]).RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe(reset ? "gateway.upstream_error" : "gateway.upstream_cut");
        route.Asked.ShouldBe([asked[0] + 1, asked[1]]);

        route.Servers[0].NextFault(reset ? OpenAiFault.ErrorAfter(2) : OpenAiFault.CloseAfter(2));
        var streamed = await Streamed.ReadAsync(await gateway.OpenAsync(route.Name));
        streamed.Text.ShouldBe("one two");
        streamed.Failure.ShouldNotBeNull().Blame.ShouldBe(Blame.Upstream);
        streamed.Updates.ShouldAllBe(update => update.ModelId == route.Models[0]);
    }

    [Fact]
    public async Task Fields_that_nobody_here_knows_reach_the_second_target_as_they_came()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        using var api = await ApiClient.CreateAsync(gateway);
        route.Servers[0].NextFault(OpenAiFault.Status(500));

        await api.ChatAsync(route.Name, change: body =>
        {
            body["logit_bias"] = new JsonObject { ["50256"] = -100 };
            body["future_switch"] = new JsonArray(1, "two", new JsonObject { ["three"] = null });
        });

        foreach (var server in route.Servers)
        {
            var request = server.Requests.Last();
            request.Model.ShouldBe("sim-small");
            request.Body.GetProperty("logit_bias").GetProperty("50256").GetInt32().ShouldBe(-100);
            request.Body.GetProperty("future_switch").GetRawText().ShouldBe("""[1,"two",{"three":null}]""");
        }
    }

    [Fact]
    public async Task A_circuit_opens_after_five_failures()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        var model = await gateway.OpenAsync(route.Name);
        for (var i = 0; i < 5; i++)
        {
            route.Servers[0].NextFault(OpenAiFault.Status(500));
            (await Streamed.ReadAsync(model)).Text.ShouldBe("answer of b");
        }

        // Half open when the test was long about it.
        (await route.HealthAsync(0)).Circuit.ShouldNotBe("closed");
    }

    [Fact]
    public async Task Where_all_rest_the_caller_is_told_for_how_long()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        using var api = await ApiClient.CreateAsync(gateway);
        (await route.HealthAsync(0)).Failed(GatewayErrors.RateLimited, TimeSpan.FromSeconds(90), probe: false);
        (await route.HealthAsync(1)).Failed(GatewayErrors.Unreachable, TimeSpan.FromSeconds(50), probe: false);
        var asked = route.Asked;

        var answer = await api.ChatAsync(route.Name);

        answer.Status.ShouldBe(HttpStatusCode.BadGateway);
        int.Parse(answer.Headers["Retry-After"]).ShouldBeInRange(45, 50);
        route.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task A_caller_who_leaves_while_nobody_has_answered_is_no_failure_of_the_target()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 1);
        var gate = new StreamGate();
        route.Servers[0].NextFault(OpenAiFault.SlowHeaders(gate));
        var model = await gateway.OpenAsync(route.Name);
        using var leaving = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in model.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hello")], cancellationToken: leaving.Token))
            {
            }
        });
        await gate.WhenReachedAsync();
        (await route.HealthAsync(0)).Running.ShouldBe(1);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
        (await route.Servers[0].Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        var health = await route.HealthAsync(0);
        health.Running.ShouldBe(0);
        health.LastError.ShouldBeNull();
    }
}
