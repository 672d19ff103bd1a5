using System.Text.Json;
using System.Text.RegularExpressions;

namespace JeanTrail.Testing.Simulators;

/// <summary>What the Messages API refuses in a request, but for its messages.</summary>
internal static partial class AnthropicChecks
{
    static readonly HashSet<string> Members = new(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "stream", "system", "temperature", "top_p", "top_k", "stop_sequences", "metadata", "service_tier", "thinking", "tools",
        "tool_choice", "output_config", "cache_control", "container", "inference_geo",
    };

    internal static void Check(JsonElement body, IReadOnlyList<string> models, AnthropicThinkingProofs proofs)
    {
        if (body.Names().FirstOrDefault(name => !Members.Contains(name)) is { } unknown)
            throw Refuse($"{unknown}: Extra inputs are not permitted");
        var model = body.Str("model") ?? throw Refuse("model: Field required");
        if (!models.Contains(model, StringComparer.Ordinal))
            throw new VendorRefusal(404, null, $"model: {model}");
        if (body.Num("max_tokens") is not { } maxTokens)
            throw Refuse("max_tokens: Field required");
        if (maxTokens < 1 || maxTokens != Math.Floor(maxTokens))
            throw Refuse("max_tokens: Input should be greater than or equal to 1");
        var generation = Generation(model);
        CheckTools(body);
        CheckThinking(body, generation, maxTokens);
        CheckSampling(body, generation);
        CheckOutput(body.Get("output_config"), generation);
        CheckRest(body);
        AnthropicMessageChecks.Check(body, proofs);
    }

    internal static VendorRefusal Refuse(string message) => new(400, "invalid_request_error", message);

    internal static bool IsThinking(JsonElement body) => body.Get("thinking").Str("type") is "enabled" or "adaptive";

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex ToolName();

    static int Generation(string model) => model switch
    {
        "claude-3-5-haiku-20241022" => 35,
        "claude-sonnet-4-20250514" => 40,
        "claude-sonnet-4-5" => 45,
        "claude-sonnet-4-6" => 46,
        "claude-opus-4-7" => 47,
        _ => 50,
    };

    static void CheckTools(JsonElement body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in body.Get("tools").Items())
        {
            if (tool.Str("name") is not { } name || !ToolName().IsMatch(name))
                throw Refuse("tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
            if (!names.Add(name))
                throw Refuse("tools: Tool names must be unique.");
            if (!tool.Has("type") && !tool.Get("input_schema").IsObject())
                throw Refuse("tools.0.custom.input_schema: Field required");
            if (!tool.Has("type") && tool.Get("input_schema").Str("type") != "object")
                throw Refuse("tools.0.custom.input_schema.type: Input should be 'object'");
        }

        var choice = body.Get("tool_choice");
        if (!choice.IsObject())
            return;
        if (names.Count == 0)
            throw Refuse("tool_choice: tool_choice may only be specified while providing tools.");
        if (choice.Str("type") is not ("auto" or "any" or "tool" or "none"))
            throw Refuse("tool_choice: Input tag does not match any of the expected tags: 'any', 'auto', 'none', 'tool'");
        if (choice.Str("type") == "tool" && (choice.Str("name") is not { } forced || !names.Contains(forced)))
            throw Refuse("tool_choice.tool: Tool not found in provided tools");
        if (choice.Str("type") == "none" && choice.Has("disable_parallel_tool_use"))
            throw Refuse("tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted");
    }

    static void CheckThinking(JsonElement body, int generation, double maxTokens)
    {
        var thinking = body.Get("thinking");
        if (!thinking.IsObject())
            return;
        switch (thinking.Str("type"))
        {
            case "enabled" when generation >= 47:
                throw Refuse("\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
            case "enabled" when generation < 37:
                throw Refuse("thinking: This model does not support thinking.");
            case "enabled" when thinking.Num("budget_tokens") is not >= 1024:
                throw Refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
            case "enabled" when thinking.Num("budget_tokens") >= maxTokens:
                throw Refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
            case "adaptive" when generation < 46:
                throw Refuse("adaptive thinking is not supported on this model");
            case "disabled" when generation >= 50:
                throw Refuse("\"thinking.type.disabled\" is not supported for this model.");
            case not ("enabled" or "adaptive" or "disabled"):
                throw Refuse("thinking: Input tag does not match any of the expected tags");
        }

        if (IsThinking(body) && body.Get("tool_choice").Str("type") is "any" or "tool")
            throw Refuse("Thinking may not be enabled when tool_choice forces tool use.");
        if (IsThinking(body) && (body.Num("temperature") is not (null or 1) || body.Has("top_k") || body.Num("top_p") < 0.95))
            throw Refuse("`temperature` may only be set to 1 when thinking is enabled.");
    }

    static void CheckSampling(JsonElement body, int generation)
    {
        if (body.Num("temperature") is < 0 or > 1)
            throw Refuse("temperature: range: 0..1");
        if (body.Num("top_p") is < 0 or > 1)
            throw Refuse("top_p: range: 0..1");
        if (generation >= 47 && (body.Has("temperature") || body.Has("top_p") || body.Has("top_k")))
            throw Refuse("`temperature` is deprecated for this model.");
        if (generation >= 41 && body.Has("temperature") && body.Has("top_p"))
            throw Refuse("`temperature` and `top_p` cannot both be specified for this model. Please use only one.");
    }

    static void CheckOutput(JsonElement output, int generation)
    {
        if (output.Has("effort") && (generation < 46 || output.Str("effort") is not ("low" or "medium" or "high" or "xhigh" or "max")))
            throw Refuse("output_config.effort: This model does not support the effort parameter.");
        if (!output.Has("format"))
            return;
        if (generation < 45)
            throw Refuse("output_config.format: This model does not support structured outputs.");
        if (output.Get("format").Str("type") != "json_schema" || !output.Get("format").Get("schema").IsObject())
            throw Refuse("output_config.format.schema: Field required");
        if (output.Get("format").Get("schema").Get("additionalProperties").ValueKind != JsonValueKind.False)
            throw Refuse("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false");
    }

    static void CheckRest(JsonElement body)
    {
        if (body.Get("metadata").Names().Any(name => name != "user_id"))
            throw Refuse("metadata: Extra inputs are not permitted");
        if (body.Has("service_tier") && body.Str("service_tier") is not ("auto" or "standard_only"))
            throw Refuse("service_tier: Input should be 'auto' or 'standard_only'");
        if (body.Get("stop_sequences").Items().Any(stop => string.IsNullOrWhiteSpace(stop.GetString())))
            throw Refuse("stop_sequences: each stop sequence must contain non-whitespace");
        foreach (var block in body.Get("system").Items())
        {
            if (block.Str("type") != "text" || string.IsNullOrWhiteSpace(block.Str("text")))
                throw Refuse("system: text content blocks must be non-empty");
        }
    }
}
