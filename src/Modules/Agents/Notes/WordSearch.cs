using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Notes;

/// <summary>Finds texts that hold all the words asked for, whatever their case, marks and endings.</summary>
internal static class WordSearch
{
    /// <summary>Those that match, the best first and otherwise in their order.</summary>
    public static IReadOnlyList<T> Find<T>(IEnumerable<T> items, Func<T, string> text, Utterance query, Extent part)
    {
        var wanted = Enumerable.Range(part.From, part.Count).Select(index => query.Tokens[index]).Where(token => token.Kind != TokenKind.Symbol).ToArray();
        if (wanted.Length == 0)
            return [];
        return [.. items.Select(item => (Item: item, Score: Score(Lexer.Read(text(item)), wanted))).Where(pair => pair.Score > 0).OrderByDescending(pair => pair.Score).Select(pair => pair.Item)];
    }

    static double Score(Utterance text, Token[] wanted)
    {
        double score = 0;
        foreach (var word in wanted)
        {
            var best = 0.0;
            foreach (var token in text.Tokens)
                best = Math.Max(best, Likeness(token, word));
            if (best == 0)
                return 0;
            score += best;
        }

        return score;
    }

    static double Likeness(Token token, Token word)
    {
        if (token.Plain == word.Plain)
            return word.Marked && token.Marked && token.Exact != word.Exact ? 0 : 1;
        if (word.Kind == TokenKind.Number)
            return 0;
        // Endings differ (молоко, молока); Arabic words carry their article and conjunction in front.
        var a = Stems.Of(token.Plain);
        var b = Stems.Of(word.Plain);
        return a.Length >= 3 && b.Length >= 3 && (a.StartsWith(b, StringComparison.Ordinal) || (b.StartsWith(a, StringComparison.Ordinal) && a.Length >= 4)) ? 0.5 : 0;
    }
}
