using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Text;

/// <param name="Start">Offset in the text.</param>
/// <param name="Words">Stems of the words that carry meaning.</param>
internal sealed record Sentence(int Start, int End, IReadOnlyList<string> Words)
{
    public int Length => End - Start;
}

/// <summary>Cuts text into sentences by its punctuation and line breaks, in all four languages.</summary>
internal static class Sentences
{
    const int Limit = 3000;
    static readonly HashSet<string> Common = [.. DataFile.Pairs("Text/stopwords.table").SelectMany(pair => pair.Values).SelectMany(word => Lexer.Read(word).Tokens).Select(token => token.Plain)];

    public static IReadOnlyList<Sentence> Read(string text)
    {
        var sentences = new List<Sentence>();
        var start = 0;
        for (var at = 0; at < text.Length && sentences.Count < Limit; at++)
        {
            if (!EndsAt(text, at))
                continue;
            var end = at + 1;
            while (end < text.Length && ".!?؟…\"”»')]".Contains(text[end], StringComparison.Ordinal))
                end++;
            Add(text, start, end, sentences);
            start = end;
            at = end - 1;
        }

        if (sentences.Count < Limit)
            Add(text, start, text.Length, sentences);
        return sentences;
    }

    /// <summary>The stems of the words in a text that are not among the commonest of their language.</summary>
    public static List<string> ContentWords(string text)
    {
        var words = new List<string>();
        foreach (var token in Lexer.Read(text).Tokens)
        {
            if (token.Kind == TokenKind.Symbol || Common.Contains(token.Plain) || (token.Kind == TokenKind.Word && token.Plain.Length < 2))
                continue;
            words.Add(Stems.Of(token.Plain).ToString());
        }

        return words;
    }

    static bool EndsAt(string text, int at)
    {
        switch (text[at])
        {
            case '\n':
                return true;
            case '!' or '?' or '؟' or '…':
                return at + 1 == text.Length || !char.IsLetterOrDigit(text[at + 1]);
            case '.':
                if (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]) && !"\"”»')".Contains(text[at + 1], StringComparison.Ordinal))
                    return false;
                return !IsAbbreviation(text, at);
            default:
                return false;
        }
    }

    /// <summary>"Dr. Smith", "т. е.", "J. S. Bach": a single letter or a known title before the point.</summary>
    static bool IsAbbreviation(string text, int at)
    {
        var start = at;
        while (start > 0 && char.IsLetter(text[start - 1]) && at - start < 6)
            start--;
        var word = text.AsSpan(start, at - start);
        if (word.Length == 1 && at + 1 < text.Length)
            return char.IsUpper(word[0]) || word[0] is 'т' or 'е' or 'г' or 'д' or 'п' or 'с';
        return word is "Dr" or "Mr" or "Mrs" or "Ms" or "St" or "Prof" or "vs" or "etc" or "им" or "ул" or "стр" or "рис" or "TP" or "ThS" or "TS" or "PGS" && at + 1 < text.Length;
    }

    static void Add(string text, int start, int end, List<Sentence> sentences)
    {
        while (start < end && (char.IsWhiteSpace(text[start]) || text[start] is '-' or '*' or '•' or '#' or '>'))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        if (end - start >= 2)
            sentences.Add(new Sentence(start, end, ContentWords(text[start..end])));
    }
}
