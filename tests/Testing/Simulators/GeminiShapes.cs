using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>The JSON of Google's protocol.</summary>
internal static class GeminiShapes
{
    /// <summary>A reason that stands in the details, under the status of an invalid argument.</summary>
    internal const string WrongKey = "API_KEY_INVALID";

    internal static JsonObject Models(IEnumerable<string> names) => new()
    {
        ["models"] = new JsonArray([.. names.Select(name => new JsonObject { ["name"] = $"models/{name}", ["version"] = "001", ["displayName"] = name })]),
    };

    internal static JsonObject Error(int status, string? type, string? message, double? retryAfterSeconds)
    {
        var details = new JsonArray();
        if (type == WrongKey)
            details.Add(new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo", ["reason"] = WrongKey, ["domain"] = "googleapis.com", ["metadata"] = new JsonObject { ["service"] = "generativelanguage.googleapis.com" } });
        if (retryAfterSeconds is { } seconds)
            details.Add(new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seconds}s") });
        var error = new JsonObject
        {
            ["code"] = status,
            ["message"] = message ?? (status == 404 ? "models/none is not found for API version v1beta." : "The simulator was told to refuse this."),
            ["status"] = type is null or WrongKey ? StatusOf(status) : type,
        };
        if (details.Count > 0)
            error["details"] = details;
        return new JsonObject { ["error"] = error };
    }

    internal static (string?, JsonObject) ErrorEvent(string? type)
        => (null, Error(type == "RESOURCE_EXHAUSTED" ? 429 : 503, type ?? "UNAVAILABLE", "The model is overloaded. Please try again later.", null));

    internal static string LastUserText(JsonElement body)
        => string.Concat(body.Get("contents").Items().LastOrDefault(content => content.Str("role") is "user" or null).Get("parts").Items().Select(part => part.Str("text")));

    internal static JsonObject Whole(SimulatorRequest request, string model, ScriptedAnswer answer)
    {
        var count = (int)(request.Body.Get("generationConfig").Num("candidateCount") ?? 1);
        JsonArray candidates = answer.Filtered && answer.Pieces.Count == 0
            ? []
            : [.. Enumerable.Range(0, count).Select(i => Candidate(i, new JsonArray([.. Parts(answer, model, streamed: false)]), FinishReason(answer)))];
        return Response(request, model, candidates, answer, isLast: true);
    }

    internal static JsonObject Candidate(int index, JsonArray parts, string? finishReason)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = parts, ["role"] = "model" } };
        if (finishReason is not null)
            candidate["finishReason"] = finishReason;
        // Zero is the default, which this JSON may leave out.
        if (index > 0)
            candidate["index"] = index;
        return candidate;
    }

    internal static JsonObject Response(SimulatorRequest request, string model, JsonArray candidates, ScriptedAnswer answer, bool isLast)
    {
        var response = new JsonObject();
        if (candidates.Count > 0)
            response["candidates"] = candidates;
        else
            response["promptFeedback"] = new JsonObject { ["blockReason"] = "PROHIBITED_CONTENT" };
        response["usageMetadata"] = Usage(answer, isLast);
        response["modelVersion"] = model;
        response["responseId"] = $"sim{request.Number:D6}";
        return response;
    }

    internal static IEnumerable<JsonObject> Parts(ScriptedAnswer answer, string model, bool streamed)
    {
        if (answer.Thinking is { } thinking)
        {
            foreach (var piece in streamed ? OpenAiShapes.Tokens(thinking) : [thinking])
                yield return new JsonObject { ["text"] = piece, ["thought"] = true };
        }

        foreach (var piece in streamed || answer.Pieces.Count == 0 ? answer.Pieces : [answer.Text])
            yield return new JsonObject { ["text"] = piece };
        if (answer.Image is { } image)
            yield return new JsonObject { ["inlineData"] = new JsonObject { ["mimeType"] = "image/png", ["data"] = image } };
        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var call = new JsonObject { ["name"] = answer.Calls[i].Name, ["args"] = answer.Calls[i].Input };
            var isThird = model.StartsWith("gemini-3", StringComparison.Ordinal);
            if (isThird)
                call["id"] = $"fc-{i}";
            var part = new JsonObject { ["functionCall"] = call };
            // Of calls made at once only the first is signed.
            if (isThird && i == 0)
                part["thoughtSignature"] = Sign(answer.Calls[i].Name);
            yield return part;
        }
    }

    internal static string Sign(string function) => Convert.ToBase64String(Encoding.UTF8.GetBytes("thought of " + function));

    internal static string FinishReason(ScriptedAnswer answer) => answer.Stop ?? (answer.Filtered ? "SAFETY" : answer.Truncated ? "MAX_TOKENS" : "STOP");

    internal static JsonObject Embeddings(JsonElement body)
    {
        var embeddings = body.Get("requests").Items().Select((request, i) =>
        {
            var size = (int)(request.Num("outputDimensionality") ?? 8);
            return (JsonNode)new JsonObject { ["values"] = new JsonArray([.. Enumerable.Range(1, size).Select(n => (JsonNode)JsonValue.Create((i + n) / 8f))]) };
        });
        return new JsonObject { ["embeddings"] = new JsonArray([.. embeddings]) };
    }

    static JsonObject Usage(ScriptedAnswer answer, bool isLast)
    {
        var prompt = answer.InputTokens + answer.CachedTokens + answer.CacheWriteTokens;
        var usage = new JsonObject { ["promptTokenCount"] = prompt };
        if (answer.CachedTokens > 0)
            usage["cachedContentTokenCount"] = answer.CachedTokens;
        if (isLast && answer.TextTokens > 0)
            usage["candidatesTokenCount"] = answer.TextTokens;
        if (answer.ThinkingTokens > 0)
            usage["thoughtsTokenCount"] = answer.ThinkingTokens;
        usage["totalTokenCount"] = prompt + (isLast ? answer.TextTokens : 0) + answer.ThinkingTokens;
        return usage;
    }

    static string StatusOf(int status) => status switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        500 => "INTERNAL",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNKNOWN",
    };
}
