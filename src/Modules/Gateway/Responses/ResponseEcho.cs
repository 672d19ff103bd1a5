using System.Text.Json;
using JeanTrail.Gateway.Dialects;

namespace JeanTrail.Gateway.Responses;

/// <summary>What a response repeats of its request, with the defaults where the request says nothing. Source: OpenAI API reference, the response object.</summary>
internal static class ResponseEcho
{
    static readonly (string Name, string Default)[] Members =
    [
        ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"), ("parallel_tool_calls", "true"),
        ("reasoning", """{"effort":null,"summary":null}"""), ("temperature", "1"), ("text", """{"format":{"type":"text"}}"""), ("tool_choice", "\"auto\""),
        ("tools", "[]"), ("top_p", "1"), ("user", "null"),
    ];

    internal static void Write(Utf8JsonWriter json, JsonElement request)
    {
        foreach (var (name, fallback) in Members)
        {
            json.WritePropertyName(name);
            if (request.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
                json.WriteRaw(value);
            else
                json.WriteRawValue(fallback, skipInputValidation: true);
        }

        json.WriteBoolean("background"u8, false);
        json.WriteNull("previous_response_id"u8);
        // Nothing is kept that could be asked for by its id.
        json.WriteBoolean("store"u8, false);
        json.WriteString("truncation"u8, "disabled"u8);
    }
}
