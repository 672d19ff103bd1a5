using System.Text.RegularExpressions;

namespace JeanTrail.Chat.Templates;

/// <summary>A prompt with places to fill in, written <c>{{name}}</c>.</summary>
/// <param name="Id">A UUID, or the name of a starter.</param>
/// <param name="Origin"><c>built-in own shared</c>.</param>
/// <param name="Trade">One of <see cref="TemplateRules.Trades"/>.</param>
/// <param name="CanEdit">Whether the one who asks may change it.</param>
internal sealed record Template(
    string Id, string Origin, string Trade, string Name, string About, string Body, IReadOnlyList<SaveTemplate.Variable> Variables, bool Shared, bool CanEdit)
{
    internal static Template Example { get; } = new(
        "019cebb0-77b1-7d0e-9a43-6c52f18e0ab4", "own", "life", "An afternoon somewhere", "A short plan for one place", "Plan one afternoon in {{place}} for {{who}}.",
        [new("place", "Place", "text"), new("who", "For whom", "choice", ["a couple", "a family"], "a couple")], false, true);
}

internal static partial class TemplateRules
{
    public const int MaxVariables = 20;

    /// <summary>What one person may keep.</summary>
    public const int MaxOwn = 500;

    /// <summary>The fields of work that templates are sorted by.</summary>
    internal static readonly string[] Trades = ["programming", "ideas", "learning", "selling", "office", "language", "life"];

    /// <summary>Why the template cannot be, or null.</summary>
    public static string? Fault(string trade, string body, IReadOnlyList<SaveTemplate.Variable> variables, params ReadOnlySpan<string> texts)
    {
        if (!Trades.Contains(trade, StringComparer.Ordinal))
            return $"The trade is one of {string.Join(' ', Trades)}.";
        foreach (var text in texts)
        {
            if (string.IsNullOrWhiteSpace(text))
                return "Name and text must not be empty.";
        }

        if (variables.Select(variable => variable.Name).Distinct(StringComparer.Ordinal).Count() != variables.Count)
            return "Two places have the same name.";
        if (Places(body).Except(variables.Select(variable => variable.Name), StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            return $"The text has a place {{{{{unknown}}}}} that is not described.";
        if (variables.FirstOrDefault(variable => variable.Kind == "choice" ? !CanChoose(variable) : variable.Choices is { Count: > 0 }) is { } wrong)
            return $"{wrong.Name}: a choice has 2 to 20 choices of at most 200 characters, its standard is one of them, and nothing else has choices.";
        return null;
    }

    /// <summary>The names of the places in a text, each once.</summary>
    internal static IEnumerable<string> Places(string body) => Place().Matches(body).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);

    static bool CanChoose(SaveTemplate.Variable variable)
        => variable.Choices is { Count: >= 2 } choices && choices.All(choice => choice.Trim().Length is > 0 and <= 200)
            && (variable.Standard is null || choices.Contains(variable.Standard, StringComparer.Ordinal));

    [GeneratedRegex(@"\{\{(?<name>[a-z][a-z0-9_]{0,39})\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
