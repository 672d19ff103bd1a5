using System.Text.Json;

namespace JeanTrail.Testing.Simulators;

/// <summary>How a response of the simulator ended.</summary>
public enum ResponseEnd
{
    /// <summary>Everything was sent.</summary>
    Completed,

    /// <summary>The client went away before the end.</summary>
    ClientGone,

    /// <summary>The simulator broke the connection, as it was told to.</summary>
    Cut,
}

/// <summary>One request as a simulator received it.</summary>
public class SimulatorRequest
{
    readonly TaskCompletionSource<ResponseEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SimulatorRequest(int number, string method, string path, IReadOnlyDictionary<string, string> headers, JsonElement body)
    {
        Number = number;
        Method = method;
        Path = path;
        Headers = headers;
        Body = body;
    }

    /// <summary>Counts from 1 in the order of arrival.</summary>
    public int Number { get; }

    public string Method { get; }

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The JSON body; undefined for requests without one.</summary>
    public JsonElement Body { get; }

    /// <summary>Completes when the response has ended, and says how.</summary>
    public Task<ResponseEnd> WhenEndedAsync() => ended.Task.WaitAsync(Eventually.DefaultDeadline);

    internal void End(ResponseEnd how) => ended.TrySetResult(how);
}

/// <summary>One request for OpenAI's API.</summary>
public sealed class OpenAiRequest : SimulatorRequest
{
    internal OpenAiRequest(int number, string method, string path, IReadOnlyDictionary<string, string> headers, JsonElement body)
        : base(number, method, path, headers, body)
    {
    }

    public string? Model => Text(Body, "model");

    public bool Stream => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    /// <summary>The text of the last message of the user.</summary>
    public string? LastUserText => Messages.LastOrDefault(message => message.Role == "user").Text;

    /// <summary>Roles and texts in order; parts that are no text are left out.</summary>
    public IReadOnlyList<(string Role, string Text)> Messages
        => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array
            ? [.. messages.EnumerateArray().Select(message => (Text(message, "role") ?? "", Content(message)))]
            : [];

    internal bool WantsUsage => Body.ValueKind == JsonValueKind.Object
        && Body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("include_usage", out var include) && include.ValueKind == JsonValueKind.True;

    internal int? MaxTokens => Number32("max_completion_tokens") ?? Number32("max_tokens");

    internal IEnumerable<string> Stops
        => Text(Body, "stop") is { } stop ? [stop] : Body.Get("stop").Items().Select(item => item.GetString() ?? "");

    int? Number32(string name) => Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    static string? Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
            return "";
        return content.ValueKind == JsonValueKind.Array
            ? string.Concat(content.EnumerateArray().Select(part => Text(part, "text")))
            : content.GetString() ?? "";
    }
}
