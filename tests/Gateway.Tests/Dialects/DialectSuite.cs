using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>A failure a vendor reports, and what the gateway makes of it.</summary>
public sealed record FaultCase(string Name, Action Prepare, string Code, Blame Blame, bool MayRetry = false, double? RetryAfterSeconds = null);

public enum Interruption
{
    Error,
    Close,
    Nonsense,
}

/// <summary>A dialect, the simulator of its vendor, and how to look into what that one received.</summary>
public abstract class DialectSuite : IAsyncLifetime
{
    protected const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    const string WeatherTool = """
        {"type":"function","function":{"name":"get_weather","description":"The weather now.","strict":true,
         "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}}
        """;

    DialectDriver driver = null!;

    private protected abstract IDialect Dialect { get; }

    protected abstract Uri BaseUrl { get; }

    protected abstract string ApiKey { get; }

    protected abstract string Model { get; }

    /// <summary>One that reasons.</summary>
    protected abstract string ThinkingModel { get; }

    protected abstract JsonElement LastBody { get; }

    protected abstract IEnumerable<FaultCase> Faults { get; }

    public async Task InitializeAsync()
    {
        await StartAsync();
        driver = new DialectDriver(Dialect, BaseUrl, ApiKey);
    }

    public async Task DisposeAsync()
    {
        driver.Dispose();
        await StopAsync();
    }

    protected abstract Task StartAsync();

    protected abstract Task StopAsync();

    protected abstract void NextAnswer(ScriptedAnswer answer);

    /// <summary>The next answer is this text, broken off after so many pieces; 0 where it is not streamed.</summary>
    protected abstract void NextInterrupted(string text, Interruption how, int pieces);

    /// <summary>The next response arrives in pieces of so many bytes.</summary>
    protected abstract void NextTorn(int sizeBytes);

    /// <summary>How the model gives an answer in JSON after a schema.</summary>
    protected abstract ScriptedAnswer JsonAnswer(string json);

    protected abstract string? SystemOf(JsonElement body);

    protected abstract IEnumerable<(string Role, string Text)> TurnsOf(JsonElement body);

    protected abstract string? ForcedToolOf(JsonElement body);

    /// <summary>Pictures in the last message: address, or type and data.</summary>
    protected abstract IEnumerable<string> ImagesOf(JsonElement body);

    private protected Task<DialectReply> AskAsync(string text, bool streamed, string? more = null, string? model = null)
        => SendAsync(Request(new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }).ToJsonString(), more, streamed), model);

    private protected Task<DialectReply> SendAsync(JsonObject request, string? model = null) => driver.SendAsync(request, model ?? Model);

    private protected Task<DialectReply> SendAsync(DialectRequest request) => driver.SendAsync(request);

    protected static JsonObject Request(string messages, string? more = null, bool streamed = false)
    {
        var request = JsonNode.Parse(more ?? "{}")!.AsObject();
        if (streamed)
            request["stream"] = true;
        else
            request.Remove("stream_options");
        request["messages"] = JsonNode.Parse(messages);
        return request;
    }

    protected static string WithTools() => $$"""{"tools":[{{WeatherTool}}]}""";

    protected static string Merge(string first, string second)
    {
        var merged = JsonNode.Parse(first)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(second)!.AsObject())
            merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }
}
