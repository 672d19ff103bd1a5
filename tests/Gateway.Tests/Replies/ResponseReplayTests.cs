using System.Text.Json;
using static JeanTrail.Gateway.Tests.RawServer;

namespace JeanTrail.Gateway.Tests.Replies;

public sealed class ResponseReplayTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    const string Whole = """
        {"id":"resp_1","object":"response","created_at":7,"status":"completed","model":"m","output":[
          {"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello from the lighthouse, where the keeper sleeps.","annotations":[]}]},
          {"id":"fc_1","type":"function_call","status":"completed","call_id":"call_a","name":"weather","arguments":"{\"city\":\"Hanoi\"}"}],
         "usage":{"input_tokens":3,"output_tokens":9,"total_tokens":12}}
        """;

    static byte[] Upstream(string request) => request.Contains("\"stream\":true", StringComparison.Ordinal)
        ? Events(
            """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello"}""",
            $$"""{"type":"response.completed","sequence_number":2,"response":{{Whole.ReplaceLineEndings("")}}}""")
        : Json(Whole);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_response_is_given_again_whole_or_as_a_stream(bool first)
    {
        await using var upstream = new RawServer(Upstream);
        var route = await gateway.RouteAsync(new Uri(upstream.BaseUrl));
        object Body(bool stream) => new { model = route, input = "hello", temperature = 0, stream };

        (await gateway.AskAsync("responses", Body(first))).Cache.ShouldBe("miss");
        var whole = await gateway.AskAsync("responses", Body(stream: false));
        var stream = await gateway.AskAsync("responses", Body(stream: true));

        (whole.Cache, stream.Cache, upstream.Requests.Count).ShouldBe(("hit", "hit", 1));
        JsonElement.DeepEquals(whole.Json, JsonDocument.Parse(Whole).RootElement).ShouldBeTrue();
        var events = stream.Chunks;
        events.Select(each => each.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        events.Select(Type).Where(type => !type.EndsWith(".delta", StringComparison.Ordinal)).ShouldBe(
        [
            "response.created", "response.in_progress",
            "response.output_item.added", "response.content_part.added", "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.function_call_arguments.done", "response.output_item.done",
            "response.completed",
        ]);
        string.Concat(events.Where(each => Type(each) == "response.output_text.delta").Select(each => each.GetProperty("delta").GetString())).ShouldBe("Hello from the lighthouse, where the keeper sleeps.");
        string.Concat(events.Where(each => Type(each) == "response.function_call_arguments.delta").Select(each => each.GetProperty("delta").GetString())).ShouldBe("{\"city\":\"Hanoi\"}");
        JsonElement.DeepEquals(events[^1].GetProperty("response"), whole.Json).ShouldBeTrue();
        stream.Text.ShouldStartWith("event: response.created\ndata: {");
        stream.Text.ShouldNotContain("[DONE]");
    }

    [Theory]
    [InlineData("background")]
    [InlineData("conversation")]
    public async Task What_touches_what_is_kept_elsewhere_is_not_kept_here(string member)
    {
        await using var upstream = new RawServer(Upstream);
        var route = await gateway.RouteAsync(new Uri(upstream.BaseUrl));
        var body = $$"""{"model":"{{route}}","input":"hello","temperature":0,"{{member}}":true}""";

        await gateway.AskAsync("responses", body);

        (await gateway.AskAsync("responses", body)).Cache.ShouldBeNull();
    }

    static string Type(JsonElement each) => each.GetProperty("type").GetString()!;
}
