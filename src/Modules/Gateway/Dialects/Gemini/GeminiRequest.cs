using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// Writes a chat completion request as one for generateContent. What only tunes and has no counterpart (logit_bias, parallel_tool_calls, user)
/// is left out. <c>extra_body.google.thinking_config</c> is taken as Google's own OpenAI-compatible endpoint takes it, and
/// <c>safety_settings</c> pass. Source: Gemini API reference, GenerateContentRequest and GenerationConfig; OpenAI compatibility.
/// </summary>
internal static class GeminiRequest
{
    internal static void Write(JsonElement root, DialectRequest request, Utf8JsonWriter json)
    {
        RequestTranslation.RefuseForeign(root, "Gemini");
        var model = GeminiModel.Of(request.UpstreamModel);
        var history = ChatHistory.Read(root);
        var format = ResponseFormat.Of(root);
        var tools = GeminiTools.Read(root);
        var byInstruction = format.IsJson && tools.Any && !model.CallsToolsBesideJson;
        json.WriteStartObject();
        GeminiContents.Write(json, history, model, byInstruction ? Instruction(format) : null);
        tools.WriteTo(json);
        WriteConfig(root, request, json, model, byInstruction ? default : format);
        var safety = root.Member("safety_settings"u8);
        json.WriteIfThere("safetySettings"u8, safety.HasItems() ? safety : root.Member("safetySettings"u8));
        json.WriteEndObject();
    }

    static string Instruction(ResponseFormat format)
        => "Your final answer must be one JSON object and nothing else: no Markdown, no words around it."
            + (format.HasSchema ? " It follows this JSON Schema: " + format.Schema.GetRawText() : "");

    static void WriteConfig(JsonElement root, DialectRequest request, Utf8JsonWriter json, GeminiModel model, ResponseFormat format)
    {
        json.WriteStartObject("generationConfig"u8);
        WriteNumber(json, "temperature"u8, root.Number("temperature"u8));
        WriteNumber(json, "topP"u8, root.Number("top_p"u8));
        if (root.Whole("top_k"u8) is > 0 and var topK)
            json.WriteNumber("topK"u8, topK);
        if (request.Shape.MaxOutputTokens is > 0 and var limit)
            json.WriteNumber("maxOutputTokens"u8, limit);
        if (request.Shape.Choices > 1)
            json.WriteNumber("candidateCount"u8, request.Shape.Choices);
        if (root.Whole("seed"u8) is >= int.MinValue and <= int.MaxValue and var seed)
            json.WriteNumber("seed"u8, seed);
        // Zero is the default everywhere, and some models refuse to hear even that.
        if (root.Number("presence_penalty"u8) is not (null or 0) and var presence)
            json.WriteNumber("presencePenalty"u8, presence.Value);
        if (root.Number("frequency_penalty"u8) is not (null or 0) and var frequency)
            json.WriteNumber("frequencyPenalty"u8, frequency.Value);
        WriteStops(root, json);
        WriteModalities(root, json);
        if (format.IsJson)
            json.WriteString("responseMimeType"u8, "application/json"u8);
        if (format.HasSchema)
            json.WriteRaw("responseJsonSchema"u8, format.Schema);
        WriteThinking(root, json, model);
        json.WriteEndObject();
    }

    static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is not null)
            json.WriteNumber(name, value.Value);
    }

    static void WriteStops(JsonElement root, Utf8JsonWriter json)
    {
        var given = root.Member("stop"u8);
        if (given.Text() is not { Length: > 0 } && !given.HasItems())
            return;
        json.WriteStartArray("stopSequences"u8);
        if (given.IsText())
            json.WriteRaw(given);
        foreach (var stop in given.Items().Where(stop => stop.Text() is { Length: > 0 }))
            json.WriteRaw(stop);
        json.WriteEndArray();
    }

    static void WriteModalities(JsonElement root, Utf8JsonWriter json)
    {
        if (!root.Items("modalities"u8).Any(modality => modality.Text() == "image"))
            return;
        json.WriteStartArray("responseModalities"u8);
        foreach (var modality in root.Items("modalities"u8))
        {
            if (modality.Text() is "image" or "text")
                json.WriteStringValue(modality.Text() == "image" ? "IMAGE"u8 : "TEXT"u8);
        }

        json.WriteEndArray();
    }

    static void WriteThinking(JsonElement root, Utf8JsonWriter json, GeminiModel model)
    {
        if (root.Member("extra_body"u8).Member("google"u8).Member("thinking_config"u8) is { ValueKind: JsonValueKind.Object } given)
        {
            json.WriteRaw("thinkingConfig"u8, given);
            return;
        }

        var budget = root.Member("thinking"u8) is { ValueKind: JsonValueKind.Object } thinking
            ? (thinking.Text("type"u8) == "disabled" ? 0 : thinking.Whole("budget_tokens"u8) ?? -1)
            : (long?)null;
        var effort = root.Text("reasoning_effort"u8) ?? root.Member("reasoning"u8).Text("effort"u8);
        if ((effort is null && budget is null) || !(model.ThinksInLevels || model.ThinksInTokens))
            return;
        json.WriteStartObject("thinkingConfig"u8);
        if (effort != "none" && budget != 0)
            json.WriteBoolean("includeThoughts"u8, true);
        if (model.ThinksInTokens)
            json.WriteNumber("thinkingBudget"u8, budget is null ? BudgetOf(effort, model) : budget == 0 ? BudgetOf("none", model) : budget.Value);
        else if (LevelOf(effort ?? (budget == 0 ? "none" : budget switch { < 0 => null, <= 2048 => "low", <= 8192 => "medium", _ => "high" }), model) is { } level)
            json.WriteString("thinkingLevel"u8, level);
        json.WriteEndObject();
    }

    /// <summary>The steps of Google's own OpenAI compatibility. The large ones cannot stop thinking altogether.</summary>
    static int BudgetOf(string? effort, GeminiModel model) => effort switch
    {
        "none" => model.IsPro ? 128 : 0,
        "minimal" or "low" => 1024,
        "medium" => 8192,
        "high" or "xhigh" or "max" => 24_576,
        // As it sees fit.
        _ => -1,
    };

    static string? LevelOf(string? effort, GeminiModel model) => effort switch
    {
        "none" or "minimal" => model.IsPro ? "low" : "minimal",
        "low" => "low",
        // The first of its generation knew only two levels.
        "medium" => model is { IsPro: true, Generation: 30 } ? "high" : "medium",
        "high" or "xhigh" or "max" => "high",
        _ => null,
    };
}
