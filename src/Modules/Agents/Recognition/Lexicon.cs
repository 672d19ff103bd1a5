namespace JeanTrail.Agents.Recognition;

/// <summary>
/// Words and word groups with a meaning: units, cities, months. A group may have several meanings; a trailing <c>*</c> in an entry
/// takes any ending. The longest entry that fits wins.
/// </summary>
/// <param name="ignoreMarks">Compare without Vietnamese marks even when they were typed; for names that many people mistype.</param>
internal sealed class Lexicon<T>(bool ignoreMarks = false)
{
    readonly Dictionary<string, List<Entry>> byFirst = new(StringComparer.Ordinal);
    readonly List<Entry> prefixes = [];

    sealed record Entry(Node[] Words, T Value);

    public int Count { get; private set; }

    public void Add(string words, T value)
    {
        var prefix = words.EndsWith('*');
        var tokens = Lexer.Read(prefix ? words[..^1] : words).Tokens;
        if (tokens.Count == 0)
            throw new FormatException($"'{words}' is no entry.");
        var entry = new Entry([.. tokens.Select((token, index) => new Node(NodeKind.Literal, 0, token, prefix && index == tokens.Count - 1))], value);
        Count++;
        if (entry.Words[0].Prefix)
        {
            prefixes.Add(entry);
            return;
        }

        if (!byFirst.TryGetValue(tokens[0].Plain, out var list))
            byFirst.Add(tokens[0].Plain, list = []);
        list.Add(entry);
    }

    /// <summary>The longest entry at <paramref name="at"/> whose value passes; false when there is none.</summary>
    public bool TryRead(Utterance text, int at, int end, out T value, out int next, Func<T, bool>? only = null)
    {
        value = default!;
        next = at;
        if (at >= end)
            return false;
        var best = 0;
        if (byFirst.TryGetValue(text.Tokens[at].Plain, out var list))
        {
            foreach (var entry in list)
                Consider(entry, ref value, ref best);
        }

        if (best == 0)
        {
            foreach (var entry in prefixes)
                Consider(entry, ref value, ref best);
        }

        next = at + best;
        return best > 0;

        void Consider(Entry entry, ref T found, ref int length)
        {
            // At equal length the first entry stands, unless a later one carries the very marks that were typed.
            if (entry.Words.Length <= length || at + entry.Words.Length > end || (only is not null && !only(entry.Value)))
                return;
            for (var i = 0; i < entry.Words.Length; i++)
            {
                var token = text.Tokens[at + i];
                if (!Phrase.Matches(ignoreMarks ? token with { Marked = false } : token, entry.Words[i]))
                    return;
            }

            found = entry.Value;
            length = entry.Words.Length;
        }
    }

    /// <summary>Whether exactly this part is an entry.</summary>
    public bool TryReadAll(Utterance text, Extent part, out T value, Func<T, bool>? only = null)
        => TryRead(text, part.From, part.To, out value, out var next, only) && next == part.To;
}
