using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.Anthropic;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Dialects;

public sealed class AnthropicDialectTests : DialectConformance
{
    const string Question = """[{"role":"user","content":"Hi"}]""";

    AnthropicServer server = null!;

    private protected override IDialect Dialect { get; } = new AnthropicDialect();

    protected override Uri BaseUrl => server.BaseUrl;

    protected override string ApiKey => server.Options.ApiKey;

    protected override string Model => "claude-sonnet-4-5";

    protected override string ThinkingModel => "claude-sonnet-4-5";

    protected override JsonElement LastBody => server.LastBody;

    protected override IEnumerable<FaultCase> Faults =>
    [
        Fault("key", VendorFault.Refuse(401), "gateway.upstream_unauthorized", Blame.Client),
        Fault("permission", VendorFault.Refuse(403), "gateway.upstream_unauthorized", Blame.Client),
        Fault("billing", VendorFault.Refuse(402), "gateway.upstream_quota_exceeded", Blame.Client),
        Fault("no credit", VendorFault.Refuse(400, message: "Your credit balance is too low to access the Anthropic API."), "gateway.upstream_quota_exceeded", Blame.Client),
        Fault("too long", VendorFault.Refuse(400, message: "prompt is too long: 210000 tokens > 200000 maximum"), "gateway.context_too_long", Blame.Client),
        Fault("too long with the answer", VendorFault.Refuse(400, message: "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000"), "gateway.context_too_long", Blame.Client),
        Fault("too large", VendorFault.Refuse(413), "gateway.context_too_long", Blame.Client),
        Fault("invalid", VendorFault.Refuse(400), "gateway.upstream_error", Blame.Client),
        Fault("slow down", VendorFault.Refuse(429), "gateway.upstream_rate_limited", Blame.Upstream, true),
        Fault("slow down for long", VendorFault.Refuse(429, retryAfterSeconds: 42), "gateway.upstream_rate_limited", Blame.Upstream, true, 42),
        Fault("overloaded", VendorFault.Refuse(529), "gateway.upstream_error", Blame.Upstream, true),
        Fault("internal", VendorFault.Refuse(500), "gateway.upstream_error", Blame.Upstream),
        Fault("timeout", VendorFault.Refuse(504), "gateway.upstream_timeout", Blame.Upstream),
        Fault("a page", VendorFault.Html(503), "gateway.upstream_error", Blame.Upstream, true),
    ];

    [Fact]
    public async Task Messages_of_one_side_become_one_turn_and_results_come_first()
    {
        var reply = await SendAsync(Request("""
            [{"role":"assistant","content":"Earlier."},{"role":"user","content":"One"},{"role":"user","content":"  "},{"role":"user","content":"Two"},
             {"role":"assistant","content":"","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"not json"}}]},
             {"role":"user","content":"Meanwhile"},{"role":"tool","tool_call_id":"a","content":"A"},{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"B"}]},
             {"role":"assistant","content":"Done "}]
            """));

        reply.Fault.ShouldBeNull();
        var turns = LastBody.GetProperty("messages").EnumerateArray().ToList();
        turns.Select(turn => turn.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "user", "assistant", "user", "assistant"]);
        turns[4].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()).ShouldBe(["tool_result", "tool_result", "text"]);
        turns[3].GetProperty("content")[1].GetProperty("input").GetProperty("arguments").GetString().ShouldBe("not json");
        LastBody.GetProperty("tools")[0].GetProperty("name").GetString().ShouldBe("f");
        LastBody.GetProperty("tool_choice").GetProperty("type").GetString().ShouldBe("none");
    }

    [Theory]
    [InlineData("claude-3-5-haiku-20241022", """{"temperature":1.7,"top_p":0.5,"top_k":40,"reasoning_effort":"high"}""", """{"max_tokens":4096,"temperature":1,"top_p":0.5,"top_k":40}""")]
    [InlineData("claude-sonnet-4-20250514", """{"temperature":0.2,"reasoning_effort":"high"}""", """{"max_tokens":28672,"thinking":{"type":"enabled","budget_tokens":24576}}""")]
    [InlineData("claude-sonnet-4-5", """{"temperature":0.2,"top_p":0.5}""", """{"max_tokens":4096,"temperature":0.2}""")]
    [InlineData("claude-sonnet-4-5", """{"max_tokens":3000,"reasoning_effort":"high"}""", """{"max_tokens":3000,"thinking":{"type":"enabled","budget_tokens":1500}}""")]
    [InlineData("claude-sonnet-4-5", """{"max_completion_tokens":1000,"reasoning_effort":"high","temperature":0}""", """{"max_tokens":1000,"temperature":0}""")]
    [InlineData("claude-sonnet-4-5", """{"max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":9000}}""", """{"max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":1999}}""")]
    [InlineData("claude-sonnet-4-6", """{"temperature":0.5,"reasoning_effort":"xhigh"}""", """{"max_tokens":16384,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high"}}""")]
    [InlineData("claude-opus-4-7", """{"temperature":0.5,"top_p":0.9,"top_k":3}""", """{"max_tokens":4096}""")]
    [InlineData("claude-opus-4-7", """{"thinking":{"type":"enabled","budget_tokens":4000}}""", """{"max_tokens":16384,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"medium"}}""")]
    [InlineData("claude-fable-5", """{"reasoning_effort":"none","seed":1,"user":"u-1"}""", """{"max_tokens":16384,"output_config":{"effort":"low"},"metadata":{"user_id":"u-1"}}""")]
    public async Task Each_generation_of_models_is_told_only_what_it_takes(string model, string given, string expected)
    {
        var reply = await SendAsync(Request(Question, given), model);

        reply.Fault.ShouldBeNull();
        var sent = JsonNode.Parse(LastBody.GetRawText())!.AsObject();
        sent.Remove("model");
        sent.Remove("messages");
        JsonNode.DeepEquals(sent, JsonNode.Parse(expected)).ShouldBeTrue(sent.ToJsonString());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_schema_that_the_model_cannot_follow_by_itself_becomes_the_input_of_a_tool(bool streamed)
    {
        const string Schema = """{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"age":{"type":"integer","minimum":0}}}}}}""";
        NextAnswer(new ScriptedAnswer { Pieces = ["Here it is:"], Calls = [new("jean_answer", """{"age":7}""")] });

        var reply = await AskAsync("How old?", streamed, Schema);

        reply.Text.ShouldBe("""{"age":7}""");
        reply.Finish.ShouldBe("stop");
        reply.First.Calls.ShouldBeEmpty();
        ForcedToolOf(LastBody).ShouldBe("jean_answer");
        SystemOf(LastBody).ShouldNotBeNull().ShouldContain("jean_answer");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Any_JSON_comes_through_the_tool_too_and_beside_other_tools_one_of_them_must_be_used(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Calls = [new("get_weather", """{"city":"Hue"}""")] });

        var reply = await AskAsync("Weather?", streamed, Merge(WithTools(), """{"response_format":{"type":"json_object"}}"""), "claude-3-5-haiku-20241022");

        reply.Fault.ShouldBeNull();
        reply.Finish.ShouldBe("tool_calls");
        reply.First.Calls.ShouldHaveSingleItem().Name.ShouldBe("get_weather");
        LastBody.GetProperty("tool_choice").GetProperty("type").GetString().ShouldBe("any");
    }

    [Fact]
    public async Task Text_is_the_answer_where_the_tool_was_not_used()
    {
        NextAnswer("""{"a":1}""");

        var reply = await AskAsync("JSON, please", true, """{"response_format":{"type":"json_object"},"thinking":{"type":"enabled","budget_tokens":2000}}""");

        reply.Fault.ShouldBeNull();
        reply.Text.ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task Files_and_marks_for_the_cache_pass()
    {
        var pdf = Convert.ToBase64String("%PDF-1.7"u8);
        var text = Convert.ToBase64String("Xin chào"u8);
        var reply = await SendAsync(Request($$$"""
            [{"role":"system","content":[{"type":"text","text":"Long.","cache_control":{"type":"ephemeral"}}]},
             {"role":"user","content":[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,{{{pdf}}}"}},
               {"type":"file","file":{"file_data":"data:text/plain;base64,{{{text}}}"},"cache_control":{"type":"ephemeral","ttl":"1h"}}]}]
            """));

        reply.Fault.ShouldBeNull();
        LastBody.GetProperty("system")[0].GetProperty("cache_control").GetProperty("type").GetString().ShouldBe("ephemeral");
        var blocks = LastBody.GetProperty("messages")[0].GetProperty("content");
        blocks[0].GetProperty("source").GetProperty("media_type").GetString().ShouldBe("application/pdf");
        blocks[0].GetProperty("title").GetString().ShouldBe("a.pdf");
        blocks[1].GetProperty("source").GetProperty("data").GetString().ShouldBe("Xin chào");
        blocks[1].GetProperty("cache_control").GetProperty("ttl").GetString().ShouldBe("1h");
    }

    [Theory]
    [InlineData("""{"n":2}""", "n")]
    [InlineData("""{"logprobs":true}""", "logprobs")]
    [InlineData("""{"modalities":["text","audio"]}""", "modalities")]
    [InlineData("""{"tools":[{"type":"custom","custom":{"name":"x"}}]}""", "tools")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""", "messages")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""", "messages")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://insecure.example/a.png"}}]}]}""", "messages")]
    public void What_Anthropic_has_no_word_for_is_refused_and_named(string given, string param)
    {
        var body = Merge("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", given);

        var error = Dialect.Write(DialectDriver.Request(body, Model)).Error.ShouldNotBeNull();

        error.Code.ShouldBe("gateway.not_translatable");
        error.Status.ShouldBe(400);
        error.Extensions!["param"].ShouldBe(param);
    }

    [Fact]
    public void Other_surfaces_are_not_spoken()
    {
        Dialect.Speaks(Surface.Embeddings).ShouldBeFalse();
        Dialect.Write(DialectDriver.Request("""{"model":"m","input":"a"}""", "x", Surface.Embeddings)).Error.ShouldNotBeNull().Code.ShouldBe("gateway.not_translatable");
    }

    protected override async Task StartAsync() => server = await AnthropicServer.StartAsync();

    protected override async Task StopAsync() => await server.DisposeAsync();

    protected override void NextAnswer(ScriptedAnswer answer) => server.NextAnswer(answer);

    protected override void NextInterrupted(string text, Interruption how, int pieces)
    {
        server.NextAnswer(text);
        server.NextFault(how switch
        {
            Interruption.Error => VendorFault.ErrorAfter(pieces),
            Interruption.Close => VendorFault.CloseAfter(pieces),
            _ => VendorFault.NonsenseAfter(pieces),
        });
    }

    protected override void NextTorn(int sizeBytes) => server.NextFault(VendorFault.SplitWrites(sizeBytes));

    protected override ScriptedAnswer JsonAnswer(string json) => json;

    protected override string? SystemOf(JsonElement body)
        => body.TryGetProperty("system", out var system) ? string.Concat(system.EnumerateArray().Select(block => block.GetProperty("text").GetString())) : null;

    protected override IEnumerable<(string Role, string Text)> TurnsOf(JsonElement body)
        => body.GetProperty("messages").EnumerateArray().Select(message => (
            message.GetProperty("role").GetString()!,
            string.Concat(message.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("text").GetString()))));

    protected override string? ForcedToolOf(JsonElement body) => body.GetProperty("tool_choice").GetProperty("name").GetString();

    protected override IEnumerable<string> ImagesOf(JsonElement body)
        => body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Where(block => block.GetProperty("type").GetString() == "image").Select(block =>
        {
            var source = block.GetProperty("source");
            return source.GetProperty("type").GetString() == "url" ? source.GetProperty("url").GetString()! : $"{source.GetProperty("media_type").GetString()} {source.GetProperty("data").GetString()}";
        });

    FaultCase Fault(string name, VendorFault fault, string code, Blame blame, bool mayRetry = false, double? retryAfter = null)
        => new(name, () => server.NextFault(fault), code, blame, mayRetry, retryAfter);
}
