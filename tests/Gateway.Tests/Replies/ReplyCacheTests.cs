using System.Net;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Replies;
using JeanTrail.Gateway.Routes;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Gateway.Tests.Routed;

namespace JeanTrail.Gateway.Tests.Replies;

public sealed class ReplyCacheTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    const string Long = "First of all the lighthouse keeper climbs the stairs. ثم يشعل المصباح الكبير. Потом он записывает погоду. 🙂👩‍🚀 And then he goes to bed.";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_reply_is_given_again_whole_or_as_a_stream(bool first, bool second)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(Long);
        var route = await gateway.RouteAsync(upstream.BaseUrl);

        var miss = await gateway.AskAsync("chat/completions", Question(route, "hello", first));
        gateway.Clock.Advance(TimeSpan.FromSeconds(7));
        var hit = await gateway.AskAsync("chat/completions", Question(route, "hello", second, usage: true));

        (miss.Cache, miss.AgeSeconds, miss.Content).ShouldBe(("miss", null, Long));
        (hit.Cache, hit.AgeSeconds, hit.Content, hit.Finish).ShouldBe(("hit", 7, Long, "stop"));
        hit.Model.ShouldBe(miss.Model);
        upstream.Requests.Count.ShouldBe(1);
        var usage = second ? hit.Chunks[^1].GetProperty("usage") : hit.Json.GetProperty("usage");
        usage.GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(10);
        if (second)
        {
            hit.Events[^1].ShouldBe("[DONE]");
            hit.Chunks.ShouldAllBe(chunk => chunk.GetProperty("object").GetString() == "chat.completion.chunk" && chunk.GetProperty("id").GetString() == "chatcmpl-sim00000001");
            hit.Chunks.Count.ShouldBeGreaterThan(4);
        }
        else
        {
            hit.Json.GetProperty("object").GetString().ShouldBe("chat.completion");
        }
    }

    [Fact]
    public async Task A_whole_reply_given_again_is_the_same_bytes()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl);

        var miss = await gateway.AskAsync("chat/completions", Question(route, "hello"));
        var hit = await gateway.AskAsync("chat/completions", $$"""{"messages":[{"content":"h\u0065llo","role":"user"}], "temperature": 0.0, "user":"x", "model":"{{route}}"}""");

        hit.Cache.ShouldBe("hit");
        hit.Text.ShouldBe(miss.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_calls_and_thoughts_are_given_again(bool first)
    {
        await using var upstream = new RawServer(request => request.Contains("\"stream\":true", StringComparison.Ordinal)
            ? RawServer.Events(
                """{"id":"c1","model":"m","created":7,"choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"Let me "}}]}""",
                """{"id":"c1","model":"m","created":7,"choices":[{"index":0,"delta":{"reasoning_content":"think."}}]}""",
                """{"id":"c1","model":"m","created":7,"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}}]}""",
                """{"id":"c1","model":"m","created":7,"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}]}""",
                """{"id":"c1","model":"m","created":7,"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","function":{"name":"clock","arguments":"{}"}},{"index":0,"function":{"arguments":"\"Hà Nội\"}"}}]}}]}""",
                """{"id":"c1","model":"m","created":7,"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
                "[DONE]")
            : RawServer.Json("""
                {"id":"c1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning_content":"Let me think.",
                 "tool_calls":[{"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Hà Nội\"}"}},{"id":"call_b","type":"function","function":{"name":"clock","arguments":"{}"}}]},
                 "finish_reason":"tool_calls"}]}
                """));
        var route = await gateway.RouteAsync(new Uri(upstream.BaseUrl));

        await gateway.AskAsync("chat/completions", Question(route, "hello", first));
        var whole = await gateway.AskAsync("chat/completions", Question(route, "hello"));
        var stream = await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true));

        (whole.Cache, stream.Cache, upstream.Requests.Count).ShouldBe(("hit", "hit", 1));
        (whole.Finish, stream.Finish).ShouldBe(("tool_calls", "tool_calls"));
        (whole.Said("reasoning_content"), stream.Said("reasoning_content")).ShouldBe(("Let me think.", "Let me think."));
        var calls = whole.Json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls");
        calls.EnumerateArray().Select(Told).ShouldBe([("call_a", "weather", "{\"city\":\"Hà Nội\"}"), ("call_b", "clock", "{}")]);
        var fragments = stream.Chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta")).Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0]).ToList();
        foreach (var (index, arguments) in new[] { (0, "{\"city\":\"Hà Nội\"}"), (1, "{}") })
            string.Concat(fragments.Where(fragment => fragment.GetProperty("index").GetInt32() == index).Select(fragment => fragment.GetProperty("function").GetProperty("arguments").GetString())).ShouldBe(arguments);

        static (string?, string?, string?) Told(JsonElement call)
            => (call.GetProperty("id").GetString(), call.GetProperty("function").GetProperty("name").GetString(), call.GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task A_call_from_within_takes_the_same_way()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(Long);
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        var model = await gateway.OpenAsync(route);

        await gateway.AskAsync("chat/completions", Question(route, "hello"));
        var inside = await Streamed.ReadAsync(model, "hello", new ChatOptions { Temperature = 0 });

        inside.Text.ShouldBe(Long);
        inside.Updates[^1].FinishReason.ShouldBe(ChatFinishReason.Stop);
        inside.Usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(0);
        upstream.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_tenant_gets_only_what_is_its_own()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(request => $"answer {request.Number}");
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        var (one, other) = (new UserId(Guid.CreateVersion7()), new UserId(Guid.CreateVersion7()));

        (await AskAsAsync(one)).ShouldContain("answer 1");
        (await AskAsAsync(other)).ShouldContain("answer 2");
        (await AskAsAsync(one)).ShouldContain("answer 1");
        (await AskAsAsync(other)).ShouldContain("answer 2");

        async Task<string> AskAsAsync(UserId user)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(Question(route, "hello"));
            var call = new GatewayCall(Surface.ChatCompletions, new Consumer(user, "free"), body, RequestShape.Read(body).Value, "application/json", "trace");
            var (reply, _) = await gateway.Host.Services.GetRequiredService<ModelExchange>().OpenAsync(call, CancellationToken.None);
            var text = "";
            await using (reply.ShouldNotBeNull())
            {
                await foreach (var frame in reply.FramesAsync(CancellationToken.None))
                    text += System.Text.Encoding.UTF8.GetString(frame.Span);
            }

            return text;
        }
    }

    [Fact]
    public async Task A_hit_is_in_the_books_with_no_tokens_and_no_cost()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        await gateway.AskAsync("chat/completions", Question(route, "hello"));
        var hit = await gateway.AskAsync("chat/completions", Question(route, "hello"));
        const string Sql = "select cache, model_id, input_tokens, output_tokens, cost_micros, outcome, status from gateway.usage where route = @route order by started_at, usage_id";
        IReadOnlyList<BookRow> rows = [];
        await Eventually.BeTrueAsync(async () =>
        {
            // A call is closed after its caller has read it to the end.
            await gateway.FlushUsageAsync();
            rows = await gateway.Db.QueryAsync<BookRow>(Sql, new { route }, CancellationToken.None);
            return rows.Count == 2;
        }, "both calls are over");

        rows.Select(row => row.Cache).ShouldBe(["miss", "hit"], ignoreOrder: true);
        rows.Single(row => row.Cache == "hit").ShouldBe(new BookRow("hit", hit.Model!, 0, 0, 0, "completed", 200));
    }

    public sealed record BookRow(string Cache, string ModelId, long InputTokens, long OutputTokens, long CostMicros, string Outcome, int Status);

    [Fact]
    public async Task A_route_gives_only_its_own_replies_and_none_from_before_it_changed_its_models()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var slug = (await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString()!;
        var (one, other) = (await gateway.RouteAsync(slug), await gateway.RouteAsync(slug));

        (await gateway.AskAsync("chat/completions", Question(one, "hello"))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(other, "hello"))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(one, "hello"))).Cache.ShouldBe("hit");
        await gateway.WriteRouteAsync(one, new RouteDefinition(RouteStrategy.Priority, [new RouteTargetRule($"{slug}/sim-large")]));
        (await gateway.AskAsync("chat/completions", Question(one, "hello"))).Cache.ShouldBe("miss");
    }

    [Fact]
    public async Task Replies_expire()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl, rule => rule with { Cache = new Route.Cache(LifetimeSeconds: 120) });

        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).Cache.ShouldBe("miss");
        gateway.Clock.Advance(TimeSpan.FromSeconds(119));
        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).AgeSeconds.ShouldBe(119);
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).AgeSeconds.ShouldBe(0);
    }

    [Fact]
    public async Task What_has_expired_is_removed_and_so_is_what_is_too_much()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl, rule => rule with { Cache = new Route.Cache(LifetimeSeconds: 60) });
        await gateway.AskAsync("chat/completions", Question(route, "hello"));
        gateway.Clock.Advance(TimeSpan.FromSeconds(61));
        await gateway.AskAsync("chat/completions", Question(route, "hello again"));
        await gateway.StoredAsync(route, count: 2);

        await Upkeep(1024 * 1024).RunAsync(CancellationToken.None);
        (await CountAsync(route)).ShouldBe(1);
        await Upkeep(10).RunAsync(CancellationToken.None);
        (await CountAsync(route)).ShouldBe(0);

        ReplyUpkeep Upkeep(long bytes) => new(gateway.Db, Microsoft.Extensions.Options.Options.Create(new GatewayOptions { ReplyTableBytes = bytes }), gateway.Clock);
    }

    [Fact]
    public async Task A_reply_outlives_the_memory_of_its_node()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        await gateway.AskAsync("chat/completions", Question(route, "hello"));
        await gateway.StoredAsync(route);

        gateway.Host.Services.GetRequiredService<ReplyMemory>().Clear();

        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).Cache.ShouldBe("hit");
        upstream.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("deterministic", """{"temperature":0.2}""", null)]
    [InlineData("deterministic", "{}", null)]
    [InlineData("deterministic", """{"temperature":0,"n":2}""", null)]
    [InlineData("always", """{"temperature":0.9}""", "hit")]
    [InlineData("always", """{"n":2}""", null)]
    [InlineData("off", """{"temperature":0}""", null)]
    public async Task Only_what_the_route_allows_is_kept(string mode, string members, string? expected)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl, rule => rule with { Cache = new Route.Cache(mode) });
        var body = $$"""{"model":"{{route}}","messages":[{"role":"user","content":"hello"}],{{members.Trim('{', '}')}}""".TrimEnd(',') + "}";

        await gateway.AskAsync("chat/completions", body);

        (await gateway.AskAsync("chat/completions", body)).Cache.ShouldBe(expected);
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_told_to_the_caller()
        => (await gateway.AskAsync("chat/completions", """{"\ud83d":1,"model":"m"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Embeddings_are_kept_by_nature()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        var miss = await gateway.AskAsync("embeddings", new { model = route, input = "hello" });
        var hit = await gateway.AskAsync("embeddings", new { model = route, input = "hello" });

        (miss.Cache, hit.Cache, hit.Text).ShouldBe(("miss", "hit", miss.Text));
        hit.Json.GetProperty("data")[0].GetProperty("embedding").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_caller_may_ask_for_a_fresh_reply_or_for_none_to_be_kept()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply(request => $"answer {request.Number}");
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        var body = Question(route, "hello");

        var unkept = await gateway.AskAsync("chat/completions", body, ("x-jean-no-cache", "1"));
        var first = await gateway.AskAsync("chat/completions", body);
        var fresh = await gateway.AskAsync("chat/completions", body, ("Cache-Control", "no-cache"));
        var then = await gateway.AskAsync("chat/completions", body);
        var unstored = await gateway.AskAsync("chat/completions", body, ("Cache-Control", "no-store"));

        (unkept.Cache, unkept.Content).ShouldBe((null, "answer 1"));
        (first.Cache, first.Content).ShouldBe(("miss", "answer 2"));
        (fresh.Cache, fresh.Content).ShouldBe((null, "answer 3"));
        (then.Cache, then.Content).ShouldBe(("hit", "answer 3"));
        (unstored.Cache, unstored.Content).ShouldBe((null, "answer 4"));
    }

    [Fact]
    public async Task Failures_and_cut_replies_are_not_kept()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        upstream.Reply("one two three");
        var route = await gateway.RouteAsync(upstream.BaseUrl);
        upstream.NextFault(OpenAiFault.Status(500)).NextFault(OpenAiFault.CloseAfter(1)).NextFault(OpenAiFault.ErrorAfter(1));

        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Status.ShouldBe(HttpStatusCode.BadGateway);
        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Text.ShouldContain("\"error\"");
        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Text.ShouldContain("\"error\"");
        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(route, "hello", stream: true))).Cache.ShouldBe("hit");
    }

    [Fact]
    public async Task A_reply_cut_at_the_callers_own_length_is_kept_and_one_cut_by_the_model_is_not()
    {
        await using var upstream = new RawServer(_ => RawServer.Json("""{"choices":[{"index":0,"message":{"role":"assistant","content":"one"},"finish_reason":"length"}]}"""));
        var route = await gateway.RouteAsync(new Uri(upstream.BaseUrl));
        var body = new { model = route, messages = new[] { new { role = "user", content = "hello" } }, temperature = 0, max_tokens = 1 };

        await gateway.AskAsync("chat/completions", Question(route, "hello"));
        (await gateway.AskAsync("chat/completions", Question(route, "hello"))).Cache.ShouldBe("miss");
        await gateway.AskAsync("chat/completions", body);
        (await gateway.AskAsync("chat/completions", body)).Cache.ShouldBe("hit");
    }

    [Fact]
    public async Task The_owner_sees_what_is_kept_and_can_have_it_forgotten()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var slug = (await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString()!;
        var (one, other) = (await gateway.RouteAsync(slug), await gateway.RouteAsync(slug));
        await gateway.AskAsync("chat/completions", Question(one, "old"));
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        await gateway.AskAsync("chat/completions", Question(one, "new"));
        await gateway.AskAsync("chat/completions", Question(one, "new"));
        await gateway.AskAsync("chat/completions", Question(other, "new"));

        var summary = await SummaryAsync(one);
        (summary.GetProperty("entries").GetInt32(), summary.GetProperty("hits").GetInt32()).ShouldBe((2, 1));
        summary.GetProperty("sizeBytes").GetInt64().ShouldBeGreaterThan(100);

        var before = Uri.EscapeDataString(gateway.Clock.GetUtcNow().ToString("O"));
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"replies?route={one}&olderThan={before}"))["removed"].GetInt32().ShouldBe(1);
        (await gateway.AskAsync("chat/completions", Question(one, "old"))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(one, "new"))).Cache.ShouldBe("hit");
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"replies?route={one}"))["removed"].GetInt32().ShouldBe(2);
        (await gateway.AskAsync("chat/completions", Question(one, "new"))).Cache.ShouldBe("miss");
        (await gateway.AskAsync("chat/completions", Question(other, "new"))).Cache.ShouldBe("hit");
        using var stranger = gateway.Host.NewClient();
        (await stranger.CallAsync(HttpMethod.Get, "replies/summary")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<JsonElement> SummaryAsync(string route)
        => (await gateway.Owner.CallAsync(HttpMethod.Get, "replies/summary"))["items"].EnumerateArray().Single(item => item.GetProperty("route").GetString() == route);

    Task<int> CountAsync(string route) => gateway.Db.FindAsync<int>("select count(*)::int from gateway.reply where route = @route", new { route }, CancellationToken.None);
}
