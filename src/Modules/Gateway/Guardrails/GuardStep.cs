using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>A rule of a route's guardrails, ready to work. Shared by all calls of the route.</summary>
/// <param name="number">Its place among the route's rules, from 1.</param>
/// <param name="patterns">Empty for a limit on size.</param>
internal sealed class GuardStep(int number, GuardrailRule rule, IReadOnlyList<TextPattern> patterns)
{
    const string Masked = "[masked]";

    internal GuardrailRule Rule => rule;

    internal IReadOnlyList<TextPattern> Patterns => patterns;

    /// <summary>As traces call it.</summary>
    internal string Name => $"rule {number} ({rule.Kind})";

    internal bool Refuses => rule.Kind != "mask";

    /// <summary>What the caller is told; never the text it is about.</summary>
    internal string Message => rule.Message ?? (rule.Kind == "max-size"
        ? $"The text is longer than this model accepts ({rule.Limit} characters, rule {number})."
        : $"The text was refused by rule {number} of this model's guardrails.");

    internal Error Refusal => GatewayErrors.Blocked(Message, number, rule.Kind);

    /// <exception cref="ArgumentException">A pattern cannot be read, or something is missing.</exception>
    /// <exception cref="NotSupportedException">A pattern cannot be searched for in linear time, or all words together are too many.</exception>
    internal static GuardStep Of(int number, GuardrailRule rule)
    {
        if (rule is { Kind: "max-size", Limit: null })
            throw new ArgumentException("This step needs a limit.", nameof(rule));
        IReadOnlyList<TextPattern> patterns = rule.Kind switch
        {
            "max-size" => [],
            "mask" => [.. PersonalData.Patterns(rule.Data), .. Custom(rule)],
            _ => [.. Custom(rule)],
        };
        return patterns.Count == 0 && rule.Kind == "block" ? throw new ArgumentException("This step needs words or patterns to look for.", nameof(rule)) : new(number, rule, patterns);
    }

    /// <summary>Whether a rule that says all it must, in patterns that can be used, can be used as well.</summary>
    internal static bool Works(GuardrailRule rule)
    {
        try
        {
            Of(1, rule);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    static IEnumerable<TextPattern> Custom(GuardrailRule rule)
    {
        // Not all in one: the size of an expression is limited.
        foreach (var words in (rule.Words ?? []).Where(word => !string.IsNullOrWhiteSpace(word)).Select(WordPattern).Chunk(100))
            yield return new TextPattern(string.Join('|', words), Masked, ignoreCase: true);
        foreach (var pattern in rule.Patterns ?? [])
            yield return new TextPattern(pattern, Masked);
    }

    /// <summary>
    /// A word or phrase as people write it: any blanks between its words, vowel signs and kashida in Arabic ones or none, and ё like е.
    /// </summary>
    static string WordPattern(string word)
    {
        const string ArabicMarks = @"[\u0640\u064B-\u065F\u0670]*";
        var pattern = new StringBuilder();
        foreach (var part in word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            pattern.Append(pattern.Length == 0 ? "" : @"\s+");
            foreach (var rune in part.EnumerateRunes())
            {
                if (rune.Value is 'е' or 'ё' or 'Е' or 'Ё')
                    pattern.Append("[её]");
                else if (rune.Value is 0x0640 or (>= 0x064B and <= 0x065F) or 0x0670)
                    continue;
                else if (rune.Value is >= 0x0620 and <= 0x064A)
                    pattern.Append((char)rune.Value).Append(ArabicMarks);
                else
                    pattern.Append(Regex.Escape(rune.ToString()));
            }
        }

        var text = word.Trim();
        return $"{(IsWordCharacter(text[0]) ? @"\b" : "")}{pattern}{(IsWordCharacter(text[^1]) ? @"\b" : "")}";
    }

    /// <summary>As <c>\b</c> sees it.</summary>
    static bool IsWordCharacter(char letter) => char.IsLetterOrDigit(letter) || letter == '_' || char.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark;
}
