using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using JeanTrail.Bench.Wire;
using JeanTrail.Testing;

namespace JeanTrail.Bench.Micro;

/// <summary>
/// Whole calls at <c>/v1</c> on one kept connection, with key, limit, books and trace: what they allocate in everything that takes part, which is
/// the server, its client of the upstream, and to a small part the load and the canned upstream in the same process.
/// </summary>
[MemoryDiagnoser]
public class GatewayCalls
{
    /// <summary>The server that answers, started before the first benchmark: set-up that returns a task is not awaited in this process.</summary>
    internal static GatewayCallsHost Host { get; set; } = null!;

    [Benchmark(Description = "a whole answer through /v1")]
    public Task WholeAsync() => Host.CallAsync(stream: false);

    [Benchmark(Description = "a stream of 50 chunks through /v1")]
    public Task StreamAsync() => Host.CallAsync(stream: true);
}

/// <summary>A server with an upstream, a provider, a key and a limit, warm, and one connection to it.</summary>
sealed class GatewayCallsHost(CannedUpstream upstream, TestHost host, Socket socket, byte[] whole, byte[] streamed) : IAsyncDisposable
{
    readonly byte[] buffer = new byte[64 * 1024];

    public static async Task<GatewayCallsHost> StartAsync()
    {
        var upstream = new CannedUpstream(TimeSpan.Zero);
        var host = await TestHost.StartAsync(adjust: builder => builder.Configuration["Gateway:Discovery"] = "false");
        using var owner = await host.CreateOwnerAsync();
        var provider = await PostAsync(owner, "providers", new { name = "Upstream", baseUrl = $"http://127.0.0.1:{upstream.Port}/v1" });
        var key = await PostAsync(owner, "keys", new { name = "Bench", surfaces = new[] { "*" }, models = new[] { "*" } });
        await PostAsync(owner, "limits", new { subjectKind = "key", subject = key.GetProperty("key").GetProperty("id").GetString(), meter = "requests", window = "month", amount = 1_000_000_000_000, action = "stop" });
        var (secret, model) = (key.GetProperty("secret").GetString(), $"{provider.GetProperty("slug").GetString()}/bench");
        byte[] Request(bool stream) => HttpBytes.Post(host.Address.Port, "/v1/chat/completions", secret, GatewayRun.Request(model, stream));
        var calls = new GatewayCallsHost(upstream, host, await LoadClient.ConnectAsync(host.Address.Port), Request(stream: false), Request(stream: true));
        for (var call = 0; call < 2_000; call++)
            await calls.CallAsync(stream: call % 2 == 1);
        return calls;
    }

    public async Task CallAsync(bool stream)
    {
        await socket.SendAsync(stream ? streamed : whole);
        if (!(await LoadClient.ReadAsync(socket, buffer, stream, Stopwatch.GetTimestamp())).Ok)
            throw new InvalidOperationException("The answer is not whole.");
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await host.DisposeAsync();
        upstream.Dispose();
    }

    static async Task<JsonElement> PostAsync(HttpClient owner, string path, object body)
    {
        using var answer = await owner.PostAsJsonAsync($"/api/gateway/{path}", body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
