namespace JeanTrail.Agents.Recognition;

/// <summary>A language Jean recognises and answers in.</summary>
internal enum Tongue
{
    En,
    Ar,
    Vi,
    Ru,
}

internal static class Tongues
{
    public static IReadOnlyList<Tongue> All { get; } = [Tongue.En, Tongue.Ar, Tongue.Vi, Tongue.Ru];

    /// <summary>The BCP 47 primary subtag.</summary>
    public static string Code(this Tongue tongue) => tongue switch
    {
        Tongue.Ar => "ar",
        Tongue.Vi => "vi",
        Tongue.Ru => "ru",
        _ => "en",
    };

    /// <summary>Reads a language tag (<c>ru</c>, <c>ar-EG</c>); English when it is none of ours.</summary>
    public static Tongue From(string? tag) => tag is not { Length: >= 2 } ? Tongue.En : tag[..2].ToLowerInvariant() switch
    {
        "ar" => Tongue.Ar,
        "vi" => Tongue.Vi,
        "ru" => Tongue.Ru,
        _ => Tongue.En,
    };

    /// <summary>
    /// The languages a text may be in, likeliest first. The script decides; between English and Vietnamese, which share one, the
    /// Vietnamese marks and then the interface language do. Text without letters belongs to the interface language.
    /// </summary>
    public static IReadOnlyList<Tongue> Guess(Utterance text, Tongue interfaceTongue)
    {
        int arabic = 0, cyrillic = 0, latin = 0;
        var marked = false;
        foreach (var token in text.Tokens)
        {
            if (token.Kind != TokenKind.Word)
                continue;
            switch (token.Plain[0])
            {
                case >= '\u0600' and <= '\u06FF': arabic++; break;
                case >= '\u0400' and <= '\u04FF': cyrillic++; break;
                default: latin++; break;
            }

            marked |= token.Marked;
        }

        var found = new List<Tongue>(4);
        if (arabic >= cyrillic)
            Add(arabic, Tongue.Ar, cyrillic, Tongue.Ru);
        else
            Add(cyrillic, Tongue.Ru, arabic, Tongue.Ar);
        if (latin > 0)
        {
            var vietnameseFirst = marked || interfaceTongue == Tongue.Vi;
            Tongue[] pair = vietnameseFirst ? [Tongue.Vi, Tongue.En] : [Tongue.En, Tongue.Vi];
            found.InsertRange(latin > arabic + cyrillic ? 0 : found.Count, pair);
        }

        if (found.Count == 0)
            found.Add(interfaceTongue);
        return found;

        void Add(int first, Tongue firstTongue, int second, Tongue secondTongue)
        {
            if (first > 0)
                found.Add(firstTongue);
            if (second > 0)
                found.Add(secondTongue);
        }
    }
}
