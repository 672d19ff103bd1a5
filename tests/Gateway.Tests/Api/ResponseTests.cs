using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Api;

/// <summary>Responses of providers that know chat completions only.</summary>
public sealed class ResponseTests(GatewayHost gateway) : IClassFixture<GatewayHost>, IAsyncLifetime
{
    const string Weather = """{"type":"function","name":"weather","description":"The weather at a place","parameters":{"type":"object","properties":{"place":{"type":"string"}}},"strict":true}""";

    ApiClient api = null!;
    OpenAiServer chat = null!;
    AnthropicServer claude = null!;
    string chatModel = "";
    string claudeModel = "";

    public async Task InitializeAsync()
    {
        chat = await OpenAiServer.StartAsync();
        claude = await AnthropicServer.StartAsync();
        chatModel = $"{(await gateway.ConnectAsync(chat.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString()}/sim-small";
        claudeModel = $"{(await gateway.ConnectAsync(claude.BaseUrl.AbsoluteUri, claude.Options.ApiKey, "anthropic")).GetProperty("slug").GetString()}/{claude.Models[0]}";
        api = await ApiClient.CreateAsync(gateway);
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await chat.DisposeAsync();
        await claude.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_response_is_made_of_a_completion()
    {
        chat.Reply("Calm sea");
        var response = await AskAsync(chatModel, """{"instructions":"Be brief","input":"How is the sea?","temperature":0.5,"metadata":{"a":"b"},"reasoning":{"effort":"low"},"unknown_member":[1]}""");

        response.GetProperty("object").GetString().ShouldBe("response");
        response.GetProperty("id").GetString()!.ShouldStartWith("resp_");
        response.GetProperty("status").GetString().ShouldBe("completed");
        response.GetProperty("temperature").GetDouble().ShouldBe(0.5);
        response.GetProperty("metadata").GetProperty("a").GetString().ShouldBe("b");
        response.GetProperty("store").GetBoolean().ShouldBeFalse();
        response.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBeGreaterThan(0);
        var message = response.GetProperty("output").EnumerateArray().ShouldHaveSingleItem();
        message.GetProperty("type").GetString().ShouldBe("message");
        message.GetProperty("status").GetString().ShouldBe("completed");
        message.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Calm sea");

        var asked = chat.Requests.Last();
        asked.Path.ShouldBe("/v1/chat/completions");
        asked.Messages.ShouldBe([("system", "Be brief"), ("user", "How is the sea?")]);
        asked.Body.GetProperty("reasoning_effort").GetString().ShouldBe("low");
        asked.Body.GetProperty("unknown_member")[0].GetInt32().ShouldBe(1);
        asked.Body.TryGetProperty("input", out _).ShouldBeFalse();
        asked.Body.TryGetProperty("metadata", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_has_no_responses_is_asked_for_them_once()
    {
        await AskAsync(chatModel, """{"input":"one"}""");
        await AskAsync(chatModel, """{"input":"two"}""");
        chat.Requests.Count(request => request.Path == "/v1/responses").ShouldBe(1);
        chat.Requests.Count(request => request.Path == "/v1/chat/completions").ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_tells_each_step()
    {
        chat.Reply("one two three");
        var events = await StreamAsync(chatModel, """{"input":"count","stream":true}""");

        events.Select(each => each.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        var types = events.Select(each => each.GetProperty("type").GetString()).ToList();
        types.Take(4).ShouldBe(["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"]);
        types.TakeLast(4).ShouldBe(["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"]);
        TextOf(events, "response.output_text.delta").ShouldBe("one two three");
        var last = events[^1].GetProperty("response");
        last.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("one two three");
        last.GetProperty("id").GetString().ShouldBe(events[0].GetProperty("response").GetProperty("id").GetString());
        last.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_and_thoughts_go_there_and_back(bool stream)
    {
        claude.NextAnswer(new ScriptedAnswer { Thinking = "They want weather", Pieces = ["Let me ", "look."], Calls = [new("weather", """{"place":"Bergen"}"""), new("weather", """{"place":"Oslo"}""")] });
        var asked = $$"""{"model":"{{claudeModel}}","input":[{"role":"user","content":"Weather?"}],"tools":[{{Weather}}],"reasoning":{"effort":"high"},"max_output_tokens":4000,"stream":{{(stream ? "true" : "false")}}}""";
        var response = stream ? (await StreamAsync(claudeModel, asked))[^1].GetProperty("response") : await AskAsync(claudeModel, asked);

        var output = response.GetProperty("output").EnumerateArray().ToList();
        output.Select(item => item.GetProperty("type").GetString()).ShouldBe(["reasoning", "message", "function_call", "function_call"]);
        output[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("They want weather");
        output[2].GetProperty("name").GetString().ShouldBe("weather");
        JsonNode.DeepEquals(JsonNode.Parse(output[3].GetProperty("arguments").GetString()!), JsonNode.Parse("""{"place":"Oslo"}""")).ShouldBeTrue();

        var next = new JsonArray([.. output.Select(item => JsonNode.Parse(item.GetRawText()))]);
        next.Insert(0, JsonNode.Parse("""{"role":"user","content":"Weather?"}"""));
        foreach (var call in output.Skip(2))
            next.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.GetProperty("call_id").GetString(), ["output"] = "Rain" });
        claude.NextAnswer("Rain in both");
        var body = new JsonObject { ["input"] = next, ["tools"] = new JsonArray(JsonNode.Parse(Weather)), ["reasoning"] = new JsonObject { ["effort"] = "high" }, ["max_output_tokens"] = 4000 };
        (await AskAsync(claudeModel, body.ToJsonString())).GetProperty("output").EnumerateArray().Last().GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Rain in both");

        // The simulator refuses calls without their results, and thoughts whose signature is not its own.
        var said = claude.LastBody.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString());
        said.ShouldBe(["thinking", "text", "tool_use", "tool_use"]);
    }

    [Fact]
    public async Task What_was_cut_by_its_limit_is_incomplete()
    {
        chat.Reply("one two three four");
        var response = await AskAsync(chatModel, """{"input":"count","max_output_tokens":2}""");
        response.GetProperty("status").GetString().ShouldBe("incomplete");
        response.GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("max_output_tokens");
        response.GetProperty("output")[0].GetProperty("status").GetString().ShouldBe("incomplete");
        chat.Requests.Last().Body.GetProperty("max_tokens").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Forms_pictures_and_choices_of_tools_are_put_in_the_words_of_a_chat()
    {
        await AskAsync(chatModel, $$$"""
            {"input":[{"role":"user","content":[{"type":"input_text","text":"What is this?"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"low"}]}],
             "text":{"format":{"type":"json_schema","name":"thing","schema":{"type":"object"},"strict":true}},
             "tools":[{{{Weather}}}],"tool_choice":{"type":"function","name":"weather"} }
            """);
        var sent = chat.Requests.Last().Body;
        sent.GetProperty("messages")[0].GetProperty("content")[1].GetRawText().ShouldBe("""{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}""");
        sent.GetProperty("response_format").GetRawText().ShouldBe("""{"type":"json_schema","json_schema":{"name":"thing","schema":{"type":"object"},"strict":true}}""");
        sent.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString().ShouldBe("weather");
        sent.GetProperty("tool_choice").GetRawText().ShouldBe("""{"type":"function","function":{"name":"weather"}}""");
    }

    [Theory]
    [InlineData("""{"input":"x","previous_response_id":"resp_1"}""", "gateway.not_translatable", "previous_response_id")]
    [InlineData("""{"input":"x","tools":[{"type":"web_search"}]}""", "gateway.not_translatable", "tools")]
    [InlineData("""{"input":"x","background":true}""", "gateway.not_translatable", "background")]
    [InlineData("""{"input":[{"type":"item_reference","id":"msg_1"}]}""", "gateway.not_translatable", "input")]
    [InlineData("""{"input":7}""", "gateway.request_invalid", "input")]
    public async Task What_a_chat_has_no_word_for_is_refused(string body, string code, string param)
    {
        var answer = await PostAsync(claudeModel, body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.ErrorCode.ShouldBe(code);
        answer.Json.GetProperty("error").GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_not_completed()
    {
        chat.Reply("one two three four");
        await AskAsync(chatModel, """{"input":"warm up"}""");
        chat.NextFault(OpenAiFault.ErrorAfter(2));
        var answer = await PostAsync(chatModel, """{"input":"count","stream":true}""");
        answer.Body.ShouldContain("event: error\n");
        answer.Body.ShouldContain("gateway.upstream_error");
        answer.Body.ShouldNotContain("response.completed");
    }

    async Task<JsonElement> AskAsync(string model, string body)
    {
        var answer = await PostAsync(model, body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return answer.Json;
    }

    async Task<List<JsonElement>> StreamAsync(string model, string body)
    {
        var answer = await PostAsync(model, body);
        answer.ContentType.ShouldBe("text/event-stream", answer.Body);
        return [.. answer.Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(each =>
        {
            var lines = each.Split('\n');
            var data = JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement;
            lines[0].ShouldBe($"event: {data.GetProperty("type").GetString()}");
            return data;
        })];
    }

    Task<ApiAnswer> PostAsync(string model, string body)
    {
        var request = JsonNode.Parse(body)!.AsObject();
        request["model"] = model;
        return api.PostAsync("responses", new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json"));
    }

    static string TextOf(IEnumerable<JsonElement> events, string type)
        => string.Concat(events.Where(each => each.GetProperty("type").GetString() == type).Select(each => each.GetProperty("delta").GetString()));
}
