using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Skills;

/// <summary>Words around a request that change nothing: "hey Jean, could you please … for me".</summary>
internal static class Courtesies
{
    static readonly Dictionary<Tongue, (Lexicon<bool> Before, List<Node[]> After)> Tables = Tongues.All.ToDictionary(tongue => tongue, Load);

    public static Extent Trim(Utterance text, Tongue tongue)
    {
        var (before, after) = Tables[tongue];
        var (from, to) = (0, text.Tokens.Count);
        while (before.TryRead(text, from, to, out _, out var next))
            from = next;
        while (!text.Truncated && EndOf(text, from, to, after) is var shorter && shorter < to)
            to = shorter;
        return new Extent(from, to);
    }

    static int EndOf(Utterance text, int from, int to, List<Node[]> endings)
    {
        foreach (var ending in endings)
        {
            var start = to - ending.Length;
            if (start < from)
                continue;
            var fits = true;
            for (var i = 0; fits && i < ending.Length; i++)
                fits = Phrase.Matches(text.Tokens[start + i], ending[i]);
            if (fits)
                return start;
        }

        return to;
    }

    static (Lexicon<bool> Before, List<Node[]> After) Load(Tongue tongue)
    {
        var before = new Lexicon<bool>();
        var after = new List<Node[]>();
        foreach (var (key, values) in DataFile.Pairs($"Skills/courtesies.{tongue.Code()}.table"))
        {
            foreach (var value in values)
            {
                if (key == "before")
                    before.Add(value, true);
                else
                    after.Add([.. Lexer.Read(value).Tokens.Select(token => new Node(NodeKind.Literal, 0, token))]);
            }
        }

        return (before, [.. after.OrderByDescending(words => words.Length)]);
    }
}
