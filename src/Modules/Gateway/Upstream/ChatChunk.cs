using System.Text.Json;
using System.Text.Json.Serialization;

namespace JeanTrail.Gateway.Upstream;

/// <summary>One piece of a streamed answer, or a whole one. Everything is optional: servers differ in what they leave out.</summary>
/// <remarks>Source: OpenAI API reference, chat completion chunk object. Settable, for the reader of JSON fills init-only members through a slower way.</remarks>
internal sealed record ChatChunk
{
    public string? Id { get; set; }

    public List<ChunkChoice>? Choices { get; set; }
}

internal sealed record ChunkChoice
{
    public int Index { get; set; }

    public ChunkDelta? Delta { get; set; }

    /// <summary>Of an answer that was not streamed.</summary>
    public ChunkDelta? Message { get; set; }

    public string? FinishReason { get; set; }
}

internal sealed record ChunkDelta
{
    [JsonConverter(typeof(LenientText))]
    public string? Content { get; set; }

    [JsonConverter(typeof(LenientText))]
    public string? ReasoningContent { get; set; }

    /// <summary>What some servers call the above.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Reasoning { get; set; }

    [JsonConverter(typeof(LenientText))]
    public string? Refusal { get; set; }

    public List<ChunkToolCall>? ToolCalls { get; set; }

    /// <summary>Pictures in an answer, in the shape that OpenRouter gave them.</summary>
    public List<ChunkImage?>? Images { get; set; }
}

internal sealed record ChunkImage
{
    public ChunkImageUrl? ImageUrl { get; set; }
}

internal sealed record ChunkImageUrl
{
    public string? Url { get; set; }
}

internal sealed record ChunkToolCall
{
    public int? Index { get; set; }

    public string? Id { get; set; }

    public ChunkFunction? Function { get; set; }
}

internal sealed record ChunkFunction
{
    public string? Name { get; set; }

    [JsonConverter(typeof(LenientText))]
    public string? Arguments { get; set; }
}

internal sealed record ModelList
{
    public List<ModelListItem?>? Data { get; set; }

    /// <summary>Google's name for it.</summary>
    public List<ModelListItem?>? Models { get; set; }
}

internal sealed record ModelListItem
{
    public string? Id { get; set; }

    /// <summary>Google's name for the id: <c>models/…</c>.</summary>
    public string? Name { get; set; }

    public string? OwnedBy { get; set; }
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
