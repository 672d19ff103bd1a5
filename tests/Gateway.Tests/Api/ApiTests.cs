using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Api;

public sealed class ApiTests(GatewayHost gateway) : IClassFixture<GatewayHost>, IAsyncLifetime
{
    ApiClient api = null!;
    OpenAiServer upstream = null!;
    string model = "";

    public async Task InitializeAsync()
    {
        upstream = await OpenAiServer.StartAsync(new OpenAiServerOptions { ApiKey = "upstream-key-0123456789" });
        model = $"{(await gateway.ConnectAsync(upstream.BaseUrl.ToString(), "upstream-key-0123456789")).GetProperty("slug").GetString()}/sim-small";
        api = await ApiClient.CreateAsync(gateway);
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_answer_comes_as_the_upstream_gave_it()
    {
        upstream.Reply("Good morning from the harbour");
        var answer = await api.ChatAsync(model);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        answer.ContentType.ShouldBe("application/json");
        answer.Text.ShouldBe("Good morning from the harbour");
        answer.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(0);
        answer.Headers["x-jean-model"].ShouldBe(model);
        answer.Headers["x-jean-trace"].Length.ShouldBe(32);
    }

    [Fact]
    public async Task A_stream_passes_event_by_event_and_ends_with_its_mark()
    {
        upstream.Reply("one two three");
        var answer = await api.ChatAsync(model, stream: true);
        answer.ContentType.ShouldBe("text/event-stream");
        answer.Text.ShouldBe("one two three");
        answer.Events[^1].ShouldBe("[DONE]");
        answer.Events.Count(each => each.Contains("\"usage\":{", StringComparison.Ordinal)).ShouldBe(0, "the caller did not ask for token counts");
    }

    [Fact]
    public async Task Token_counts_come_at_the_end_of_a_stream_that_asks_for_them()
    {
        var answer = await api.ChatAsync(model, stream: true, change: body => body["stream_options"] = new JsonObject { ["include_usage"] = true });
        JsonDocument.Parse(answer.Events[^2]).RootElement.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Only_the_models_name_changes_on_the_way()
    {
        await api.ChatAsync(model, text: "шум моря 🌊", change: body =>
        {
            body["unknown_member"] = new JsonObject { ["deep"] = new JsonArray(1, 2.50, "x") };
            body["temperature"] = 0.25;
        });
        var asked = upstream.Requests.Last().Body;
        asked.GetProperty("model").GetString().ShouldBe("sim-small");
        asked.GetProperty("unknown_member").GetRawText().ShouldBe("""{"deep":[1,2.5,"x"]}""");
        asked.GetProperty("temperature").GetDouble().ShouldBe(0.25);
        asked.GetProperty("messages")[0].GetProperty("content").GetString().ShouldBe("шум моря 🌊");
        upstream.Requests.Last().Headers["Authorization"].ShouldBe("Bearer upstream-key-0123456789", "the caller's key stays here");
    }

    [Theory]
    [InlineData("""{"stream":true,"model":"M","stream_options":{}, "messages":[]}""", """{"include_usage":true}""")]
    [InlineData("""{ "stream_options" : {"include_obfuscation":false} ,"stream":true,"model":"M","messages":[]}""", """{"include_obfuscation":false,"include_usage":true}""")]
    [InlineData("""{"stream":true,"stream_options":null,"model":"M","messages":[]}""", """{"include_usage":true}""")]
    [InlineData("""{"stream":true,"model":"M","messages":[]}""", """{"include_usage":true}""")]
    [InlineData("""{"stream":true,"model":"M","messages":[],"stream_options":{"include_usage":true}}""", """{"include_usage":true}""")]
    public async Task The_gateway_asks_for_token_counts_wherever_the_options_stand(string body, string sent)
    {
        await api.PostAsync("chat/completions", new StringContent(body.Replace("\"M\"", $"\"{model}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        upstream.Requests.Last().Body.GetProperty("stream_options").GetRawText().ShouldBe(sent);
    }

    [Theory]
    [InlineData("", "gateway.request_invalid")]
    [InlineData("[]", "gateway.request_invalid")]
    [InlineData("{\"model\":", "gateway.request_invalid")]
    [InlineData("{\"messages\":[]}", "gateway.request_invalid")]
    [InlineData("{\"model\":7}", "gateway.request_invalid")]
    [InlineData("{\"model\":\"nobody/nothing\"}", "gateway.model_unknown")]
    [InlineData("{\"model\":\"x\",\"stream\":\"yes\"}", "gateway.request_invalid")]
    public async Task A_request_that_makes_no_sense_is_told_so_in_OpenAIs_shape(string body, string code)
    {
        var answer = await api.PostAsync("chat/completions", new StringContent(body, Encoding.UTF8, "application/json"));
        ((int)answer.Status).ShouldBeInRange(400, 404);
        answer.ErrorCode.ShouldBe(code);
        answer.Json.GetProperty("error").GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Without_a_key_nobody_gets_in()
    {
        using var nobody = gateway.Host.NewClient();
        using var response = await nobody.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ApiAnswer.ReadAsync(response)).ErrorCode.ShouldBe("gateway.key_invalid");
        using var list = await nobody.GetAsync(new Uri("/v1/models", UriKind.Relative));
        list.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_does_not_open_the_api_for_programs()
    {
        using var response = await gateway.Owner.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"));
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_opens_what_it_was_made_for()
    {
        using var narrow = await ApiClient.CreateAsync(gateway, ["embeddings"], ["*"]);
        (await narrow.ChatAsync(model)).Status.ShouldBe(HttpStatusCode.Forbidden);
        using var other = await ApiClient.CreateAsync(gateway, ["*"], ["elsewhere/*"]);
        (await other.ChatAsync(model)).ErrorCode.ShouldBe("gateway.key_scope");
        (await other.GetAsync("models")).Json.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Models_are_listed_under_their_public_names()
    {
        var listed = (await api.GetAsync("models")).Json;
        listed.GetProperty("object").GetString().ShouldBe("list");
        listed.GetProperty("data").EnumerateArray().Select(each => each.GetProperty("id").GetString()).ShouldContain(model);
        (await api.GetAsync($"models/{model}")).Json.GetProperty("object").GetString().ShouldBe("model");
        (await api.GetAsync("models/nobody/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_the_upstream_says_about_a_wrong_request_reaches_who_wrote_it()
    {
        var answer = await api.ChatAsync(model, change: body => body["messages"] = new JsonArray());
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("empty array");
    }

    [Fact]
    public async Task A_stream_that_breaks_keeps_its_text_and_says_what_happened()
    {
        upstream.Reply("one two three four");
        upstream.NextFault(OpenAiFault.ErrorAfter(2));
        var answer = await api.ChatAsync(model, stream: true);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Events[^1].ShouldBe("[DONE]");
        JsonDocument.Parse(answer.Events[^2]).RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("gateway.upstream_error");
        answer.Text.ShouldBe("one two");
    }

    [Fact]
    public async Task A_server_that_never_streams_is_streamed_for()
    {
        await using var server = new RawServer(_ => RawServer.Json("""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"All at once","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"""));
        var slug = (await gateway.ConnectAsync(server.BaseUrl)).GetProperty("slug").GetString();
        var answer = await api.ChatAsync($"{slug}/m", stream: true, change: body => body["stream_options"] = new JsonObject { ["include_usage"] = true });
        answer.ContentType.ShouldBe("text/event-stream");
        answer.Text.ShouldBe("All at once");
        var first = JsonDocument.Parse(answer.Events[0]).RootElement;
        first.GetProperty("object").GetString().ShouldBe("chat.completion.chunk");
        first.GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls")[0].GetProperty("index").GetInt32().ShouldBe(0);
        JsonDocument.Parse(answer.Events[1]).RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32().ShouldBe(7);
        answer.Events[2].ShouldBe("[DONE]");
    }

    [Theory]
    [InlineData("\"model\"")]
    [InlineData("model")]
    public async Task A_form_goes_on_with_the_models_name_replaced(string field)
    {
        await using var server = new RawServer(_ => RawServer.Json("""{"text":"Calm sea"}"""));
        var slug = (await gateway.ConnectAsync(server.BaseUrl)).GetProperty("slug").GetString();
        using var form = new MultipartFormDataContent("the-boundary")
        {
            { new ByteArrayContent("RIFF\r\n--not the boundary\r\n"u8.ToArray()), "file", "a.wav" },
            { new StringContent($"{slug}/whisper"), field },
        };
        var answer = await api.PostAsync("audio/transcriptions", form);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        answer.Json.GetProperty("text").GetString().ShouldBe("Calm sea");
        var sent = server.Requests.Last();
        sent.ShouldContain("POST /v1/audio/transcriptions");
        sent.ShouldContain("\r\n\r\nwhisper\r\n--the-boundary");
        sent.ShouldContain("RIFF\r\n--not the boundary\r\n");
    }
}
