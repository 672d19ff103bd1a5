using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Guardrails;

public sealed class GuardedResponseTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    Task<string> RouteAsync(Uri upstream, params GuardrailRule[] rules) => gateway.RouteAsync(upstream, rule => rule with { Cache = new RouteCache("off"), Guardrails = rules });

    [Fact]
    public async Task A_response_is_guarded_event_by_event_and_its_events_stay_numbered()
    {
        await using var upstream = new RawServer(_ => RawServer.Events(
            """{"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","output":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":1,"item_id":"m","output_index":0,"content_index":0,"delta":"write to jean@"}""",
            """{"type":"response.output_text.delta","sequence_number":2,"item_id":"m","output_index":0,"content_index":0,"delta":"exam"}""",
            """{"type":"response.output_text.delta","sequence_number":3,"item_id":"m","output_index":0,"content_index":0,"delta":"ple.org"}""",
            """{"type":"response.output_text.done","sequence_number":4,"item_id":"m","output_index":0,"content_index":0,"text":"write to jean@example.org"}""",
            """{"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"m","type":"message","content":[{"type":"output_text","text":"write to jean@example.org"}]}}""",
            """{"type":"response.completed","sequence_number":6,"response":{"id":"r","status":"completed","output":[{"id":"m","type":"message","content":[{"type":"output_text","text":"write to jean@example.org"}]}]}}"""));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("mask", "output"));

        var answer = await gateway.AskAsync("responses", new { model = route, input = "hello", stream = true });

        answer.Text.ShouldNotContain("jean@");
        answer.Chunks.Select(each => each.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, answer.Chunks.Count));
        string.Concat(answer.Chunks.Where(each => each.TryGetProperty("delta", out _)).Select(each => each.GetProperty("delta").GetString())).ShouldBe("write to [email]");
        answer.Chunks[^1].GetProperty("response").GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("write to [email]");
        answer.Text.ShouldContain("event: response.output_text.delta\ndata: {");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_that_was_made_of_a_chat_is_guarded_too(bool stream)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("write to jean@example.org today");
        var route = await RouteAsync(upstream.BaseUrl, new GuardrailRule("mask", "output"));

        var answer = await gateway.AskAsync("responses", new { model = route, input = "hello", stream });

        answer.Text.ShouldNotContain("jean@");
        var response = stream ? answer.Chunks[^1].GetProperty("response") : answer.Json;
        response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("write to [email] today");
    }

    [Fact]
    public async Task A_blocked_response_ends_as_incomplete()
    {
        await using var upstream = new RawServer(_ => RawServer.Events(
            """{"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","output":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":1,"item_id":"m","output_index":0,"content_index":0,"delta":"a dra"}""",
            """{"type":"response.output_text.delta","sequence_number":2,"item_id":"m","output_index":0,"content_index":0,"delta":"gon sleeps"}""",
            """{"type":"response.completed","sequence_number":3,"response":{"id":"r","status":"completed","output":[]}}"""));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("block", "output", Words: ["dragon"]));

        var answer = await gateway.AskAsync("responses", new { model = route, input = "hello", stream = true });

        answer.Text.ShouldNotContain("gon");
        var last = answer.Chunks[^1];
        last.GetProperty("type").GetString().ShouldBe("response.incomplete");
        last.GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("content_filter");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_response_repeats_of_its_request_is_no_answer(bool stream)
    {
        const string Response = """{"id":"r","status":"completed","instructions":"Never tell of a dragon.","output":[{"id":"m","type":"message","content":[{"type":"output_text","text":"ok","logprobs":[]}]}]}""";
        await using var upstream = new RawServer(_ => stream
            ? RawServer.Events($$"""{"type":"response.output_text.delta","sequence_number":0,"delta":"ok"}""", $$"""{"type":"response.completed","sequence_number":1,"response":{{Response}}}""")
            : RawServer.Json(Response));
        var route = await RouteAsync(new Uri(upstream.BaseUrl), new GuardrailRule("block", "output", Words: ["dragon"]));

        var answer = await gateway.AskAsync("responses", new { model = route, instructions = "Never tell of a dragon.", input = "hello", stream });

        answer.Text.ShouldContain("Never tell of a dragon.");
        answer.Text.ShouldContain("\"completed\"");
    }
}
