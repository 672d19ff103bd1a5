using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Tests.Control;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Api;

/// <summary>
/// Upstreams and callers that misbehave, seen from the door: the caller gets a proper end, the books say whose fault it was and what was used,
/// and nothing stays open.
/// </summary>
public sealed class ApiFaultTests(GatewayHost gateway) : IClassFixture<GatewayHost>, IAsyncLifetime
{
    const string Answer = "раз два три 🌊 four";

    ApiClient api = null!;
    OpenAiServer upstream = null!;
    string model = "";

    public async Task InitializeAsync()
    {
        upstream = (await OpenAiServer.StartAsync()).Reply(Answer);
        model = await ConnectAsync(upstream);
        api = await ApiClient.CreateAsync(gateway);
    }

    public async Task DisposeAsync()
    {
        api.Dispose();
        await upstream.DisposeAsync();
    }

    public static TheoryData<string, OpenAiFault[]> Oddities => new()
    {
        { "torn into single bytes", [OpenAiFault.SplitWrites()] },
        { "torn into threes", [OpenAiFault.SplitWrites(3)] },
        { "all that the format allows", [OpenAiFault.OddFraming()] },
        { "no end mark", [OpenAiFault.NoDone()] },
        { "no reason for the end", [OpenAiFault.NoFinishReason()] },
        { "no token counts", [OpenAiFault.NoUsage()] },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task What_is_only_odd_passes_whole(string oddity, OpenAiFault[] faults)
    {
        upstream.NextFault(faults);
        var answer = await api.ChatAsync(model, stream: true);
        answer.Text.ShouldBe(Answer, oddity);
        answer.Events[^1].ShouldBe("[DONE]");
        var row = await RowAsync(answer.Headers["x-jean-trace"]);
        row.Outcome.ShouldBe("completed");
        row.OutputTokens.ShouldNotBeNull().ShouldBeGreaterThan(0);
        await NothingStaysOpenAsync(model);
    }

    public static TheoryData<string, OpenAiFault[], string> Midway => new()
    {
        { "invalid JSON", [OpenAiFault.InvalidJsonAfter(2)], "gateway.upstream_nonsense" },
        { "a chunk of 2 MB", [OpenAiFault.GiganticChunkAfter(2, 2_000_000)], "gateway.upstream_nonsense" },
        { "an error", [OpenAiFault.ErrorAfter(2)], "gateway.upstream_error" },
        { "an error, torn", [OpenAiFault.ErrorAfter(2), OpenAiFault.SplitWrites(7)], "gateway.upstream_error" },
    };

    [Theory]
    [MemberData(nameof(Midway))]
    public async Task A_stream_that_fails_midway_gives_what_there_is_and_a_proper_end(string fault, OpenAiFault[] faults, string code)
    {
        upstream.NextFault(faults);
        var answer = await api.ChatAsync(model, stream: true);
        answer.Status.ShouldBe(HttpStatusCode.OK, fault);
        answer.Text.ShouldBe("раз два");
        answer.Events[^1].ShouldBe("[DONE]");
        JsonDocument.Parse(answer.Events[^2]).RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        var row = await RowAsync(answer.Headers["x-jean-trace"]);
        (row.Outcome, row.ErrorCode, row.Blame).ShouldBe(("failed", code, "upstream"));
        // What came was billed, whoever failed.
        row.OutputTokens.ShouldNotBeNull().ShouldBeGreaterThan(0);
        row.InputTokens.ShouldNotBeNull().ShouldBeGreaterThan(0);
        await NothingStaysOpenAsync(model);
    }

    public static TheoryData<string, OpenAiFault, int, string> Refusals => new()
    {
        { "500", OpenAiFault.Status(500), 502, "gateway.upstream_error" },
        { "503 again and again", OpenAiFault.Status(503), 502, "gateway.upstream_error" },
        { "429 without a time", OpenAiFault.TooManyRequests(), 429, "gateway.upstream_rate_limited" },
        { "429 with a time", OpenAiFault.TooManyRequests(30), 429, "gateway.upstream_rate_limited" },
        { "a page for people", OpenAiFault.Html(), 502, "gateway.upstream_nonsense" },
        { "another type", OpenAiFault.WrongContentType(), 502, "gateway.upstream_nonsense" },
        { "reset at once", OpenAiFault.ResetAfter(0), 502, "gateway.upstream_cut" },
        { "closed at once", OpenAiFault.CloseAfter(0), 502, "gateway.upstream_cut" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_never_begins_is_an_error_in_OpenAIs_shape(string fault, OpenAiFault each, int status, string code)
    {
        foreach (var stream in new[] { true, false })
        {
            // A target of its own: one that failed before would rest.
            await using var failing = await OpenAiServer.StartAsync();
            var target = await ConnectAsync(failing);
            for (var attempt = 0; attempt < 4; attempt++)
                failing.NextFault(each);
            var answer = await api.ChatAsync(target, stream: stream);
            ((int)answer.Status).ShouldBe(status, $"{fault}: {answer.Body}");
            answer.ErrorCode.ShouldBe(code);
            answer.Headers.GetValueOrDefault("Retry-After").ShouldBe(fault == "429 with a time" ? "30" : null);
            var row = await RowAsync(answer.Headers["x-jean-trace"]);
            (row.Outcome, row.ErrorCode, row.Blame).ShouldBe(("failed", code, "upstream"));
            row.OutputTokens.ShouldBeNull("nothing came, and nothing is billed");
            await NothingStaysOpenAsync(target);
        }
    }

    [Fact]
    public async Task A_body_without_end_is_not_gathered()
    {
        await using var endless = new EndlessServer("application/json", "{\"x\":[\"", () => "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"u8.ToArray());
        var target = await ConnectAsync(endless.BaseUrl, "m");
        var answer = await api.ChatAsync(target);
        answer.ErrorCode.ShouldBe("gateway.upstream_nonsense");
        await endless.WhenLetGoAsync();
        endless.SentBytes.ShouldBeLessThan(128L * 1024 * 1024);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_that_vanishes_takes_its_upstream_with_it(bool beforeTheFirstToken)
    {
        var gate = new StreamGate();
        upstream.NextFault(beforeTheFirstToken ? OpenAiFault.SlowHeaders(gate) : OpenAiFault.StallAfter(3, gate));
        using var caller = gateway.Host.NewClient();
        using var leaving = new CancellationTokenSource();
        using var request = await StreamRequestAsync(model);
        var sending = caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await gate.WhenReachedAsync();
        if (!beforeTheFirstToken)
        {
            using var response = await sending;
            using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadAtLeastAsync(new byte[64], 64);
        }

        await leaving.CancelAsync();
        caller.CancelPendingRequests();
        (await upstream.Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
        var row = await EndedAsync(model);
        row.Outcome.ShouldBe("cancelled");
        if (!beforeTheFirstToken)
            row.OutputTokens.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(3);
        await NothingStaysOpenAsync(model);
    }

    [Fact]
    public async Task A_caller_that_stops_reading_stops_its_upstream_and_fills_no_memory()
    {
        var text = new string('x', 2000);
        await using var endless = new EndlessServer("text/event-stream", "", () => Encoding.UTF8.GetBytes($"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"));
        var target = await ConnectAsync(endless.BaseUrl, "m");
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(gateway.Host.Address.Host, gateway.Host.Address.Port);
            var stream = caller.GetStream();
            using var request = await StreamRequestAsync(target);
            var body = await request.Content!.ReadAsStringAsync();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: {gateway.Host.Address.Authority}\r\nAuthorization: {request.Headers.Authorization}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            await stream.ReadAtLeastAsync(new byte[1024], 1024);

            await Eventually.BeTrueAsync(() => endless.Blocked, "the upstream can send no more");
            endless.SentBytes.ShouldBeLessThan(64L * 1024 * 1024, "what the sockets' buffers hold, and little of our own");
        }

        await endless.WhenLetGoAsync();
        (await EndedAsync(target)).Outcome.ShouldBe("cancelled");
    }

    [Fact]
    public async Task Many_that_break_and_vanish_at_once_leave_nothing_behind()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, cancel) =>
        {
            upstream.NextFault([.. (OpenAiFault[])(i % 3 == 0 ? [OpenAiFault.ResetAfter(2)] : i % 3 == 1 ? [OpenAiFault.StallAfter(2, new StreamGate())] : [])]);
            using var caller = gateway.Host.NewClient();
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var request = await StreamRequestAsync(model);
            try
            {
                using var response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
                using var body = await response.Content.ReadAsStreamAsync(leaving.Token);
                await body.ReadAtLeastAsync(new byte[32], 32, throwOnEndOfStream: false, leaving.Token);
                await leaving.CancelAsync();
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
            {
                // As it should be: somebody broke off.
            }
        });
        await NothingStaysOpenAsync(model);
        await Eventually.BeTrueAsync(async () =>
        {
            await gateway.FlushUsageAsync();
            return await gateway.Db.FindAsync<int>("select count(*)::int from gateway.usage where model_id = @Model and outcome = 'running'", new { Model = model }, CancellationToken.None) == 0;
        }, "every call is closed in the books");
    }

    async Task<string> ConnectAsync(string baseUrl, string name) => $"{(await gateway.ConnectAsync(baseUrl)).GetProperty("slug").GetString()}/{name}";

    /// <summary>With its models known: only of those the gateway remembers how they are.</summary>
    async Task<string> ConnectAsync(OpenAiServer server)
    {
        var provider = await gateway.ConnectAsync(server.BaseUrl.AbsoluteUri);
        await gateway.Owner.CallAsync(HttpMethod.Post, $"providers/{provider.GetProperty("id").GetGuid()}/check");
        return $"{provider.GetProperty("slug").GetString()}/sim-small";
    }

    async Task<HttpRequestMessage> StreamRequestAsync(string target)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{target}}","stream":true,"messages":[{"role":"user","content":"Hello there"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await gateway.SecretAsync());
        return request;
    }

    Task NothingStaysOpenAsync(string target) => Eventually.BeTrueAsync(
        () => gateway.Host.Get<TargetDirectory>().Healths.Any(each => each.ModelId == target && each.Health.Running == 0), "no call to the target is open");

    async Task<Row> RowAsync(string trace)
    {
        await gateway.FlushUsageAsync();
        return (await gateway.Db.FindAsync<Row>($"select {Row.Columns} from gateway.usage where trace_id = @Trace", new { Trace = trace }, CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>The only call to the target, once it has ended.</summary>
    async Task<Row> EndedAsync(string target)
    {
        Row? row = null;
        await Eventually.BeTrueAsync(async () =>
        {
            await gateway.FlushUsageAsync();
            row = await gateway.Db.FindAsync<Row>($"select {Row.Columns} from gateway.usage where model_id = @Target and outcome <> 'running' order by started_at desc limit 1", new { Target = target }, CancellationToken.None);
            return row is not null;
        }, "the call is closed in the books");
        return row!;
    }

    sealed record Row(string Outcome, string? ErrorCode, string? Blame, long? InputTokens, long? OutputTokens)
    {
        internal const string Columns = "outcome, error_code, blame, input_tokens, output_tokens";
    }
}
