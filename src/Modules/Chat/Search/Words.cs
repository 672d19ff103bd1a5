using System.Globalization;
using System.Text;

namespace JeanTrail.Chat.Search;

/// <summary>Which alphabet a word is in; it tells which language's endings may be taken off.</summary>
internal enum Script
{
    /// <summary>Letters of ASCII alone: English, code, and much of Vietnamese.</summary>
    Ascii,
    Cyrillic,
    Arabic,
    Other,
}

/// <summary>A word of a text.</summary>
/// <param name="Start">UTF-16 offset in the text.</param>
/// <param name="Exact">In lower case, with its accents; Arabic without vowel marks and with one form of each letter.</param>
internal readonly record struct Word(int Start, int Length, string Exact, Script Script);

/// <summary>
/// Cuts texts into words, alike for the index and for what is looked for. PostgreSQL's own parser takes file and package names for host
/// names and knows nothing of names written together, so code could not be found with it.
/// </summary>
internal static class Words
{
    /// <summary>Longer ones, such as keys and hashes, are found by their beginning.</summary>
    const int LongestWord = 64;

    internal static IEnumerable<Word> In(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (!IsPart(text, at))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && IsPart(text, at))
                at++;
            var raw = text.AsSpan(start, Math.Min(at - start, LongestWord));
            if (char.IsHighSurrogate(raw[^1]))
                raw = raw[..^1];
            var exact = Normalise(raw, out var script);
            if (exact.Length > 0)
                yield return new Word(start, at - start, exact, script);
        }
    }

    /// <summary>
    /// Without accents, so that "ha noi" finds "Hà Nội"; only for words in Latin letters, where they are left out when typing. Arabic words
    /// lose the dots of the ending that stemmers know a word by.
    /// </summary>
    internal static string Fold(in Word word)
    {
        if (word.Script == Script.Arabic)
            return word.Exact.Replace('ة', 'ه');
        if (word.Script != Script.Other || !IsLatin(word.Exact))
            return word.Exact;
        var folded = new StringBuilder(word.Exact.Length);
        foreach (var letter in word.Exact.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
                folded.Append(letter == 'đ' ? 'd' : letter);
        }

        return folded.ToString();
    }

    /// <summary>The words that are written together in a name: <c>getElementById</c>, <c>message_index</c>. None for a plain word.</summary>
    internal static IEnumerable<string> Parts(string text, Word word)
    {
        if (word.Script != Script.Ascii)
            yield break;
        var end = word.Start + Math.Min(word.Length, LongestWord);
        var start = word.Start;
        for (var at = word.Start + 1; at <= end; at++)
        {
            var ends = at == end || text[at] == '_' || (char.IsUpper(text[at]) && !char.IsUpper(text[at - 1]));
            if (!ends)
                continue;
            var part = text.AsSpan(start, at - start).Trim('_');
            if (part.Length > 1 && part.Length < word.Length)
                yield return part.ToString().ToLowerInvariant();
            start = at;
        }
    }

    static bool IsPart(string text, int at) => char.IsLetterOrDigit(text, at) || text[at] == '_'
        || (char.IsLowSurrogate(text[at]) && at > 0 && char.IsLetterOrDigit(text, at - 1))
        || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    static bool IsLatin(string word) => word.Any(letter => letter is (>= 'À' and < 'ʰ') or (>= 'Ḁ' and <= 'ỿ'));

    static string Normalise(ReadOnlySpan<char> raw, out Script script)
    {
        if (!raw.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            script = Script.Ascii;
            return raw.Trim('_').ToString().ToLowerInvariant();
        }

        var composed = raw.ToString().Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var plain = new StringBuilder(composed.Length);
        script = Script.Other;
        foreach (var letter in composed)
        {
            switch (letter)
            {
                case '\u0640' or (>= '\u064B' and <= '\u065F') or '\u0670':
                    continue;
                case 'أ' or 'إ' or 'آ' or 'ٱ':
                    plain.Append('ا');
                    break;
                case 'ى':
                    plain.Append('ي');
                    break;
                case 'ё':
                    plain.Append('е');
                    break;
                case (>= '٠' and <= '٩') or (>= '۰' and <= '۹'):
                    plain.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)));
                    break;
                default:
                    plain.Append(letter);
                    break;
            }

            script = letter switch
            {
                >= 'Ѐ' and <= 'ӿ' => Script.Cyrillic,
                >= '\u0600' and <= 'ۿ' => Script.Arabic,
                _ => script,
            };
        }

        return plain.ToString().Trim('_');
    }
}
