using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>
/// How much the model may think, and how much it may write in all. A budget is at least 1,024 and less than <c>max_tokens</c>, of which it is
/// a part; a forced tool excludes thinking; and a tool's result must come with the thinking that led to its call.
/// Source: Anthropic, Extended thinking; Adaptive thinking; Effort.
/// </summary>
/// <param name="Budget">Tokens; null where thinking is off or the model's own affair.</param>
internal sealed record AnthropicThinking(bool IsOn, int MaxTokens, int? Budget = null, string? Effort = null, JsonElement Given = default)
{
    /// <summary>
    /// The API demands a limit and OpenAI's has none: enough for long answers, and no more than the smallest models take.
    /// </summary>
    const int DefaultMaxTokens = 4096;

    /// <summary>Where thinking counts against the limit and nobody knows how much there will be.</summary>
    const int DefaultMaxTokensThinking = 16_384;

    const int LeastBudget = 1024;

    internal static AnthropicThinking Plan(JsonElement root, ClaudeModel model, long? maxTokens, bool toolForced, bool thinkingLost)
    {
        var limit = maxTokens is { } wanted ? (int)Math.Clamp(wanted, 1, int.MaxValue) : (int?)null;
        if (!toolForced && root.Member("thinking"u8) is { ValueKind: JsonValueKind.Object } given)
            return AsGiven(given, model, limit);
        var effort = root.Text("reasoning_effort"u8) ?? root.Member("reasoning"u8).Text("effort"u8);
        if (effort is not ("minimal" or "low" or "medium" or "high" or "xhigh" or "max"))
        {
            // The newest think all the same; the least they can be asked for is little effort.
            var least = effort == "none" && model.ThinksByDefault ? "low" : null;
            return new AnthropicThinking(false, limit ?? (model.ThinksByDefault ? DefaultMaxTokensThinking : DefaultMaxTokens), Effort: least);
        }

        if (model.ThinksAdaptively)
            return Adaptively(EffortOf(effort, model), limit, toolForced);
        var budget = BudgetOf(effort);
        if (limit is not null)
            budget = Math.Min(budget, limit.Value / 2);
        return !model.Thinks || toolForced || thinkingLost || budget < LeastBudget
            ? new AnthropicThinking(false, limit ?? DefaultMaxTokens)
            : new AnthropicThinking(true, limit ?? budget + DefaultMaxTokens, budget);
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        if (Given.IsObject())
        {
            json.WriteRaw("thinking"u8, Given);
            return;
        }

        if (!IsOn)
            return;
        json.WriteStartObject("thinking"u8);
        if (Budget is { } budget)
        {
            json.WriteString("type"u8, "enabled"u8);
            json.WriteNumber("budget_tokens"u8, budget);
        }
        else
        {
            // The newest keep their thoughts to themselves unless asked.
            json.WriteString("type"u8, "adaptive"u8);
            json.WriteString("display"u8, "summarized"u8);
        }

        json.WriteEndObject();
    }

    /// <summary>The caller knows this API and says itself what it wants; only what cannot pass is set right.</summary>
    static AnthropicThinking AsGiven(JsonElement given, ClaudeModel model, int? limit)
    {
        if (given.Text("type"u8) != "enabled")
            return new AnthropicThinking(given.Text("type"u8) != "disabled", limit ?? DefaultMaxTokensThinking, Given: given);
        var budget = (int)Math.Clamp(given.Whole("budget_tokens"u8) ?? LeastBudget, LeastBudget, int.MaxValue - DefaultMaxTokens);
        if (model.RefusesTuning)
            return Adaptively(budget switch { <= 2048 => "low", <= 8192 => "medium", _ => "high" }, limit, toolForced: false);
        if (limit is null)
            return new AnthropicThinking(true, budget + DefaultMaxTokens, budget);
        return limit > LeastBudget
            ? new AnthropicThinking(true, limit.Value, Math.Min(budget, limit.Value - 1))
            : new AnthropicThinking(false, limit.Value);
    }

    static AnthropicThinking Adaptively(string effort, int? limit, bool toolForced)
        => new(!toolForced, limit ?? DefaultMaxTokensThinking, Effort: effort);

    static string EffortOf(string effort, ClaudeModel model) => effort switch
    {
        "minimal" => "low",
        "xhigh" or "max" when !model.RefusesTuning => "high",
        _ => effort,
    };

    /// <summary>The steps Google's OpenAI compatibility takes, so that an effort costs about the same everywhere.</summary>
    static int BudgetOf(string effort) => effort switch
    {
        "minimal" or "low" => 1024,
        "medium" => 8192,
        _ => 24_576,
    };
}
