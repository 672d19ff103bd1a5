using JeanTrail.Contracts.Gateway;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Tests;

/// <summary>What goes wrong at a provider, and what the person is told.</summary>
public sealed class FaultTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    const string Answer = "one two three four five";

    public static TheoryData<string, OpenAiFault[], string, Blame, string> Faults => new()
    {
        { "forbidden", [OpenAiFault.Status(403)], "gateway.upstream_unauthorized", Blame.Client, "" },
        { "bad request", [OpenAiFault.Status(400)], "gateway.upstream_error", Blame.Client, "" },
        { "redirect", [OpenAiFault.Status(301)], "gateway.upstream_error", Blame.Upstream, "" },
        { "server error", [OpenAiFault.Status(500)], "gateway.upstream_error", Blame.Upstream, "" },
        { "no credit", [OpenAiFault.Status(402)], "gateway.upstream_quota_exceeded", Blame.Client, "" },
        { "too large", [OpenAiFault.Status(413)], "gateway.context_too_long", Blame.Client, "" },
        { "timeout at the provider", [OpenAiFault.Status(504)], "gateway.upstream_timeout", Blame.Upstream, "" },
        { "slow down for long", [OpenAiFault.TooManyRequests(30)], "gateway.upstream_rate_limited", Blame.Upstream, "" },
        { "a page", [OpenAiFault.Html()], "gateway.upstream_nonsense", Blame.Upstream, "" },
        { "another type", [OpenAiFault.WrongContentType()], "gateway.upstream_nonsense", Blame.Upstream, "" },
        { "broken JSON", [OpenAiFault.InvalidJsonAfter(2)], "gateway.upstream_nonsense", Blame.Upstream, "one two" },
        { "a chunk of 2 MB", [OpenAiFault.GiganticChunkAfter(2, 2_000_000)], "gateway.upstream_nonsense", Blame.Upstream, "one two" },
        { "an error midway", [OpenAiFault.ErrorAfter(3)], "gateway.upstream_error", Blame.Upstream, "one two three" },
        { "cut at once", [OpenAiFault.CloseAfter(0)], "gateway.upstream_cut", Blame.Upstream, "" },
        { "neither end mark nor reason", [OpenAiFault.NoDone(), OpenAiFault.NoFinishReason()], "gateway.upstream_cut", Blame.Upstream, Answer },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_fault_has_its_name_its_blame_and_keeps_the_text_so_far(string fault, OpenAiFault[] faults, string code, Blame blame, string text)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(Answer);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small", "sk-secret-0123456789");
        upstream.NextFault(faults);

        var streamed = await Streamed.ReadAsync(model);

        var failure = streamed.Failure.ShouldNotBeNull(fault);
        failure.Error.Code.ShouldBe(code);
        failure.Blame.ShouldBe(blame);
        failure.ToString().ShouldNotContain("sk-secret");
        streamed.Text.ShouldBe(text);
        upstream.Requests.ShouldHaveSingleItem();
        (failure.Error.Extensions?.GetValueOrDefault("fallback") as string).ShouldBe(streamed.Text.Length == 0 && code != "gateway.context_too_long" ? "jean/basic" : null);
        var row = await gateway.UsageAsync(model.ModelId);
        row.Outcome.ShouldBe("failed");
        row.ErrorCode.ShouldBe(code);
        row.Blame.ShouldBe(blame.ToString().ToLowerInvariant());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_breaks_off_keeps_the_text_so_far(bool reset)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(Answer);
        var gate = new StreamGate();
        upstream.NextFault(OpenAiFault.StallAfter(3, gate), reset ? OpenAiFault.ResetAfter(3) : OpenAiFault.CloseAfter(3));
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        var text = "";

        var failure = await Should.ThrowAsync<ModelCallException>(async () =>
        {
            await foreach (var update in model.Client.GetStreamingResponseAsync("hello"))
            {
                text += update.Text;
                if (text == "one two three")
                    gate.Open();
            }
        });

        text.ShouldBe("one two three");
        failure.Error.Code.ShouldBe("gateway.upstream_cut");
        failure.Blame.ShouldBe(Blame.Upstream);
        failure.Error.Extensions.ShouldBeNull();
        var row = await gateway.UsageAsync(model.ModelId);
        row.Outcome.ShouldBe("failed");
        row.FirstByteMs.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_rejected_key_is_told_as_such_and_is_nowhere_in_the_log()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-right-0123456789" });
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small", "sk-wrong-9876543210");

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_unauthorized");
        failure.Blame.ShouldBe(Blame.Client);
        failure.ToString().ShouldNotContain("sk-");
        gateway.Host.Logs.AllText.ShouldNotContain("sk-wrong");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again_before_the_first_token(int status)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(Answer);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        upstream.NextFault(OpenAiFault.Status(status)).NextFault(OpenAiFault.Status(status));

        var streamed = await Streamed.ReadAsync(model);

        streamed.Text.ShouldBe(Answer);
        upstream.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task It_is_not_tried_for_ever()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        for (var i = 0; i < 5; i++)
            upstream.NextFault(OpenAiFault.TooManyRequests());

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_rate_limited");
        failure.RetryAfter.ShouldBeNull();
        upstream.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task How_long_to_wait_is_handed_on()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        upstream.NextFault(OpenAiFault.TooManyRequests(30));

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        failure.Error.Extensions.ShouldNotBeNull()["retryAfterSeconds"].ShouldBe(30);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        var model = await gateway.OpenAsync($"http://127.0.0.1:{LoopbackPort.Free()}/v1", "m");

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_unreachable");
        failure.Blame.ShouldBe(Blame.Upstream);
        failure.Error.Extensions.ShouldNotBeNull()["fallback"].ShouldBe("jean/basic");
    }

    [Theory]
    [InlineData("https://model.invalid/v1")]
    public async Task A_name_nobody_has_is_unreachable(string baseUrl)
    {
        var model = await gateway.OpenAsync(baseUrl, "m");

        (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull().Error.Code.ShouldBe("gateway.upstream_unreachable");
    }

    [Fact]
    public async Task A_model_the_provider_does_not_have_is_unknown()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-huge");

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.model_unknown");
        failure.Blame.ShouldBe(Blame.Client);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"}}""")]
    [InlineData(400, """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}""")]
    [InlineData(500, """{"error":"prompt is too long: 9000 tokens"}""")]
    public async Task Too_long_a_conversation_is_told_in_the_words_of_each_server(int status, string body)
    {
        await using var upstream = new RawServer(_ => RawServer.Json(body, status));
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.context_too_long");
        failure.Blame.ShouldBe(Blame.Client);
    }

    [Theory]
    [InlineData("application/json", "{\"status\":\"ok\"}")]
    [InlineData("application/json", "[1,2]")]
    [InlineData("application/json", "{\"choices\":")]
    [InlineData("text/event-stream", "data: \"text\"\n\n")]
    [InlineData("text/event-stream", "data: {\"choices\":5}\n\n")]
    [InlineData("text/event-stream", "data: null\n\n")]
    public async Task Nonsense_is_called_that(string type, string body)
    {
        await using var upstream = new RawServer(_ => RawServer.Response(200, type, body));
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");

        (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull().Error.Code.ShouldBe("gateway.upstream_nonsense");
    }

    [Fact]
    public async Task What_is_no_HTTP_is_a_fault_of_the_upstream()
    {
        await using var upstream = new RawServer(_ => "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_nonsense");
        failure.Blame.ShouldBe(Blame.Upstream);
    }
}

/// <summary>The same where the fault is that nothing happens: time is moved by the test.</summary>
public sealed class SilenceTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task A_server_that_never_begins_runs_into_the_time_limit()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        var gate = new StreamGate();
        upstream.NextFault(OpenAiFault.SlowHeaders(gate));
        var reading = Streamed.ReadAsync(model);
        await gate.WhenReachedAsync();

        gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        reading.IsCompleted.ShouldBeFalse();
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));

        var failure = (await reading).Failure.ShouldNotBeNull();
        failure.Error.Code.ShouldBe("gateway.upstream_timeout");
        failure.Blame.ShouldBe(Blame.Upstream);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_with_the_text_so_far_and_the_upstream_is_let_go()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        upstream.HoldNextAfter(2);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        var text = "";
        var updates = model.Client.GetStreamingResponseAsync("hello").GetAsyncEnumerator();
        while (text != "one two" && await updates.MoveNextAsync())
            text += updates.Current.Text;
        var next = updates.MoveNextAsync();

        gateway.Clock.Advance(TimeSpan.FromSeconds(60));

        (await Should.ThrowAsync<ModelCallException>(async () => await next)).Error.Code.ShouldBe("gateway.upstream_timeout");
        await updates.DisposeAsync();
        (await (await upstream.RequestAsync(1)).WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        (await gateway.UsageAsync(model.ModelId)).ErrorCode.ShouldBe("gateway.upstream_timeout");
    }

    [Fact]
    public async Task There_is_no_limit_on_the_whole()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var gates = new[] { new StreamGate(), new StreamGate(), new StreamGate() };
        upstream.NextFault([.. gates.Select((gate, i) => OpenAiFault.StallAfter(i, gate))]);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        var text = "";
        var held = 0;
        var updates = model.Client.GetStreamingResponseAsync("hello").GetAsyncEnumerator();
        var next = updates.MoveNextAsync().AsTask();
        foreach (var gate in gates)
        {
            await gate.WhenReachedAsync();
            while (text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length < held)
            {
                (await next).ShouldBeTrue();
                text += updates.Current.Text;
                next = updates.MoveNextAsync().AsTask();
            }

            held++;
            gateway.Clock.Advance(TimeSpan.FromSeconds(50));
            gate.Open();
        }

        while (await next)
        {
            text += updates.Current.Text;
            next = updates.MoveNextAsync().AsTask();
        }

        text.ShouldBe("one two three");
        await updates.DisposeAsync();
    }
}
