namespace JeanTrail.Agents.Recognition;

/// <summary>
/// A rough stem, enough to see that two words are forms of one: молоко and молока, opened and open, والحليب and حليب. Arabic is stripped
/// as by the light10 stemmer. Source: Larkey, Ballesteros and Connell, Light Stemming for Arabic Information Retrieval (2007).
/// </summary>
internal static class Stems
{
    static readonly string[] ArabicPrefixes = ["وال", "بال", "كال", "فال", "ال", "لل", "و"];
    static readonly string[] ArabicSuffixes = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي", "ا"];

    // The longest first.
    static readonly string[] RussianSuffixes =
    [
        "иями", "лась", "лись", "ями", "ами", "иях", "ого", "его", "ому", "ему", "ыми", "ими", "лся", "ях", "ах", "ым", "им", "ов", "ев",
        "ой", "ый", "ий", "ая", "яя", "ое", "ые", "ие", "ую", "юю", "ам", "ям", "ом", "ем", "ия", "ии", "ию", "ли", "ло", "ла", "ть", "ет",
        "ут", "ют", "ит", "ат", "ят", "у", "ю", "а", "я", "о", "е", "ы", "и", "ь", "л", "й",
    ];

    static readonly string[] LatinSuffixes = ["ings", "ing", "ed", "es", "ly", "s", "e"];

    public static ReadOnlySpan<char> Of(string word)
    {
        var stem = word.AsSpan();
        if (stem.Length == 0)
            return stem;
        return stem[0] switch
        {
            >= '\u0600' and <= '\u06FF' => WithoutSuffix(WithoutPrefix(stem), ArabicSuffixes, 2),
            >= '\u0400' and <= '\u04FF' => WithoutSuffix(stem, RussianSuffixes, 3),
            _ => WithoutSuffix(stem, LatinSuffixes, 3),
        };
    }

    static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> word)
    {
        foreach (var prefix in ArabicPrefixes)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal) && word.Length - prefix.Length >= (prefix.Length == 1 ? 3 : 2))
                return word[prefix.Length..];
        }

        return word;
    }

    static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> word, string[] suffixes, int least)
    {
        foreach (var suffix in suffixes)
        {
            if (word.EndsWith(suffix, StringComparison.Ordinal) && word.Length - suffix.Length >= least)
                return word[..^suffix.Length];
        }

        return word;
    }
}
