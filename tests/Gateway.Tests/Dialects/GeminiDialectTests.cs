using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.Gemini;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Dialects;

public sealed class GeminiDialectTests : DialectConformance
{
    const string Question = """[{"role":"user","content":"Hi"}]""";

    GeminiServer server = null!;

    private protected override IDialect Dialect { get; } = new GeminiDialect();

    protected override Uri BaseUrl => server.BaseUrl;

    protected override string ApiKey => server.Options.ApiKey;

    protected override string Model => "gemini-2.5-flash";

    protected override string ThinkingModel => "gemini-3-pro-preview";

    protected override JsonElement LastBody => server.LastBody;

    protected override IEnumerable<FaultCase> Faults =>
    [
        Fault("key", VendorFault.Refuse(400, "API_KEY_INVALID", "API key not valid. Please pass a valid API key."), "gateway.upstream_unauthorized", Blame.Client),
        Fault("unauthenticated", VendorFault.Refuse(401), "gateway.upstream_unauthorized", Blame.Client),
        Fault("permission", VendorFault.Refuse(403), "gateway.upstream_unauthorized", Blame.Client),
        Fault("billing", VendorFault.Refuse(400, "FAILED_PRECONDITION", "Please enable billing on your project in Google AI Studio."), "gateway.upstream_quota_exceeded", Blame.Client),
        Fault("too long", VendorFault.Refuse(400, message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."), "gateway.context_too_long", Blame.Client),
        Fault("invalid", VendorFault.Refuse(400), "gateway.upstream_error", Blame.Client),
        Fault("unknown model", VendorFault.Refuse(404), "gateway.model_unknown", Blame.Client),
        Fault("slow down", VendorFault.Refuse(429), "gateway.upstream_rate_limited", Blame.Upstream, true),
        Fault("overloaded", VendorFault.Refuse(503), "gateway.upstream_error", Blame.Upstream, true),
        Fault("internal", VendorFault.Refuse(500), "gateway.upstream_error", Blame.Upstream),
        Fault("deadline", VendorFault.Refuse(504), "gateway.upstream_timeout", Blame.Upstream),
        Fault("a page", VendorFault.Html(502), "gateway.upstream_error", Blame.Upstream, true),
    ];

    [Theory, InlineData("""{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"x"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36.5s"}]}}""")]
    [InlineData("""[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"36.5s"}]}}]""")]
    public void The_time_to_wait_may_stand_in_the_details(string body)
    {
        var fault = Dialect.ReadFault(System.Net.HttpStatusCode.TooManyRequests, System.Text.Encoding.UTF8.GetBytes(body), null);

        fault.Error.Code.ShouldBe("gateway.upstream_rate_limited");
        fault.RetryAfter.ShouldBe(TimeSpan.FromSeconds(36.5));
    }

    [Theory]
    [InlineData("gemini-2.0-flash", """{"reasoning_effort":"high","temperature":0.3,"top_p":0.9,"top_k":7,"seed":5,"max_tokens":100}""", """{"temperature":0.3,"topP":0.9,"topK":7,"maxOutputTokens":100,"seed":5}""")]
    [InlineData("gemini-2.5-flash", """{"reasoning_effort":"none","presence_penalty":0,"frequency_penalty":0}""", """{"thinkingConfig":{"thinkingBudget":0}}""")]
    [InlineData("gemini-2.5-pro", """{"reasoning_effort":"none"}""", """{"thinkingConfig":{"thinkingBudget":128}}""")]
    [InlineData("gemini-2.5-pro", """{"thinking":{"type":"enabled","budget_tokens":5000}}""", """{"thinkingConfig":{"includeThoughts":true,"thinkingBudget":5000}}""")]
    [InlineData("gemini-2.5-flash", """{"extra_body":{"google":{"thinking_config":{"thinkingBudget":77}}}}""", """{"thinkingConfig":{"thinkingBudget":77}}""")]
    [InlineData("gemini-3-pro-preview", """{"reasoning_effort":"medium"}""", """{"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"high"}}""")]
    [InlineData("gemini-3.1-flash", """{"reasoning_effort":"medium","frequency_penalty":0.5}""", """{"frequencyPenalty":0.5,"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"medium"}}""")]
    public async Task Each_generation_of_models_is_told_only_what_it_takes(string model, string given, string expected)
    {
        var reply = await SendAsync(Request(Question, given), model);

        reply.Fault.ShouldBeNull();
        var sent = LastBody.GetProperty("generationConfig").GetRawText();
        JsonNode.DeepEquals(JsonNode.Parse(sent), JsonNode.Parse(expected)).ShouldBeTrue(sent);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Several_answers_keep_their_numbers(bool streamed)
    {
        NextAnswer("one two three");

        var reply = await AskAsync("Count", streamed, """{"n":2}""");

        reply.Choices.Count.ShouldBe(2);
        reply.Choices.ShouldAllBe(choice => choice.Content.ToString() == "one two three" && choice.Finish == "stop");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Pictures_in_an_answer_are_its_images(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Pieces = ["Here: "], Image = Png });

        var reply = await AskAsync("Draw", streamed, """{"modalities":["image","text"]}""");

        reply.First.Images.ShouldBe(["data:image/png;base64," + Png]);
        reply.Text.ShouldBe("Here: ");
        LastBody.GetProperty("generationConfig").GetProperty("responseModalities").GetRawText().ShouldBe("""["IMAGE","TEXT"]""");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_prompt_that_is_blocked_ends_with_content_filter_and_nothing_else(bool streamed)
    {
        NextAnswer(new ScriptedAnswer { Filtered = true });

        var reply = await AskAsync("Something", streamed);

        reply.Finish.ShouldBe("content_filter");
        reply.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_proof_of_a_call_goes_back_with_it()
    {
        NextAnswer(new ScriptedAnswer { Calls = [new("get_weather", """{"city":"Hue"}""")] });
        var request = Request(Question, WithTools(), streamed: true);
        var first = await SendAsync(request, ThinkingModel);
        request["messages"]!.AsArray().Add(first.First.Message);
        request["messages"]!.AsArray().Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = first.First.Calls[0].Id, ["content"] = "Rain" });

        (await SendAsync(request, ThinkingModel)).Fault.ShouldBeNull();

        var part = LastBody.GetProperty("contents")[1].GetProperty("parts")[0];
        part.GetProperty("thoughtSignature").GetString().ShouldNotBe("skip_thought_signature_validator");
        LastBody.GetProperty("contents")[2].GetProperty("parts")[0].GetProperty("functionResponse").GetProperty("response").GetProperty("result").GetString().ShouldBe("Rain");
    }

    [Fact]
    public async Task JSON_beside_tools_is_asked_for_in_words_where_the_model_takes_only_one_of_them()
    {
        const string Format = """{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"type":"string"}}}}}}""";

        (await AskAsync("Hi", false, Merge(WithTools(), Format))).Fault.ShouldBeNull();
        SystemOf(LastBody).ShouldNotBeNull().ShouldContain("JSON Schema");

        (await AskAsync("Hi", false, Merge(WithTools(), Format), ThinkingModel)).Fault.ShouldBeNull();
        LastBody.GetProperty("generationConfig").GetProperty("responseJsonSchema").GetProperty("type").GetString().ShouldBe("object");
    }

    [Fact]
    public async Task Sound_and_files_reach_the_model()
    {
        var reply = await SendAsync(Request("""
            [{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}},
              {"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0="}},
              {"type":"file","file":{"file_id":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}]}]
            """));

        reply.Fault.ShouldBeNull();
        var parts = LastBody.GetProperty("contents")[0].GetProperty("parts");
        parts[0].GetProperty("inlineData").GetProperty("mimeType").GetString().ShouldBe("audio/wav");
        parts[1].GetProperty("inlineData").GetProperty("mimeType").GetString().ShouldBe("application/pdf");
        parts[2].GetProperty("fileData").GetProperty("fileUri").GetString().ShouldEndWith("/files/abc");
    }

    [Theory]
    [InlineData("\"Hello\"", 1)]
    [InlineData("[\"Hello\",\"مرحبا\"]", 2)]
    public async Task Embeddings_come_in_order(string input, int count)
    {
        var reply = await EmbedAsync($$"""{"model":"m","input":{{input}}}""");

        var data = reply.GetProperty("data");
        data.GetArrayLength().ShouldBe(count);
        data[0].GetProperty("embedding").GetArrayLength().ShouldBe(8);
        data[count - 1].GetProperty("index").GetInt32().ShouldBe(count - 1);
        reply.GetProperty("model").GetString().ShouldBe(DialectDriver.PublicModel);
        reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Shortened_embeddings_have_length_one_and_may_come_as_bytes()
    {
        var reply = await EmbedAsync("""{"model":"m","input":"Hello","dimensions":4,"encoding_format":"base64"}""");

        LastBody.GetProperty("requests")[0].GetProperty("outputDimensionality").GetInt32().ShouldBe(4);
        var bytes = Convert.FromBase64String(reply.GetProperty("data")[0].GetProperty("embedding").GetString()!);
        var vector = Enumerable.Range(0, 4).Select(i => BitConverter.ToSingle(bytes, i * 4)).ToArray();
        vector.Sum(value => value * value).ShouldBe(1f, 1e-5f);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "models/gemini-2.5-flash:generateContent")]
    [InlineData("tunedModels/mine", "tunedModels/mine:generateContent")]
    [InlineData("../../evil?x=#", "models/..%2F..%2Fevil%3Fx%3D%23:generateContent")]
    public void The_name_of_the_model_stays_within_the_path(string model, string path)
        => Dialect.Write(DialectDriver.Request("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", model)).Value.Path.ShouldBe(path);

    [Theory]
    [InlineData("""{"logprobs":true}""", "logprobs")]
    [InlineData("""{"tools":[{"type":"custom","custom":{"name":"x"}}]}""", "tools")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"video_url"}]}]}""", "messages")]
    public void What_Gemini_has_no_word_for_is_refused_and_named(string given, string param)
    {
        var error = Dialect.Write(DialectDriver.Request(Merge("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", given), Model)).Error.ShouldNotBeNull();

        error.Code.ShouldBe("gateway.not_translatable");
        error.Extensions!["param"].ShouldBe(param);
    }

    [Fact]
    public void Tokens_of_other_models_cannot_be_embedded()
        => Dialect.Write(DialectDriver.Request("""{"model":"m","input":[[1,2,3]]}""", "gemini-embedding-001", Surface.Embeddings)).Error.ShouldNotBeNull().Code.ShouldBe("gateway.not_translatable");

    protected override async Task StartAsync() => server = await GeminiServer.StartAsync();

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
        => body.TryGetProperty("systemInstruction", out var system) ? Text(system) : null;

    protected override IEnumerable<(string Role, string Text)> TurnsOf(JsonElement body)
        => body.GetProperty("contents").EnumerateArray().Select(content => (content.GetProperty("role").GetString() == "model" ? "assistant" : "user", Text(content)));

    protected override string? ForcedToolOf(JsonElement body)
        => body.GetProperty("toolConfig").GetProperty("functionCallingConfig").GetProperty("allowedFunctionNames")[0].GetString();

    protected override IEnumerable<string> ImagesOf(JsonElement body)
        => body.GetProperty("contents")[0].GetProperty("parts").EnumerateArray().Where(part => !part.TryGetProperty("text", out _)).Select(part => part.TryGetProperty("inlineData", out var blob)
            ? $"{blob.GetProperty("mimeType").GetString()} {blob.GetProperty("data").GetString()}"
            : part.GetProperty("fileData").GetProperty("fileUri").GetString()!);

    async Task<JsonElement> EmbedAsync(string body)
    {
        var request = DialectDriver.Request(body, "gemini-embedding-001", Surface.Embeddings);
        var call = Dialect.Write(request).Value;
        using var http = new HttpClient();
        using var message = new HttpRequestMessage(HttpMethod.Post, $"{BaseUrl}/{call.Path}") { Content = new ReadOnlyMemoryContent(call.Body) };
        Dialect.Authorize(message, ApiKey);
        using var response = await http.SendAsync(message);
        response.EnsureSuccessStatusCode();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Dialect.CreateTranslator(request)!.TakeWhole(await response.Content.ReadAsByteArrayAsync(), output);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }

    static string Text(JsonElement content) => string.Concat(content.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("text").GetString()));

    FaultCase Fault(string name, VendorFault fault, string code, Blame blame, bool mayRetry = false, double? retryAfter = null)
        => new(name, () => server.NextFault(fault), code, blame, mayRetry, retryAfter);
}
