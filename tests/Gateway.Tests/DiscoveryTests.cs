using System.Globalization;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests;

public sealed class DiscoveryTests
{
    [Fact]
    public async Task Local_servers_are_found_and_known_by_their_answers()
    {
        await using var simulator = await OpenAiServer.StartAsync();
        await using var ollama = new RawServer(_ => Models("library", "qwen3:8b"));
        await using var llama = new RawServer(_ => Models("llamacpp", "model.gguf"));
        await using var studio = new RawServer(_ => Models("organization_owner", "gemma"));
        await using var vllm = new RawServer(_ => Models("vllm", "Qwen/Qwen3"));
        await using var emptyOllama = new RawServer(request => request.StartsWith("GET /api/version", StringComparison.Ordinal)
            ? RawServer.Json("""{"version":"0.12.0"}""")
            : request.StartsWith("GET /v1/models", StringComparison.Ordinal) ? RawServer.Json("""{"object":"list","data":[]}""") : RawServer.Json("{}", 404));
        await using var website = new RawServer(_ => RawServer.Response(200, "text/html", "<html></html>"));
        await using var other = new RawServer(_ => RawServer.Json("""{"data":"not a list"}"""));
        await using var host = new Disposable(Settings(simulator.BaseUrl.Port, ollama.Port, llama.Port, studio.Port, vllm.Port, emptyOllama.Port, website.Port, other.Port, LoopbackPort.Free()));
        await host.Gateway.InitializeAsync();

        var items = (await host.Gateway.Owner.CallAsync(HttpMethod.Get, "discovered"))["items"].EnumerateArray().ToList();

        string? KindOf(int port) => items.SingleOrDefault(item => item.GetProperty("baseUrl").GetString() == $"http://127.0.0.1:{port}/v1") is { ValueKind: not System.Text.Json.JsonValueKind.Undefined } item
            ? item.GetProperty("kind").GetString() : null;
        KindOf(simulator.BaseUrl.Port).ShouldBe("openai-compatible");
        KindOf(ollama.Port).ShouldBe("ollama");
        KindOf(llama.Port).ShouldBe("llama-cpp");
        KindOf(studio.Port).ShouldBe("lm-studio");
        KindOf(vllm.Port).ShouldBe("vllm");
        KindOf(emptyOllama.Port).ShouldBe("ollama");
        KindOf(website.Port).ShouldBeNull();
        KindOf(other.Port).ShouldBeNull();
        items.Single(item => item.GetProperty("baseUrl").GetString() == ollama.BaseUrl).GetProperty("models")[0].GetString().ShouldBe("qwen3:8b");
        ollama.Requests.ShouldAllBe(request => !request.Contains("Authorization", StringComparison.OrdinalIgnoreCase));

        await host.Gateway.Owner.CallAsync(HttpMethod.Get, "discovered");
        ollama.Requests.Count.ShouldBe(1);
        host.Gateway.Clock.Advance(TimeSpan.FromSeconds(31));
        await host.Gateway.Owner.CallAsync(HttpMethod.Get, "discovered");
        ollama.Requests.Count.ShouldBe(2);
    }

    static byte[] Models(string owner, string model) => RawServer.Json($$"""{"object":"list","data":[{"id":"{{model}}","object":"model","owned_by":"{{owner}}"}]}""");

    static Dictionary<string, string?> Settings(params int[] ports)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Gateway:Discovery"] = "true" };
        for (var i = 0; i < ports.Length; i++)
            settings[string.Create(CultureInfo.InvariantCulture, $"Gateway:DiscoveryPorts:{i}")] = ports[i].ToString(CultureInfo.InvariantCulture);
        return settings;
    }

    sealed class Disposable(Dictionary<string, string?> settings) : IAsyncDisposable
    {
        public GatewayHost Gateway { get; } = new(new Testing.FakeClock(), settings);

        public async ValueTask DisposeAsync() => await Gateway.DisposeAsync();
    }
}
