using System.Net;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Guardrails;
using JeanTrail.Testing.Simulators;
using static JeanTrail.Gateway.Tests.Routed;

namespace JeanTrail.Gateway.Tests.Guardrails;

public sealed class GuardrailTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    static readonly GuardrailRule Mask = new("mask");

    Task<string> RouteAsync(Uri upstream, params GuardrailRule[] rules) => gateway.RouteAsync(upstream, rule => rule with { Cache = new RouteCache("off"), Guardrails = rules });

    [Fact]
    public async Task Personal_data_in_every_text_is_masked_before_it_leaves_and_the_rest_stays_as_it_was()
    {
        await using var upstream = new RawServer(_ => RawServer.Json("""{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}"""));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), Mask);
        var body = $$$"""
            {"x-own": {"email":"stay@example.org"},  "messages":[
              {"role":"system","content":"You are jean@example.org","name":"a@example.org"},
              {"role":"user","content":[{"type":"text","text":"I am \u0061nna@example.org"},{"type":"image_url","image_url":{"url":"http://x/anna@example.org"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"mail","arguments":"{\"to\":\"b@example.org\",\"card\":4111111111111111,\"n\": 3}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"sent to b@example.org"}], "model":"{{{route}}}", "user":"anna@example.org"}
            """;

        (await gateway.AskAsync("chat/completions", body)).Status.ShouldBe(HttpStatusCode.OK);

        var sent = upstream.Requests.ShouldHaveSingleItem();
        sent.ShouldContain("\"content\":\"You are [email]\",\"name\":\"a@example.org\"");
        sent.ShouldContain("\"text\":\"I am [email]\"");
        sent.ShouldContain("http://x/anna@example.org");
        sent.ShouldContain("""{\"to\":\"[email]\",\"card\":\"[card]\",\"n\": 3}""");
        sent.ShouldContain("\"content\":\"sent to [email]\"");
        sent.ShouldContain("{\"x-own\": {\"email\":\"stay@example.org\"},  \"messages\":[");
        sent.ShouldContain("\"user\":\"anna@example.org\"");
        sent.ShouldContain("\"model\":\"sim-small\"");
    }

    [Theory]
    [InlineData("responses", """{"model":"ROUTE","instructions":"a@example.org","input":[{"role":"user","content":[{"type":"input_text","text":"a@example.org"}]}]}""", 2)]
    [InlineData("responses", """{"model":"ROUTE","input":"a@example.org"}""", 1)]
    [InlineData("embeddings", """{"model":"ROUTE","input":["a@example.org","b","c@example.org"]}""", 2)]
    [InlineData("embeddings", """{"model":"ROUTE","input":[1,2,3]}""", 0)]
    [InlineData("images/generations", """{"model":"ROUTE","prompt":"a@example.org"}""", 1)]
    [InlineData("rerank", """{"model":"ROUTE","query":"a@example.org","documents":["b@example.org",{"text":"c@example.org"}]}""", 3)]
    public async Task Other_surfaces_are_masked_as_well(string path, string body, int masked)
    {
        await using var upstream = new RawServer(_ => RawServer.Json("""{"id":"x","data":[],"output":[]}"""));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), Mask);

        await gateway.AskAsync(path, body.Replace("ROUTE", route, StringComparison.Ordinal));

        var sent = upstream.Requests.ShouldHaveSingleItem();
        sent.Split("[email]").Length.ShouldBe(masked + 1);
        sent.ShouldNotContain("@example.org");
    }

    [Fact]
    public void When_nothing_matches_nothing_is_written_anew()
        => JsonTexts.RewriteRequest("""{"messages":[{"role":"user","content":"h\u0065llo"}]}"""u8, text => text).ShouldBeNull();

    [Fact]
    public async Task A_blocked_request_goes_nowhere_and_its_caller_learns_the_rule_but_not_the_text()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream.BaseUrl, Mask, new("block", "input", Words: ["dragon"]));
        var told = await RouteAsync(upstream.BaseUrl, new GuardrailRule("block", Patterns: ["drag.n"], Message: "No beasts, please."));

        var blocked = await gateway.AskAsync("chat/completions", Question(route, "Tell of a Dragon!"));
        var polite = await gateway.AskAsync("chat/completions", Question(told, "dragon"));

        blocked.Status.ShouldBe(HttpStatusCode.BadRequest);
        var error = blocked.Json.GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("type").GetString()).ShouldBe(("gateway.blocked", "content_filter"));
        error.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("rule 2");
        blocked.Text.ShouldNotContain("dragon", Case.Insensitive);
        polite.Text.ShouldContain("No beasts, please.");
        (await gateway.AskAsync("chat/completions", Question(route, "Tell of dragonflies"))).Status.ShouldBe(HttpStatusCode.OK);
        upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Too_much_text_is_refused()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream.BaseUrl, new GuardrailRule("max-size", "input", Limit: 10));

        (await gateway.AskAsync("chat/completions", Question(route, "1234567890"))).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.AskAsync("chat/completions", Question(route, "12345678901"))).Text.ShouldContain("gateway.blocked");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Personal_data_in_an_answer_is_masked_however_it_is_cut(bool stream)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("You can write to jean.trail@lighthouse.example.org or call +49 (0)30 1234567 any time. العنوان jean@example.org");
        var route = await RouteAsync(upstream.BaseUrl, new GuardrailRule("mask", "output"));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello", stream, usage: true));

        (answer.Content, answer.Finish).ShouldBe(("You can write to [email] or call [phone] any time. العنوان [email]", "stop"));
        if (stream)
        {
            answer.Events[^1].ShouldBe("[DONE]");
            answer.Chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(5);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_blocked_answer_ends_properly(bool stream)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("Once there was a fire-breathing dragon in a cave, and more was told");
        var route = await RouteAsync(upstream.BaseUrl, new GuardrailRule("block", "output", Words: ["breathing dragon"], Message: "Not about beasts."));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello", stream, usage: true));

        (answer.Status, answer.Finish, answer.Said("refusal")).ShouldBe((HttpStatusCode.OK, "content_filter", "Not about beasts."));
        answer.Content.ShouldBe(stream ? "Once there was a fire-" : "");
        if (stream)
        {
            answer.Events[^1].ShouldBe("[DONE]");
            answer.Chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBeGreaterThan(0);
            answer.Chunks.Count(chunk => chunk.GetProperty("choices").GetArrayLength() > 0 && chunk.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind != JsonValueKind.Null).ShouldBe(1);
        }
    }

    [Fact]
    public async Task An_answer_that_is_withheld_is_not_kept_and_one_that_is_masked_is_kept_masked()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl, rule => rule with { Guardrails = [Mask with { Applies = "output" }, new("block", "output", Words: ["dragon"])] });
        upstream.NextReply("a dragon").NextReply("write to a@example.org");

        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Finish.ShouldBe("content_filter");
        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Cache.ShouldBe("miss");
        var hit = await gateway.AskAsync("chat/completions", Question(route, "hello"));
        (hit.Cache, hit.Content).ShouldBe(("hit", "write to [email]"));
    }

    [Fact]
    public async Task Tool_arguments_are_masked_when_they_are_whole()
    {
        await using var upstream = new RawServer(_ => RawServer.Events(
            """{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"mail","arguments":""}}]},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"to\":\"jean@exam"}}]},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"ple.org\",\"n\":1}"}}]},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            "[DONE]"));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "output"));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true));

        var fragments = answer.Chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta")).Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0].GetProperty("function"));
        string.Concat(fragments.Select(function => function.GetProperty("arguments").GetString())).ShouldBe("""{"to":"[email]","n":1}""");
        answer.Finish.ShouldBe("tool_calls");
    }

    [Fact]
    public async Task Without_rules_for_answers_the_bytes_of_a_stream_are_the_upstreams()
    {
        string[] events =
        [
            """{"id":"c", "choices":[{"index":0,"delta":{"role":"assistant","content":""}}], "own": [1,  2]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"content":"jean\u0040example.org"}}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            "[DONE]",
        ];
        await using var upstream = new RawServer(_ => RawServer.Events(events));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "input"));
        var other = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "output", Data: ["card"]));

        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Events.ShouldBe(events);
        (await gateway.AskAsync("chat/completions", Question(other, "hello", stream: true))).Events.ShouldBe(events);
    }

    [Fact]
    public async Task Rules_that_cannot_be_read_let_nothing_through()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await RouteAsync(upstream.BaseUrl, new GuardrailRule("block", Patterns: ["("]));

        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_prompt_of_a_form_is_guarded_too()
    {
        await using var upstream = new RawServer(_ => RawServer.Json("""{"data":[]}"""));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), Mask);
        using var form = new MultipartFormDataContent { { new StringContent("paint jean@example.org in Öl"), "prompt" }, { new StringContent(route), "model" }, { new ByteArrayContent(Encoding.UTF8.GetBytes("a@example.org")), "image", "a.png" } };

        (await gateway.PostAsync("images/edits", form)).Status.ShouldBe(HttpStatusCode.OK);

        var sent = upstream.Requests.ShouldHaveSingleItem();
        sent.ShouldContain("\r\n\r\npaint [email] in Öl\r\n");
        sent.ShouldContain("\r\n\r\nsim-small\r\n");
        sent.ShouldContain("\r\n\r\na@example.org\r\n");
    }

    [Theory]
    [InlineData("anthropic", false)]
    [InlineData("anthropic", true)]
    [InlineData("gemini", false)]
    [InlineData("gemini", true)]
    public async Task Vendors_with_words_of_their_own_are_guarded_like_others(string kind, bool stream)
    {
        await using VendorServer upstream = kind == "anthropic" ? await AnthropicServer.StartAsync() : await GeminiServer.StartAsync();
        var model = upstream is AnthropicServer anthropic ? anthropic.Models[0] : ((GeminiServer)upstream).Models[0];
        var slug = (await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = $"Guarded {kind} {stream}", baseUrl = upstream.BaseUrl, apiKey = upstream.Options.ApiKey, kind }))["slug"].GetString();
        var route = await gateway.RouteAsync(slug!, rule => rule with { Targets = [new RouteTargetRule($"{slug}/{model}")], Guardrails = [Mask] });
        upstream.NextAnswer(new ScriptedAnswer { Pieces = ["write to jean@exam", "ple.org"], Calls = [new ScriptedCall("mail", """{"to":"b@example.org"}""")] });

        var question = """
            {"model":"ROUTE","stream":STREAM,"max_tokens":50,"messages":[{"role":"user","content":"I am anna@example.org"}],
            "tools":[{"type":"function","function":{"name":"mail","parameters":{"type":"object","properties":{"to":{"type":"string"}}}}}]}
            """.Replace("ROUTE", route, StringComparison.Ordinal).Replace("STREAM", stream ? "true" : "false", StringComparison.Ordinal);
        var answer = await gateway.AskAsync("chat/completions", question);

        upstream.LastBody.GetRawText().ShouldContain("I am [email]");
        answer.Content.ShouldBe("write to [email]", answer.Text);
        answer.Text.ShouldContain("""{\"to\":\"[email]\"}""");
        (answer.Finish, answer.Text.Contains("@example", StringComparison.Ordinal)).ShouldBe(("tool_calls", false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thoughts_are_masked_and_what_repeats_them_does_not_tell(bool stream)
    {
        const string Said = """{"id":"c","choices":[{"index":0,"finish_reason":FINISH,"logprobs":{"content":[{"token":"TOKEN"}]},"NAME":MESSAGE}]}""";
        const string Thought = """{"role":"assistant","reasoning_content":"Known is jean@example.org.","content":"I know jean@example.org.","thinking_blocks":[{"type":"thinking","thinking":"Known is jean@example.org.","signature":"first"},{"type":"thinking","thinking":"fine","signature":"second"}]}""";
        string[] deltas =
        [
            """{"role":"assistant","reasoning_content":"Known is jean@","content":""}""", """{"reasoning_content":"exam","content":"","own":"jean@exam"}""", """{"reasoning_content":"ple.org."}""",
            """{"thinking_blocks":[{"type":"thinking","thinking":"Known is jean@example.org.","signature":"first"}]}""",
            """{"thinking_blocks":[{"type":"thinking","thinking":"fine","signature":"second"}]}""", """{"content":[{"type":"text","text":"I know jean@"}]}""", """{"content":[{"type":"text","text":"example.org."}]}""",
        ];
        static string Of(string name, string message, string finish) => Said.Replace("NAME", name, StringComparison.Ordinal).Replace("MESSAGE", message, StringComparison.Ordinal).Replace("FINISH", finish, StringComparison.Ordinal).Replace("TOKEN", message.Contains("second", StringComparison.Ordinal) && !message.Contains("first", StringComparison.Ordinal) ? "fine" : "jean@", StringComparison.Ordinal);
        await using var upstream = new RawServer(_ => stream
            ? RawServer.Events([.. deltas.Select(delta => Of("delta", delta, "null")), """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", "[DONE]"])
            : RawServer.Json(Of("message", Thought, "\"stop\"")));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "output"));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello", stream));

        answer.Said("reasoning_content").ShouldBe("Known is [email].", answer.Text);
        answer.Text.ShouldContain("I know ");
        answer.Text.ShouldContain("second");
        answer.Text.ShouldNotContain("first");
        answer.Text.ShouldNotContain("jean@");
    }

    [Fact]
    public async Task A_whole_reply_to_a_question_for_a_stream_is_guarded_and_calls_a_tool_at_once()
    {
        await using var upstream = new RawServer(_ => RawServer.Json(
            """{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"for jean@example.org","tool_calls":[{"id":"call_a","type":"function","function":{"name":"mail","arguments":"{\"to\":\"jean@example.org\"}"}},{"id":"call_b","type":"function","function":{"name":"mail","arguments":"{\"n\":1}"}}]},"finish_reason":"tool_calls"}]}"""));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "output"));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true));

        var calls = answer.Chunks.ShouldHaveSingleItem().GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls").EnumerateArray().ToList();
        calls.Select(call => (call.GetProperty("id").GetString(), call.GetProperty("function").GetProperty("arguments").GetString()))
            .ShouldBe([("call_a", """{"to":"[email]"}"""), ("call_b", """{"n":1}""")]);
        (answer.Content, answer.Events[^1]).ShouldBe(("for [email]", "[DONE]"));
    }

    [Fact]
    public async Task A_transcript_is_guarded_as_text_and_not_streamed()
    {
        await using var upstream = new RawServer(_ => RawServer.Response(200, "text/plain; charset=utf-8", "Write to jean@example.org, she said.\n"));
        var (route, strict) = (await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "output")), await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("block", "output", Words: ["said"])));

        (await TranscribeAsync(route)).Text.ShouldBe("Write to [email], she said.\n");
        (await TranscribeAsync(strict)).Text.ShouldContain("gateway.blocked");
        var streamed = await TranscribeAsync(route, "true");
        (streamed.Status, streamed.Json.GetProperty("error").GetProperty("param").GetString()).ShouldBe((HttpStatusCode.BadRequest, "stream"));
        upstream.Requests.Count.ShouldBe(2);

        async Task<RoutedAnswer> TranscribeAsync(string model, string stream = "false")
        {
            using var form = new MultipartFormDataContent { { new StringContent(model), "model" }, { new StringContent(stream), "stream" }, { new ByteArrayContent([1, 2, 3]), "file", "a.wav" } };
            return await gateway.PostAsync("audio/transcriptions", form);
        }
    }

    [Fact]
    public async Task The_trace_says_which_rule_refused()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("a dragon sleeps");
        var before = await RouteAsync(upstream.BaseUrl, Mask, new("block", "input", Words: ["dragon"]));
        var after = await RouteAsync(upstream.BaseUrl, new GuardrailRule("block", "output", Words: ["dragon"]));
        var never = await RouteAsync(upstream.BaseUrl, Mask);
        await gateway.AskAsync("chat/completions", Question(before, "dragon"));
        await gateway.AskAsync("chat/completions", Question(after, "hello", stream: true));
        await gateway.AskAsync("chat/completions", Question(never, "hello"));

        (await RuleAsync(before)).ShouldBe(("rule 2 (block)", "failed"));
        (await RuleAsync(after)).ShouldBe(("rule 1 (block)", "completed"));
        (await RuleAsync(never)).ShouldBe((null, "completed"));

        async Task<(string? Rule, string? Outcome)> RuleAsync(string route)
        {
            var trace = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{await gateway.ClosedCallAsync(route)}");
            return (trace["guardrail"].GetString(), trace["call"].GetProperty("outcome").GetString());
        }
    }

    [Fact]
    public async Task What_one_route_keeps_unguarded_another_does_not_give()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("write to a@example.org");
        var open = await gateway.RouteAsync(upstream.BaseUrl);
        var guarded = await gateway.RouteAsync(upstream.BaseUrl, rule => rule with { Guardrails = [Mask] });

        (await gateway.AskAsync("chat/completions", Question(open, "hello"))).Content.ShouldBe("write to a@example.org");
        var answers = new List<RoutedAnswer>();
        foreach (var stream in new[] { false, true })
            answers.Add(await gateway.AskAsync("chat/completions", Question(guarded, "hello", stream)));
        answers.Select(answer => (answer.Cache, answer.Content)).ShouldBe([("miss", "write to [email]"), ("hit", "write to [email]")]);
        (await gateway.AskAsync("chat/completions", Question(open, "hello"))).Content.ShouldBe("write to a@example.org");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_grows_too_long_is_withheld(bool stream)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three four");
        var route = await RouteAsync(upstream.BaseUrl, new GuardrailRule("max-size", "output", Limit: 10));

        var answer = await gateway.AskAsync("chat/completions", Question(route, "hello", stream));

        (answer.Finish, answer.Content.Length <= 10).ShouldBe(("content_filter", true));
        answer.Said("refusal").ShouldContain("rule 1");
    }
}
