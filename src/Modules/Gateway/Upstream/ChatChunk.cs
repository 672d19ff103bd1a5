using System.Text.Json;
using System.Text.Json.Serialization;

namespace JeanTrail.Gateway.Upstream;

/// <summary>One piece of a streamed answer, or a whole one. Everything is optional: servers differ in what they leave out.</summary>
/// <remarks>Source: OpenAI API reference, chat completion chunk object.</remarks>
internal sealed record ChatChunk
{
    public string? Id { get; init; }

    public List<ChunkChoice>? Choices { get; init; }

    public ChunkUsage? Usage { get; init; }

    public JsonElement Error { get; init; }
}

internal sealed record ChunkChoice
{
    public int Index { get; init; }

    public ChunkDelta? Delta { get; init; }

    /// <summary>Of an answer that was not streamed.</summary>
    public ChunkDelta? Message { get; init; }

    public string? FinishReason { get; init; }
}

internal sealed record ChunkDelta
{
    [JsonConverter(typeof(LenientText))]
    public string? Content { get; init; }

    [JsonConverter(typeof(LenientText))]
    public string? ReasoningContent { get; init; }

    /// <summary>What some servers call the above.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Reasoning { get; init; }

    [JsonConverter(typeof(LenientText))]
    public string? Refusal { get; init; }

    public List<ChunkToolCall>? ToolCalls { get; init; }
}

internal sealed record ChunkToolCall
{
    public int? Index { get; init; }

    public string? Id { get; init; }

    public ChunkFunction? Function { get; init; }
}

internal sealed record ChunkFunction
{
    public string? Name { get; init; }

    [JsonConverter(typeof(LenientText))]
    public string? Arguments { get; init; }
}

internal sealed record ChunkUsage
{
    public long? PromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    public long? TotalTokens { get; init; }

    public ChunkUsageDetails? PromptTokensDetails { get; init; }

    public ChunkUsageDetails? CompletionTokensDetails { get; init; }
}

internal sealed record ChunkUsageDetails
{
    public long? CachedTokens { get; init; }

    public long? ReasoningTokens { get; init; }
}

internal sealed record ModelList
{
    public List<ModelListItem?>? Data { get; init; }
}

internal sealed record ModelListItem
{
    public string? Id { get; init; }

    public string? OwnedBy { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatChunk))]
[JsonSerializable(typeof(ModelList))]
internal sealed partial class UpstreamJson : JsonSerializerContext;

/// <summary>Text where a string is expected: of a list its text parts, of an object its JSON, of anything else nothing.</summary>
internal sealed class LenientText : JsonConverter<string?>
{
    public override bool HandleNull => true;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.StartArray:
                using (var parts = JsonDocument.ParseValue(ref reader))
                    return string.Concat(parts.RootElement.EnumerateArray().Select(TextOf));
            case JsonTokenType.StartObject:
                using (var value = JsonDocument.ParseValue(ref reader))
                    return value.RootElement.GetRawText();
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    static string? TextOf(JsonElement part)
        => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
