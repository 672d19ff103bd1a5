using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Kernel.Tests.Testing;

/// <summary>The simulator against a plain HTTP client: what other tests build on must itself be right.</summary>
public sealed class OpenAiServerTests : IAsyncLifetime
{
    const string Unicode = "Привет, Жан! مرحبا 👩‍🚀 xin chào \"quoted\"\nnew line\\";

    readonly HttpClient http = new();
    OpenAiServer server = null!;

    public async Task InitializeAsync()
    {
        server = await OpenAiServer.StartAsync(new OpenAiServerOptions { ApiKey = "sk-right" });
        http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-right");
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_models_are_listed()
    {
        var models = await http.GetFromJsonAsync<JsonElement>(server.BaseUrl + "/models");

        models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ShouldBe(["sim-small", "sim-large"]);
    }

    [Theory]
    [InlineData("sk-wrong")]
    [InlineData(null)]
    public async Task A_wrong_or_missing_key_is_refused_in_the_shape_of_the_protocol(string? key)
    {
        http.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);

        using var response = await http.GetAsync(server.BaseUrl + "/models");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ErrorCodeAsync(response)).ShouldBe("invalid_api_key");
    }

    [Theory]
    [InlineData("""{"model":"sim-small","messages":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"other","messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.NotFound)]
    [InlineData("""{"model":""", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task A_request_that_makes_no_sense_is_refused(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(server.BaseUrl + "/chat/completions", content);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_whole_answer_has_text_reason_and_usage()
    {
        server.Reply(Unicode);

        using var response = await PostAsync(stream: false);

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe(Unicode);
        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task A_stream_has_a_role_the_text_a_reason_the_usage_and_an_end()
    {
        server.Reply(Unicode);

        var events = await StreamAsync();

        events[0].ShouldContain("\"role\":\"assistant\"");
        Text(events).ShouldBe(Unicode);
        events[^3].ShouldContain("\"finish_reason\":\"stop\"");
        events[^2].ShouldContain("\"choices\":[]");
        events[^2].ShouldContain("\"completion_tokens\":");
        events[^1].ShouldBe("[DONE]");
    }

    [Fact]
    public async Task Usage_comes_only_when_it_is_asked_for()
        => (await StreamAsync(usage: false)).ShouldNotContain(data => data.Contains("usage", StringComparison.Ordinal));

    [Fact]
    public async Task A_limit_on_tokens_is_kept()
    {
        server.Reply("one two three four five");

        var events = await StreamAsync(maxTokens: 3);

        Text(events).ShouldBe("one two three");
        events.ShouldContain(data => data.Contains("\"finish_reason\":\"length\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Torn_writes_carry_the_same_text(int sizeBytes)
    {
        server.Reply(Unicode).NextFault(OpenAiFault.SplitWrites(sizeBytes), OpenAiFault.OddFraming());

        Text(await StreamAsync()).ShouldBe(Unicode);
    }

    [Fact]
    public async Task A_stream_stands_still_at_the_gate_and_goes_on_when_it_opens()
    {
        var gate = server.Reply("one two three").HoldNextAfter(2);
        using var response = await PostAsync(stream: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        await gate.WhenReachedAsync();
        var before = new List<string>();
        while (Text(before) != "one two")
            before.Add((await reader.ReadLineAsync())![(before.Count % 2 == 0 ? 6 : 0)..]);
        gate.Open();

        (await reader.ReadToEndAsync()).ShouldContain(" three");
    }

    [Fact]
    public async Task A_client_that_goes_away_is_noticed()
    {
        var gate = server.Reply("one two three").HoldNextAfter(1);
        var response = await PostAsync(stream: true);
        await gate.WhenReachedAsync();

        response.Dispose();

        (await (await server.RequestAsync(1)).WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_stream_delivers_what_came_before_and_then_breaks(bool reset)
    {
        server.Reply("one two three").NextFault(reset ? OpenAiFault.ResetAfter(2) : OpenAiFault.CloseAfter(2));
        using var response = await PostAsync(stream: true);
        var lines = new List<string>();

        var failure = await Should.ThrowAsync<Exception>(() => ReadAsync(response, lines));

        failure.ShouldBeAssignableTo<IOException>();
        Text(lines).ShouldBe("one two");
        (await (await server.RequestAsync(1)).WhenEndedAsync()).ShouldBe(ResponseEnd.Cut);
    }

    [Fact]
    public async Task Refusals_come_once_and_in_their_order()
    {
        server.NextFault(OpenAiFault.TooManyRequests(7)).NextFault(OpenAiFault.TooManyRequests()).NextFault(OpenAiFault.Status(503));

        using var first = await PostAsync(stream: true);
        using var second = await PostAsync(stream: true);
        using var third = await PostAsync(stream: true);
        using var fourth = await PostAsync(stream: true);

        first.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        first.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        second.Headers.RetryAfter.ShouldBeNull();
        third.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        fourth.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Headers_can_be_held_back()
    {
        var gate = new StreamGate();
        server.NextFault(OpenAiFault.SlowHeaders(gate));

        var pending = PostAsync(stream: true);
        await gate.WhenReachedAsync();
        pending.IsCompleted.ShouldBeFalse();
        gate.Open();

        using var response = await pending;
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nonsense_is_sent_as_ordered()
    {
        server.Reply("one two three");
        server.NextFault(OpenAiFault.InvalidJsonAfter(1));
        Should.Throw<JsonException>(() => Text(["{\"choices\":[{\"delta\":{\"content\":"]));
        (await StreamAsync()).Count(data => data.StartsWith("{\"id\":\"chatcmpl-broken\"", StringComparison.Ordinal)).ShouldBe(1);

        server.NextFault(OpenAiFault.GiganticChunkAfter(1, 2_000_000));
        (await StreamAsync()).Max(data => data.Length).ShouldBeGreaterThan(2_000_000);

        server.NextFault(OpenAiFault.NoDone(), OpenAiFault.NoUsage(), OpenAiFault.NoFinishReason());
        var bare = await StreamAsync();
        bare.ShouldNotContain("[DONE]");
        string.Concat(bare).ShouldNotContain("_tokens");
        string.Concat(bare).ShouldNotContain("\"stop\"");

        server.NextFault(OpenAiFault.ErrorAfter(1));
        (await StreamAsync())[^1].ShouldStartWith("{\"error\":");

        server.NextFault(OpenAiFault.Html());
        using var page = await PostAsync(stream: true);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");

        server.NextFault(OpenAiFault.WrongContentType());
        using var plain = await PostAsync(stream: true);
        plain.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task Requests_are_kept_as_they_came()
    {
        await StreamAsync();

        var request = await server.RequestAsync(1);
        request.Path.ShouldBe("/v1/chat/completions");
        request.Headers["Authorization"].ShouldBe("Bearer sk-right");
        request.Messages.ShouldBe([("system", "Be brief."), ("user", "Hello")]);
        (await request.WhenEndedAsync()).ShouldBe(ResponseEnd.Completed);
    }

    Task<HttpResponseMessage> PostAsync(bool stream, bool usage = true, int? maxTokens = null)
    {
        object[] messages = [new { role = "system", content = "Be brief." }, new { role = "user", content = (object)new[] { new { type = "text", text = "Hello" } } }];
        var request = new HttpRequestMessage(HttpMethod.Post, server.BaseUrl + "/chat/completions")
        {
            Content = JsonContent.Create(new { model = "sim-small", messages, stream, max_tokens = maxTokens, stream_options = usage ? new { include_usage = true } : null }),
        };
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    async Task<List<string>> StreamAsync(bool usage = true, int? maxTokens = null)
    {
        using var response = await PostAsync(stream: true, usage, maxTokens);
        var events = new List<string>();
        await ReadAsync(response, events);
        return events;
    }

    static async Task ReadAsync(HttpResponseMessage response, List<string> events)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
                events.Add(line[5..].Trim());
        }
    }

    static string Text(IEnumerable<string> events) => string.Concat(events.Where(data => data.StartsWith('{')).Select(data =>
    {
        using var chunk = JsonDocument.Parse(data);
        return chunk.RootElement.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content)
            ? content.GetString()
            : "";
    }));

    static async Task<string?> ErrorCodeAsync(HttpResponseMessage response)
        => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString();
}
