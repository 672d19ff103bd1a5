using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Keys;
using JeanTrail.Gateway.Tests.Control;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Api;

/// <summary>Calls that run when what let them in ends: cut on every node, with a clear end, and charged for what came.</summary>
public sealed class CutCallTests(CutCallTests.TwoNodes nodes) : IClassFixture<CutCallTests.TwoNodes>, IAsyncLifetime
{
    readonly StreamGate gate = new();
    OpenAiServer upstream = null!;
    HttpClient person = null!;
    UserId personId;
    string model = "";
    string secret = "";
    Guid keyId;

    GatewayHost Gateway => nodes.First;

    public async Task InitializeAsync()
    {
        upstream = (await OpenAiServer.StartAsync()).Reply("one two three four five six");
        model = $"{(await Gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString()}/sim-small";
        (person, personId) = await Gateway.Host.AddPersonAsync($"p{Guid.CreateVersion7():N}@example.org", "premium");
        var created = await person.CallAsync(HttpMethod.Post, "keys", new { name = "Running", surfaces = new[] { "*" }, models = new[] { "*" } });
        (keyId, secret) = (created["key"].GetProperty("id").GetGuid(), created["secret"].GetString()!);
    }

    public async Task DisposeAsync()
    {
        gate.Open();
        person.Dispose();
        await upstream.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Revoking_a_key_ends_the_streams_that_run_with_it_on_every_node_and_charges_what_came(int node)
    {
        var answer = await BeginStreamAsync(node);

        (await person.CallAsync(HttpMethod.Delete, $"keys/{keyId}")).Status.ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeCutAsync(answer, node);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Suspending_a_person_ends_the_streams_of_their_keys_on_every_node(int node)
    {
        var answer = await BeginStreamAsync(node);

        (await SuspendAsync()).ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeCutAsync(answer, node);
    }

    [Fact]
    public async Task A_secret_that_ends_without_grace_ends_its_streams()
    {
        var answer = await BeginStreamAsync(0);

        (await person.CallAsync(HttpMethod.Post, $"keys/{keyId}/rotate", new { graceSeconds = 0 })).Status.ShouldBe(HttpStatusCode.OK);

        await ShouldBeCutAsync(answer, 0);
    }

    [Fact]
    public async Task A_call_that_still_waits_for_its_answer_is_refused()
    {
        upstream.NextFault(OpenAiFault.SlowHeaders(gate));
        var answer = AskAsync(0, stream: false);
        await gate.WhenReachedAsync();

        await person.CallAsync(HttpMethod.Delete, $"keys/{keyId}");

        var (status, body) = await answer.WaitAsync(Eventually.DefaultDeadline);
        status.ShouldBe(HttpStatusCode.Unauthorized);
        JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("gateway.key_ended");
        (await upstream.Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone);
    }

    [Fact]
    public async Task What_leaves_the_key_good_leaves_its_calls_alone()
    {
        var answer = await BeginStreamAsync(0);

        await person.CallAsync(HttpMethod.Post, $"keys/{keyId}/rotate", new { graceSeconds = 3600 });
        await person.CallAsync(HttpMethod.Put, $"keys/{keyId}", new { name = "Renamed", surfaces = new[] { "*" }, models = new[] { "*" }, expiresAt = (DateTimeOffset?)null, version = 2 });
        await Gateway.Owner.PutAsync(new Uri($"/api/accounts/users/{personId.Value}/role", UriKind.Relative), new StringContent("""{"role":"free"}""", Encoding.UTF8, "application/json"));
        var other = await person.CallAsync(HttpMethod.Post, "keys", new { name = "Another", surfaces = new[] { "*" }, models = new[] { "*" } });
        await person.CallAsync(HttpMethod.Delete, $"keys/{other["key"].GetProperty("id").GetGuid()}");
        gate.Open();

        var (status, body) = await answer.WaitAsync(Eventually.DefaultDeadline);
        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldContain("six");
        body.ShouldNotContain("error");
    }

    async Task<Task<(HttpStatusCode Status, string Body)>> BeginStreamAsync(int node)
    {
        upstream.NextFault(OpenAiFault.StallAfter(3, gate));
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = AskAsync(node, stream: true, heard);
        await gate.WhenReachedAsync();
        await heard.Task.WaitAsync(Eventually.DefaultDeadline);
        return answer;
    }

    /// <param name="heard">Told once the last word before the gate has come through.</param>
    async Task<(HttpStatusCode Status, string Body)> AskAsync(int node, bool stream, TaskCompletionSource? heard = null)
    {
        using var program = nodes.Hosts[node].NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Count"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var response = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var body = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            body.Append(line).Append('\n');
            if (line.Contains("three", StringComparison.Ordinal))
                heard?.TrySetResult();
        }

        return (response.StatusCode, body.ToString());
    }

    async Task<HttpStatusCode> SuspendAsync()
    {
        using var answer = await Gateway.Owner.PostAsync(new Uri($"/api/accounts/users/{personId.Value}/suspend", UriKind.Relative), null);
        return answer.StatusCode;
    }

    async Task ShouldBeCutAsync(Task<(HttpStatusCode Status, string Body)> answer, int node)
    {
        var (status, body) = await answer.WaitAsync(Eventually.DefaultDeadline);
        status.ShouldBe(HttpStatusCode.OK);
        var events = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(each => each["data: ".Length..]).ToList();
        events[^1].ShouldBe("[DONE]");
        JsonDocument.Parse(events[^2]).RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe("gateway.key_ended");
        body.ShouldContain("three");
        body.ShouldNotContain("four");
        (await upstream.Requests.Last().WhenEndedAsync()).ShouldBe(ResponseEnd.ClientGone, "the upstream is let go");
        await Eventually.PassAsync(async () =>
        {
            await nodes.Hosts[node].Get<Usage.Ledger>().FlushAsync(CancellationToken.None);
            var row = await Gateway.Db.FindAsync<Row>("select outcome, error_code, input_tokens, output_tokens from gateway.usage where key_id = @Key", new { Key = keyId }, CancellationToken.None);
            (row?.Outcome, row?.ErrorCode).ShouldBe(("failed", "gateway.key_ended"));
            row!.InputTokens.ShouldNotBeNull().ShouldBeGreaterThan(0);
            row.OutputTokens.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(3);
        });
        (await AskAsync(node, stream: false)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    sealed record Row(string Outcome, string? ErrorCode, long? InputTokens, long? OutputTokens);

    /// <summary>Two whole servers on one database, hearing each other over it.</summary>
    public sealed class TwoNodes : IAsyncLifetime
    {
        TestHost? second;

        public GatewayHost First { get; } = new();

        public IReadOnlyList<TestHost> Hosts => [First.Host, second!];

        public async Task InitializeAsync()
        {
            await First.InitializeAsync();
            second = await TestHost.StartAsync(First.Host.Database);
            second.Get<KeyRing>().ShouldNotBeNull();
        }

        public async Task DisposeAsync()
        {
            await second!.DisposeAsync();
            await First.DisposeAsync();
        }
    }
}
