namespace JeanTrail.Contracts.Voice;

/// <summary>Tells the language of a text among those Jean speaks, from its script and its diacritics alone.</summary>
public static class LanguageGuess
{
    /// <summary>
    /// Returns <c>ar</c>, <c>ru</c>, <c>vi</c> or <c>en</c>; a Latin text without Vietnamese letters is <paramref name="fallback"/>
    /// when that is a language written in Latin letters, otherwise English. A text without letters is the fallback, or English.
    /// </summary>
    /// <param name="text">Any text; never trusted.</param>
    /// <param name="fallback">What the surroundings suggest, such as the language of the conversation; null when unknown.</param>
    public static string Of(ReadOnlySpan<char> text, string? fallback = null)
    {
        int arabic = 0, cyrillic = 0, latin = 0, vietnamese = 0;
        foreach (var c in text)
        {
            if (c is >= '\u0600' and <= '\u06FF' or >= '\u0750' and <= '\u077F' or >= '\uFB50' and <= '\uFDFF' or >= '\uFE70' and <= '\uFEFC')
                arabic += char.IsLetter(c) ? 1 : 0;
            else if (c is >= '\u0400' and <= '\u052F')
                cyrillic++;
            else if (char.IsAsciiLetter(c) || c is >= '\u00C0' and <= '\u024F')
                latin++;
            if (IsVietnamese(c))
                vietnamese++;
        }
        latin += vietnamese;

        // A foreign script in a sentence is mostly a name in a Latin sentence or a Latin name in a foreign one: weigh it triple.
        if (arabic * 3 > latin && arabic >= cyrillic)
            return "ar";
        if (cyrillic * 3 > latin)
            return "ru";
        if (vietnamese > 0)
            return "vi";
        if (latin == 0)
            return fallback ?? "en";
        return fallback is null or "ar" or "ru" ? "en" : fallback;
    }

    /// <summary>Letters that Vietnamese has and the other Latin languages near it have not (also in decomposed form).</summary>
    static bool IsVietnamese(char c)
        => c is 'ă' or 'Ă' or 'đ' or 'Đ' or 'ơ' or 'Ơ' or 'ư' or 'Ư' or (>= '\u1EA0' and <= '\u1EF9') or '\u031B' or '\u0323' or '\u0309';
}
