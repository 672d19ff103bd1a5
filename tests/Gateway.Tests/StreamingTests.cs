using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Tests;

public sealed class StreamingTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    const string Tongues = "Hello, here is Jean. مرحبا، أنا جان. Xin chào, tôi là Jean. Привет, я Жан. 🙂👩‍🚀";

    [Fact]
    public async Task An_answer_arrives_whole_with_its_token_counts_and_is_written_down()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-right-1234567890" });
        upstream.Reply(Tongues);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small", "sk-right-1234567890");

        var streamed = await Streamed.ReadAsync(model);

        streamed.Failure.ShouldBeNull();
        streamed.Text.ShouldBe(Tongues);
        streamed.Updates.ShouldAllBe(update => update.ModelId == model.ModelId);
        streamed.Updates[^1].FinishReason.ShouldBe(ChatFinishReason.Stop);
        var usage = streamed.Usage.ShouldNotBeNull();
        var row = await gateway.UsageAsync(model.ModelId);
        row.Outcome.ShouldBe("completed");
        row.InputTokens.ShouldBe(usage.InputTokenCount.ShouldNotBeNull());
        row.OutputTokens.ShouldBe(usage.OutputTokenCount.ShouldNotBeNull());
        row.FirstByteMs.ShouldNotBeNull();
        row.ProviderId.ShouldNotBeNull();
        row.ErrorCode.ShouldBeNull();
    }

    [Fact]
    public async Task The_first_token_is_there_before_the_second_is_sent()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var gate = upstream.HoldNextAfter(1);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");

        var text = "";
        await foreach (var update in model.Client.GetStreamingResponseAsync("hello"))
        {
            text += update.Text;
            if (text == "one")
                gate.Open();
        }

        text.ShouldBe("one two three");
    }

    public static TheoryData<string, OpenAiFault[]> Oddities => new()
    {
        { "torn to single bytes", [OpenAiFault.SplitWrites()] },
        { "all that the format allows", [OpenAiFault.OddFraming()] },
        { "both", [OpenAiFault.OddFraming(), OpenAiFault.SplitWrites(3)] },
        { "no end mark", [OpenAiFault.NoDone()] },
        { "no finish reason", [OpenAiFault.NoFinishReason()] },
        { "no token counts", [OpenAiFault.NoUsage()] },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task What_servers_do_differently_does_not_change_the_answer(string oddity, OpenAiFault[] faults)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(Tongues);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        upstream.NextFault(faults);

        var streamed = await Streamed.ReadAsync(model);

        streamed.Failure.ShouldBeNull(oddity);
        streamed.Text.ShouldBe(Tongues, oddity);
        (await gateway.UsageAsync(model.ModelId)).Outcome.ShouldBe("completed");
    }

    [Fact]
    public async Task The_conversation_and_the_options_reach_the_model_and_ours_do_not()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-1" });
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-large", "sk-1");
        var options = new ChatOptions
        {
            Temperature = 0.5f,
            MaxOutputTokens = 900,
            StopSequences = ["END"],
            Instructions = "Be brief.",
            AdditionalProperties = new() { [ModelOptions.Language] = "vi", [ModelOptions.TimeZone] = "Asia/Ho_Chi_Minh" },
        };
        ChatMessage[] conversation =
        [
            new(ChatRole.User, "Chào \"bạn\"\n"), new(ChatRole.Assistant, "Chào!"), new(ChatRole.Assistant, ""), new(ChatRole.User, "Kể chuyện đi"),
        ];

        await model.Client.GetResponseAsync(conversation, options);

        var request = upstream.Requests.ShouldHaveSingleItem();
        request.Model.ShouldBe("sim-large");
        request.Messages.ShouldBe([("system", "Be brief."), ("user", "Chào \"bạn\"\n"), ("assistant", "Chào!"), ("user", "Kể chuyện đi")]);
        request.Headers["Authorization"].ShouldBe("Bearer sk-1");
        request.Body.GetProperty("temperature").GetDouble().ShouldBe(0.5);
        request.Body.GetProperty("max_tokens").GetInt32().ShouldBe(900);
        request.Body.GetProperty("stop")[0].GetString().ShouldBe("END");
        request.Body.GetRawText().ShouldNotContain("jean.");
        request.Headers.Keys.ShouldNotContain("traceparent");
        request.Headers.Keys.ShouldNotContain("Cookie");
    }

    [Fact]
    public async Task A_server_that_does_not_stream_is_understood()
    {
        await using var upstream = new RawServer(_ => RawServer.Json("""
            {"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"text","text":"All "},{"type":"text","text":"at once."}]},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}
            """));
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");

        var streamed = await Streamed.ReadAsync(model);

        streamed.Text.ShouldBe("All at once.");
        streamed.Usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(4);
    }

    [Fact]
    public async Task Thoughts_and_tool_calls_are_handed_on_as_what_they_are()
    {
        await using var upstream = new RawServer(_ => RawServer.Events(
            """{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"Let me "}}]}""",
            """{"choices":[{"index":0,"delta":{"reasoning":"think."}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","function":{"name":"clock","arguments":"{}"}},{"index":0,"function":{"arguments":"\"Hà Nội\"}"}}]}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            "[DONE]"));
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");
        var weather = AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather.");

        var streamed = await Streamed.ReadAsync(model, options: new() { Tools = [weather], ToolMode = ChatToolMode.RequireAny });

        var contents = streamed.Updates.SelectMany(update => update.Contents).ToList();
        string.Concat(contents.OfType<TextReasoningContent>().Select(thought => thought.Text)).ShouldBe("Let me think.");
        var calls = contents.OfType<FunctionCallContent>().ToList();
        calls.Select(call => (call.CallId, call.Name)).ShouldBe([("call_a", "weather"), ("call_b", "clock")]);
        calls[0].Arguments.ShouldNotBeNull()["city"].ShouldNotBeNull().ToString().ShouldBe("Hà Nội");
        streamed.Updates[^1].FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        upstream.Requests.ShouldHaveSingleItem().ShouldContain("\"tool_choice\":\"required\"");
    }

    [Fact]
    public async Task Tool_results_and_pictures_are_written_as_the_protocol_wants_them()
    {
        await using var upstream = new RawServer(_ => RawServer.Events("""{"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}""", "[DONE]"));
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");
        ChatMessage[] conversation =
        [
            new(ChatRole.User, [new TextContent("Look"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]),
            new(ChatRole.Assistant, [new FunctionCallContent("call_a", "weather", new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Hanoi" })]),
            new(ChatRole.Tool, [new FunctionResultContent("call_a", "sunny")]),
        ];

        await model.Client.GetResponseAsync(conversation, new() { Tools = [AIFunctionFactory.Create(() => 1, "weather")] });

        var request = upstream.Requests.ShouldHaveSingleItem();
        request.ShouldContain("""{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}""");
        request.ShouldContain("\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"weather\"");
        request.ShouldContain("""{"role":"tool","tool_call_id":"call_a","content":"sunny"}""");
    }

    [Fact]
    public async Task A_server_that_does_not_know_stream_options_is_asked_without_them_from_then_on()
    {
        await using var upstream = new RawServer(request => request.Contains("stream_options", StringComparison.Ordinal)
            ? RawServer.Json("""{"error":{"message":"Unknown field: stream_options"}}""", 400)
            : RawServer.Events("""{"choices":[{"index":0,"delta":{"content":"fine"},"finish_reason":"stop"}]}""", "[DONE]"));
        var model = await gateway.OpenAsync(upstream.BaseUrl, "m");

        (await Streamed.ReadAsync(model)).Text.ShouldBe("fine");
        (await Streamed.ReadAsync(model)).Text.ShouldBe("fine");

        upstream.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task When_the_caller_cancels_the_upstream_stops_and_the_call_is_written_down_as_cancelled()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        upstream.HoldNextAfter(1);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        using var cancel = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in model.Client.GetStreamingResponseAsync("hello", cancellationToken: cancel.Token))
                await cancel.CancelAsync();
        });

        (await (await upstream.RequestAsync(1)).WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        var row = await gateway.UsageAsync(model.ModelId);
        row.Outcome.ShouldBe("cancelled");
        row.FirstByteMs.ShouldNotBeNull();
        row.Blame.ShouldBeNull();
    }

    [Fact]
    public async Task When_the_caller_stops_reading_the_upstream_stops_and_the_call_is_written_down()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        upstream.HoldNextAfter(1);
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");

        await foreach (var update in model.Client.GetStreamingResponseAsync("hello"))
            break;

        (await (await upstream.RequestAsync(1)).WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        (await gateway.UsageAsync(model.ModelId)).Outcome.ShouldBe("cancelled");
    }

    [Fact]
    public async Task Connections_are_used_again()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");
        for (var i = 0; i < 3; i++)
            (await Streamed.ReadAsync(model)).Failure.ShouldBeNull();

        await gateway.FlushUsageAsync();
        (await gateway.Db.FindAsync<int>("select count(*)::int from gateway.usage where model_id = @Model and outcome = 'completed'", new { Model = model.ModelId }, CancellationToken.None)).ShouldBe(3);
    }

    [Fact]
    public async Task What_a_skill_knows_is_answered_before_any_model_is_asked()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");

        var streamed = await Streamed.ReadAsync(model, ScriptedSkills.Known);

        streamed.Text.ShouldBe(ScriptedSkills.Reply);
        streamed.Updates.ShouldAllBe(update => update.ModelId == "jean/basic");
        streamed.Updates.SelectMany(update => update.Contents).OfType<ClientActionContent>().ShouldHaveSingleItem().Action.Kind.ShouldBe("navigate");
        streamed.Updates.SelectMany(update => update.Contents).OfType<CitationContent>().ShouldHaveSingleItem();
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_person_can_turn_that_off_and_a_call_with_tools_wants_the_model()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("from the model");
        var model = await gateway.OpenAsync(upstream.BaseUrl.AbsoluteUri, "sim-small");

        var off = await Streamed.ReadAsync(model, ScriptedSkills.Known, new() { AdditionalProperties = new() { [ModelOptions.SkillsFirst] = false } });
        var tools = await Streamed.ReadAsync(model, ScriptedSkills.Known, new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] });

        off.Text.ShouldBe("from the model");
        tools.Text.ShouldBe("from the model");
    }
}
