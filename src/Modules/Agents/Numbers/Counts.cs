using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Numbers;

/// <summary>"1 day", "2 дня", "خمسة أيام": a count with its noun in the right form. Source of the rules: Unicode CLDR, language plural rules.</summary>
internal static class Counts
{
    static readonly Dictionary<string, string[]> Forms = DataFile.Pairs("Numbers/counts.table").ToDictionary(pair => pair.Key, pair => pair.Values, StringComparer.Ordinal);

    public static string Write(NumberText numbers, string thing, long count)
    {
        var forms = Forms[$"{numbers.Tongue.Code()} {thing}"];
        var index = Form(numbers.Tongue, count);
        // Arabic says one and two in the noun itself.
        return numbers.Tongue == Tongue.Ar && index < 2 ? forms[index] : $"{numbers.Write((Rational)count)} {forms[index]}";
    }

    static int Form(Tongue tongue, long count) => tongue switch
    {
        Tongue.En => count == 1 ? 0 : 1,
        Tongue.Ru => (count % 10, count % 100) switch
        {
            (1, not 11) => 0,
            ( >= 2 and <= 4, not (12 or 13 or 14)) => 1,
            _ => 2,
        },
        Tongue.Ar => (count, count % 100) switch
        {
            (1, _) => 0,
            (2, _) => 1,
            (_, >= 3 and <= 10) => 2,
            (_, >= 11) => 3,
            _ => 4,
        },
        _ => 0,
    };
}
