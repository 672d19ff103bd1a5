using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>
/// Writes a chat completion request as one for the Messages API. What only tunes and has no counterpart (seed, penalties, logit_bias) is left
/// out. Source: Anthropic API reference, Create a Message.
/// </summary>
internal static class AnthropicRequest
{
    /// <summary>The API takes no longer ones.</summary>
    const int LongestUser = 256;

    internal static void Write(JsonElement root, DialectRequest request, Utf8JsonWriter json)
    {
        RequestTranslation.RefuseForeign(root, "Anthropic");
        var model = ClaudeModel.Of(request.UpstreamModel);
        var history = ChatHistory.Read(root);
        var tools = AnthropicTools.Plan(root, model, history.UsedTools);
        var thinking = AnthropicThinking.Plan(root, model, request.Shape.MaxOutputTokens, tools.Forces, history.EndsInToolsWithoutThinking);
        json.WriteStartObject();
        json.WriteString("model"u8, request.UpstreamModel);
        json.WriteNumber("max_tokens"u8, thinking.MaxTokens);
        if (request.Shape.Stream)
            json.WriteBoolean("stream"u8, true);
        thinking.WriteTo(json);
        WriteSampling(root, json, model, thinking);
        WriteStops(root, json);
        WriteOutputConfig(root, json, tools, thinking);
        WriteUser(root, json);
        foreach (var name in (ReadOnlySpan<string>)["cache_control", "container", "inference_geo"])
        {
            if (root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object or JsonValueKind.String)
                json.WriteRaw(System.Text.Encoding.UTF8.GetBytes(name), value);
        }

        tools.WriteTo(json);
        AnthropicMessages.Write(json, history, tools.Instruction);
        json.WriteEndObject();
    }

    static void WriteSampling(JsonElement root, Utf8JsonWriter json, ClaudeModel model, AnthropicThinking thinking)
    {
        if (model.RefusesTuning)
            return;
        var topP = root.Number("top_p"u8);
        if (thinking.IsOn)
        {
            // Beside thinking only the default temperature passes.
            if (topP is >= 0.95 and <= 1)
                json.WriteNumber("top_p"u8, topP.Value);
            return;
        }

        var temperature = root.Number("temperature"u8);
        if (temperature is not null)
            json.WriteNumber("temperature"u8, Math.Clamp(temperature.Value, 0, 1));
        if (topP is not null && (temperature is null || !model.TakesOneSampler))
            json.WriteNumber("top_p"u8, Math.Clamp(topP.Value, 0, 1));
        if (root.Whole("top_k"u8) is > 0 and var topK)
            json.WriteNumber("top_k"u8, topK);
    }

    static void WriteStops(JsonElement root, Utf8JsonWriter json)
    {
        var given = root.Member("stop"u8);
        if (given.ValueKind == JsonValueKind.Undefined)
            given = root.Member("stop_sequences"u8);
        // Sequences of nothing but blanks are refused.
        var stops = given.IsText() ? (given.IsWritten() ? [given] : []) : given.Items().Where(stop => stop.IsWritten()).ToList();
        if (stops.Count == 0)
            return;
        json.WriteStartArray("stop_sequences"u8);
        foreach (var stop in stops)
            json.WriteRaw(stop);
        json.WriteEndArray();
    }

    static void WriteOutputConfig(JsonElement root, Utf8JsonWriter json, AnthropicTools tools, AnthropicThinking thinking)
    {
        if (root.Member("output_config"u8) is { ValueKind: JsonValueKind.Object } given)
        {
            json.WriteRaw("output_config"u8, given);
            return;
        }

        if (thinking.Effort is null && tools.NativeSchema.ValueKind == JsonValueKind.Undefined)
            return;
        json.WriteStartObject("output_config"u8);
        if (thinking.Effort is not null)
            json.WriteString("effort"u8, thinking.Effort);
        if (tools.NativeSchema.ValueKind != JsonValueKind.Undefined)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteRaw("schema"u8, tools.NativeSchema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void WriteUser(JsonElement root, Utf8JsonWriter json)
    {
        var user = root.Member("metadata"u8).Text("user_id"u8) ?? root.Text("safety_identifier"u8) ?? root.Text("user"u8);
        if (user is { Length: > 0 and <= LongestUser })
        {
            json.WriteStartObject("metadata"u8);
            json.WriteString("user_id"u8, user);
            json.WriteEndObject();
        }

        var tier = root.Text("service_tier"u8) switch { "auto" => "auto", "default" or "standard_only" => "standard_only", _ => null };
        if (tier is not null)
            json.WriteString("service_tier"u8, tier);
    }
}
