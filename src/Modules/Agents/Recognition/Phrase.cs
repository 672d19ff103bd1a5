namespace JeanTrail.Agents.Recognition;

/// <summary>What a phrase took from an utterance: the tokens of each slot.</summary>
internal sealed class PhraseMatch(Phrase phrase, Extent[] slots)
{
    public Phrase Phrase { get; } = phrase;

    public Extent? this[string slot]
    {
        get
        {
            for (var index = 0; index < slots.Length; index++)
            {
                if (slots[index].Count > 0 && Phrase.Slots[index] == slot)
                    return slots[index];
            }

            return null;
        }
    }
}

internal enum NodeKind
{
    Literal,
    Branch,
    Slot,
    End,
}

/// <param name="Next">Index of what follows; branches use <paramref name="Branches"/> instead.</param>
/// <param name="Word">For literals: the word; a prefix when <paramref name="Prefix"/>.</param>
internal sealed record Node(NodeKind Kind, int Next, Token Word = default, bool Prefix = false, int Slot = 0, bool MayBeEmpty = false, int[]? Branches = null);

/// <summary>
/// A compiled phrase such as <c>what time is it [now] in {place}</c>: <c>(a|b)</c> chooses, <c>[a]</c> is optional, <c>word*</c> is a
/// beginning, <c>{x}</c> takes one token or more and <c>{x?}</c> none or more. It must match the whole utterance. Matching backtracks
/// within a fixed budget, so it is linear in practice and bounded always.
/// </summary>
internal sealed class Phrase(string source, string tag, Node[] nodes, List<string> slots, int start)
{
    const int Budget = 4000;
    const int MaxMatches = 6;

    public string Source { get; } = source;

    /// <summary>Which variant of the skill the phrase asks for, or empty.</summary>
    public string Tag { get; } = tag;

    public List<string> Slots { get; } = slots;

    /// <summary>The words it can begin with, or null when it may begin with anything.</summary>
    public IReadOnlyList<Node>? Openings { get; } = FindOpenings(nodes, start);

    /// <summary>Finds up to six ways to match, shortest first slots first.</summary>
    public void Match(Utterance text, Extent part, List<PhraseMatch> found)
    {
        var run = new Run(this, text, part, found);
        run.Step(start, part.From);
    }

    public static bool Matches(in Token token, Node literal)
    {
        var word = literal.Word;
        if (literal.Prefix)
            return token.Plain.StartsWith(word.Plain, StringComparison.Ordinal)
                && (!token.Marked || token.Exact.StartsWith(word.Exact, StringComparison.Ordinal));
        return token.Plain == word.Plain && (!token.Marked || token.Exact == word.Exact);
    }

    static List<Node>? FindOpenings(Node[] nodes, int start)
    {
        var found = new List<Node>();
        return Visit(start) ? found : null;

        bool Visit(int index)
        {
            var node = nodes[index];
            if (node.Kind == NodeKind.Branch)
                return node.Branches!.All(Visit);
            if (node.Kind != NodeKind.Literal)
                return false;
            found.Add(node);
            return true;
        }
    }

    struct Run(Phrase phrase, Utterance text, Extent part, List<PhraseMatch> found)
    {
        readonly Extent[] taken = new Extent[phrase.Slots.Count];
        int budget = Budget;
        int matches;

        public void Step(int index, int at)
        {
            while (true)
            {
                if (--budget < 0 || matches == MaxMatches)
                    return;
                var node = phrase.Nodes[index];
                switch (node.Kind)
                {
                    case NodeKind.Literal:
                        if (at >= part.To || !Matches(text.Tokens[at], node))
                            return;
                        at++;
                        index = node.Next;
                        continue;
                    case NodeKind.Branch:
                        foreach (var branch in node.Branches!)
                            Step(branch, at);
                        return;
                    case NodeKind.Slot:
                        StepSlot(node, at);
                        return;
                    default:
                        Finish(at);
                        return;
                }
            }
        }

        void StepSlot(Node node, int at)
        {
            if (phrase.Nodes[node.Next].Kind == NodeKind.End)
            {
                if (at < part.To || node.MayBeEmpty)
                {
                    taken[node.Slot] = new Extent(at, part.To);
                    Finish(part.To);
                    taken[node.Slot] = default;
                }

                return;
            }

            for (var end = node.MayBeEmpty ? at : at + 1; end <= part.To && budget > 0 && matches < MaxMatches; end++)
            {
                taken[node.Slot] = new Extent(at, end);
                Step(node.Next, end);
            }

            taken[node.Slot] = default;
        }

        void Finish(int at)
        {
            if (at != part.To || (text.Truncated && !EndsWithSlot(taken, text.Tokens.Count)))
                return;
            matches++;
            found.Add(new PhraseMatch(phrase, [.. taken]));
        }

        static bool EndsWithSlot(Extent[] taken, int end) => Array.Exists(taken, slot => slot.Count > 0 && slot.To == end);
    }

    Node[] Nodes { get; } = nodes;
}
