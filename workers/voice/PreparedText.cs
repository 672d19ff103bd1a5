using System.Text;
using System.Text.RegularExpressions;

namespace JeanTrail.VoiceWorker;

/// <summary>A text rewritten so that espeak-ng reads it well. Every character knows which part of the original it stands for.</summary>
sealed partial class PreparedText
{
    const int TimeoutMs = 500;

    readonly (int Start, int End)[] sources;

    PreparedText(string text, (int Start, int End)[] sources)
    {
        Text = text;
        this.sources = sources;
    }

    /// <summary>Valid UTF-16, without control characters.</summary>
    internal string Text { get; }

    /// <summary>Prepares a text in a language (primary subtag).</summary>
    internal static PreparedText For(string text, string language)
    {
        var prepared = Clean(text)
            .Replace(Dates(), match => match.Value.Replace('-', ' '))
            .Replace(language is "vi" ? DottedGroups() : language is "ru" ? SpacedGroups() : CommaGroups(), match => string.Concat(match.Value.Where(char.IsDigit)));
        prepared = language switch
        {
            "ar" => prepared.Replace(Percent(), _ => " فِي المِئَة").Replace(Ampersand(), _ => " و ").Replace(ArabicWords(), match => ArabicVowels.Complete(match.Value, Espeak.Phonemes)),
            "vi" => prepared.Replace(DecimalComma(), _ => " phẩy ").Replace(Percent(), _ => " phần trăm").Replace(Ampersand(), _ => " và "),
            "ru" => prepared.Replace(Millions(), match => RussianMillions(match.Value)).Replace(Ampersand(), _ => " и ").Replace(Euros(), match => $"{match.Groups["amount"].Value} евро"),
            "en" => prepared.Replace(Sharp(), _ => " sharp"),
            _ => prepared,
        };
        return prepared;
    }

    /// <summary>The part of the original behind <paramref name="from"/> to <paramref name="to"/> (exclusive) of the prepared text.</summary>
    internal (int Start, int Length) Source(int from, int to)
    {
        if (from >= to || from >= sources.Length)
            return (0, 0);
        var start = sources[from].Start;
        return (start, sources[Math.Min(to, sources.Length) - 1].End - start);
    }

    /// <summary>espeak-ng's Russian has no word for a million.</summary>
    static string RussianMillions(string digits)
    {
        var millions = int.Parse(digits.AsSpan(0, digits.Length - 6), System.Globalization.CultureInfo.InvariantCulture);
        var rest = digits[^6..].TrimStart('0');
        var word = (millions % 10, millions % 100) switch
        {
            (_, >= 11 and <= 14) => "миллионов",
            (1, _) => "миллион",
            ( >= 2 and <= 4, _) => "миллиона",
            _ => "миллионов",
        };
        return $"{millions} {word} {rest}".TrimEnd();
    }

    /// <summary>Takes out what is neither sound nor space: control characters, lone surrogates, joiners, Arabic tatweel. Digits become European.</summary>
    static PreparedText Clean(string text)
    {
        var output = new StringBuilder(text.Length);
        var origins = new List<(int, int)>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var done = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) == System.Buffers.OperationStatus.Done;
            var c = text[i];
            if (done && char.IsWhiteSpace(c))
                AddSpace(c);
            else if (done && c is >= '٠' and <= '٩')
                Add((char)(c - '٠' + '0'));
            else if (done && c is >= '۰' and <= '۹')
                Add((char)(c - '۰' + '0'));
            else if (done && c != 'ـ' && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.Format)
                for (var part = 0; part < length; part++)
                    Add(text[i + part]);
            i += length;

            void AddSpace(char space)
            {
                // espeak-ng takes two line feeds, not one, for the end of a paragraph.
                Add(space == '\n' ? '\n' : ' ');
                if (space == '\n')
                    Add('\n');
            }

            void Add(char character)
            {
                output.Append(character);
                origins.Add((i, i + length));
            }
        }
        return new PreparedText(output.ToString(), [.. origins]);
    }

    PreparedText Replace(Regex pattern, Func<Match, string> with)
    {
        if (!pattern.IsMatch(Text))
            return this;
        var output = new StringBuilder(Text.Length);
        var mapped = new List<(int, int)>(Text.Length);
        var at = 0;
        foreach (Match match in pattern.Matches(Text))
        {
            var replacement = with(match);
            if (match.Length == 0 || replacement == match.Value)
                continue;
            Copy(at, match.Index);
            var whole = (sources[match.Index].Start, sources[match.Index + match.Length - 1].End);
            output.Append(replacement);
            mapped.AddRange(Enumerable.Repeat(whole, replacement.Length));
            at = match.Index + match.Length;
        }
        Copy(at, Text.Length);
        return new PreparedText(output.ToString(), [.. mapped]);

        void Copy(int from, int to)
        {
            output.Append(Text, from, to - from);
            mapped.AddRange(sources.AsSpan(from, to - from));
        }
    }

    [GeneratedRegex(@"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)", RegexOptions.None, TimeoutMs)]
    private static partial Regex Dates();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{3})+(?![\d.])", RegexOptions.None, TimeoutMs)]
    private static partial Regex DottedGroups();

    [GeneratedRegex(@"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)", RegexOptions.None, TimeoutMs)]
    private static partial Regex SpacedGroups();

    [GeneratedRegex(@"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])", RegexOptions.None, TimeoutMs)]
    private static partial Regex CommaGroups();

    [GeneratedRegex(@"(?<![\d,.])[1-9]\d{6,8}(?![\d,.])", RegexOptions.None, TimeoutMs)]
    private static partial Regex Millions();

    [GeneratedRegex(@"(?<=\d),(?=\d)", RegexOptions.None, TimeoutMs)]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"(?<=\d) ?[%٪]", RegexOptions.None, TimeoutMs)]
    private static partial Regex Percent();

    [GeneratedRegex(@" ?& ?", RegexOptions.None, TimeoutMs)]
    private static partial Regex Ampersand();

    [GeneratedRegex(@"€ ?(?<amount>\d+)", RegexOptions.None, TimeoutMs)]
    private static partial Regex Euros();

    [GeneratedRegex(@"(?<=\b[ACF])#", RegexOptions.None, TimeoutMs)]
    private static partial Regex Sharp();

    [GeneratedRegex(@"[\u0621-\u063A\u0641-\u0655\u0670\u0671]+", RegexOptions.None, TimeoutMs)]
    private static partial Regex ArabicWords();
}
