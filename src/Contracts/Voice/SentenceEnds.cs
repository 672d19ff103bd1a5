using System.Collections.Frozen;

namespace JeanTrail.Contracts.Voice;

/// <summary>Where sentences end in the interface languages.</summary>
static class SentenceEnds
{
    internal const string Terminators = ".!?…؟۔。！？";
    internal const string Closers = "\"'”’»)]}*_~";
    internal const string Commas = ",;:،؛—–、";

    /// <summary>Abbreviations that a name or a number follows, so that a capital after them begins no sentence.</summary>
    static readonly FrozenSet<string> Open = new[]
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "mt", "gen", "sen", "rep", "lt", "col", "capt", "sgt", "rev", "hon", "vs", "e.g", "i.e", "cf",
        "no", "nos", "fig", "figs", "vol", "pp", "ed", "eds", "approx", "ca", "viz", "al", "dept", "est",
        "ул", "просп", "пл", "им", "стр", "рис", "гл", "см", "ср", "напр", "проф", "акад", "тов", "гр", "обл", "т.е", "т.к", "т.н", "св", "тел",
        "tp", "ths", "ts", "pgs", "gs", "bs", "ks", "tx", "tr", "đ/c", "q", "p", "د", "أ", "م", "ص",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that take ASCII space after them; the rest end a sentence wherever they stand.</summary>
    internal static bool EndsAnywhere(char c) => c is '؟' or '۔' or '。' or '！' or '？';

    /// <summary>Whether a full stop at <paramref name="dot"/> belongs to the word before it.</summary>
    /// <param name="text">The sentence so far and what follows.</param>
    /// <param name="start">Where the sentence begins.</param>
    /// <param name="next">The first character after the spaces that follow the full stop; a line feed at the end.</param>
    internal static bool IsAbbreviation(ReadOnlySpan<char> text, int start, int dot, char next)
    {
        var from = dot;
        while (from > start && (char.IsLetterOrDigit(text[from - 1]) || text[from - 1] is '.' or '/'))
            from--;
        var word = text[from..dot];
        if (word.IsEmpty)
            return false;
        if (!word.ContainsAnyExcept(MarkdownLines.Digits))
            return text[start..from].Trim("*_ ").IsEmpty;
        if (word.Length == 1)
            return IsLetterAbbreviation(text[start..from], word[0], next);
        return next != '\n' && Open.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }

    static bool IsLetterAbbreviation(ReadOnlySpan<char> before, char letter, char next)
    {
        if (next == '\n')
            return false;
        if (char.IsUpper(letter))
            return letter is not ('I' or 'Я' or 'А' or 'И') || (next is >= '\u0400' and <= '\u052F' && letter is 'А' or 'И');
        var afterNumber = before.Length > 1 && char.IsDigit(before[^2]);
        return letter switch
        {
            'т' => true,
            'г' or 'с' or 'д' or 'п' => char.IsDigit(next) || (letter == 'г' && !afterNumber),
            'د' or 'أ' or 'م' or 'ص' => !afterNumber,
            _ => false,
        };
    }
}
