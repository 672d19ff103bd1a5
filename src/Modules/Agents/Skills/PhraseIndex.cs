using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Skills;

/// <summary>The phrases of all skills in one language, found by the first word, in the order of the skills.</summary>
internal sealed class PhraseIndex
{
    readonly Dictionary<string, List<int>> byFirstWord = new(StringComparer.Ordinal);
    readonly List<(Node Opening, int Entry)> byPrefix = [];
    readonly List<int> open = [];
    readonly List<(int Skill, Phrase Phrase)> entries = [];

    public PhraseIndex(IReadOnlyList<ISkill> skills, Tongue tongue)
    {
        for (var skill = 0; skill < skills.Count; skill++)
        {
            foreach (var phrase in Phrasebook.Shared[tongue, skills[skill].Id].Phrases)
                Add(skill, phrase);
        }
    }

    /// <summary>Fills <paramref name="found"/> with all matches, in order of precedence.</summary>
    public void Find(Utterance text, Extent part, List<(int Skill, PhraseMatch Match)> found)
    {
        found.Clear();
        var first = text.Tokens[part.From];
        var candidates = new SortedSet<int>(open);
        if (byFirstWord.TryGetValue(first.Plain, out var listed))
            candidates.UnionWith(listed);
        foreach (var (opening, entry) in byPrefix)
        {
            if (Phrase.Matches(first, opening))
                candidates.Add(entry);
        }

        var matches = new List<PhraseMatch>();
        foreach (var candidate in candidates)
        {
            var (skill, phrase) = entries[candidate];
            matches.Clear();
            phrase.Match(text, part, matches);
            foreach (var match in matches)
                found.Add((skill, match));
        }
    }

    void Add(int skill, Phrase phrase)
    {
        var entry = entries.Count;
        entries.Add((skill, phrase));
        if (phrase.Openings is not { } openings)
        {
            open.Add(entry);
            return;
        }

        foreach (var opening in openings)
        {
            if (opening.Prefix)
                byPrefix.Add((opening, entry));
            else if (!byFirstWord.TryGetValue(opening.Word.Plain, out var list))
                byFirstWord.Add(opening.Word.Plain, [entry]);
            else if (list[^1] != entry)
                list.Add(entry);
        }
    }
}
