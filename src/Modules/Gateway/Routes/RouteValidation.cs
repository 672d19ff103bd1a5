using JeanTrail.Gateway.Guardrails;

namespace JeanTrail.Gateway.Routes;

/// <summary>What a route's rule may be, beyond the limits of its single values.</summary>
internal static class RouteValidation
{
    internal const int MaxName = 100;

    /// <summary>Letters, digits and what stands between them in the names of models.</summary>
    internal const string NamePattern = "[A-Za-z0-9][A-Za-z0-9._:/-]*";

    /// <summary>Of people: their roles.</summary>
    internal static readonly string[] Plans = ["owner", "admin", "premium", "free"];

    const int MaxPattern = 1000;

    static readonly string[] Modalities = ["image", "audio", "file"];
    static readonly string[] Languages = ["ar", "ru", "other"];

    /// <summary>A sentence for each field that is wrong, by its path in the request.</summary>
    internal static Dictionary<string, string> Errors(RouteDefinition rule)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < rule.Targets.Count; i++)
            CheckTarget(rule.Targets, i, $"definition.targets[{i}]", errors);
        if (rule.Targets.All(target => target is null or { Weight: 0 }))
            errors.TryAdd("definition.targets", "At least one target needs a weight.");
        if (rule.Cache is { Similarity: not null, EmbeddingModel: null })
            errors.TryAdd("definition.cache.embeddingModel", "Likeness is measured by a model for embeddings; name one.");
        for (var i = 0; i < rule.Guardrails?.Count; i++)
            CheckGuardrail(rule.Guardrails[i], $"definition.guardrails[{i}]", errors);
        return errors;
    }

    /// <summary>All models that a rule names, and where.</summary>
    internal static IEnumerable<(string Field, string Model)> Models(RouteDefinition rule)
    {
        for (var i = 0; i < rule.Targets.Count; i++)
        {
            if (rule.Targets[i] is { } target)
                yield return ($"definition.targets[{i}].model", target.Model);
        }

        if (rule.Cache?.EmbeddingModel is { } model)
            yield return ("definition.cache.embeddingModel", model);
    }

    static void CheckTarget(IReadOnlyList<RouteTargetRule> targets, int index, string at, Dictionary<string, string> errors)
    {
        if (targets[index] is not { } target)
        {
            errors.TryAdd(at, "This is empty.");
            return;
        }

        if (targets.Take(index).Any(other => other?.Model == target.Model))
            errors.TryAdd($"{at}.model", "This model is in the list already.");
        if (target.When is not { } when)
            return;
        if (when.MinInputTokens > when.MaxInputTokens)
            errors.TryAdd($"{at}.when.maxInputTokens", "This is less than the least.");
        CheckSet(when.Modalities, Modalities, $"{at}.when.modalities", errors);
        CheckSet(when.Languages, Languages, $"{at}.when.languages", errors);
        CheckSet(when.Plans, Plans, $"{at}.when.plans", errors);
        if (when.Hours is { } hours)
        {
            if (hours.From == hours.Until)
                errors.TryAdd($"{at}.when.hours.until", "This is the beginning; leave the hours out for the whole day.");
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(hours.TimeZone, out _))
                errors.TryAdd($"{at}.when.hours.timeZone", "This is not the name of a time zone.");
        }
    }

    static void CheckGuardrail(GuardrailRule? step, string at, Dictionary<string, string> errors)
    {
        if (step is null)
        {
            errors.TryAdd(at, "This is empty.");
            return;
        }

        if (step is { Kind: "max-size", Limit: null })
            errors.TryAdd($"{at}.limit", "This step needs a limit.");
        if (step is { Kind: "block", Patterns: null or { Count: 0 }, Words: null or { Count: 0 } })
            errors.TryAdd($"{at}.words", "This step needs words or patterns to look for.");
        CheckSet(step.Data, PersonalData.Kinds, $"{at}.data", errors);
        for (var i = 0; i < step.Patterns?.Count; i++)
        {
            if (step.Patterns[i] is not { Length: > 0 and <= MaxPattern } pattern)
                errors.TryAdd($"{at}.patterns[{i}]", $"This is empty or longer than {MaxPattern} characters.");
            else if (TextPattern.Objection(pattern) is { } objection)
                errors.TryAdd($"{at}.patterns[{i}]", objection);
        }

        for (var i = 0; i < step.Words?.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(step.Words[i]) || step.Words[i].Length > MaxPattern)
                errors.TryAdd($"{at}.words[{i}]", "This is empty or too long.");
        }

        if (!errors.Keys.Any(field => field.StartsWith(at, StringComparison.Ordinal)) && !GuardStep.Works(step))
            errors.TryAdd($"{at}.words", "These words are too many for one step.");
    }

    static void CheckSet(IReadOnlyList<string>? values, string[] known, string at, Dictionary<string, string> errors)
    {
        if (values?.Any(value => !known.Contains(value, StringComparer.Ordinal)) == true)
            errors.TryAdd(at, $"Known are {string.Join(", ", known)}.");
    }
}
