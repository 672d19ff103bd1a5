namespace JeanTrail.Chat.Search;

/// <summary>The piece of a message that shows why it was found.</summary>
internal sealed record Snippet(string Text, IReadOnlyList<SearchMessages.Range> Highlights);

/// <summary>Finds the looked-for words again in the texts of a page of results, and cuts the piece around them out.</summary>
internal sealed class Snippets(Stems stems)
{
    const int Length = 260;

    /// <summary>Words of it before the first found one.</summary>
    const int Lead = 60;

    internal async Task<IReadOnlyList<Snippet>> CutAsync(SearchQuery query, IReadOnlyList<string> texts, CancellationToken cancel)
    {
        var words = texts.Select(text => Words.In(text).ToArray()).ToArray();
        var wanted = query.Terms.Select(term => term.Stem).OfType<string>().ToHashSet(StringComparer.Ordinal);
        // Endings change, beginnings hardly ever; Arabic has its articles in front.
        var firsts = wanted.Select(stem => stem[0]).ToHashSet();
        var like = wanted.Count == 0 ? [] : await stems.OfAsync(
            words.SelectMany(each => each).Where(word => word.Script == Script.Arabic || firsts.Contains(word.Exact[0])).DistinctBy(word => word.Exact), cancel);
        var related = like.Where(pair => pair.Value is not null && wanted.Contains(pair.Value)).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        return [.. texts.Zip(words, (text, each) => Cut(text, [.. each.Where(word => query.Terms.Any(term => Matches(term, word, text)) || related.Contains(word.Exact))]))];
    }

    /// <summary>Around the places where letters stand, without regard to words.</summary>
    internal static Snippet CutLetters(string text, string letters)
    {
        var ranges = new List<Word>();
        for (var at = text.IndexOf(letters, StringComparison.OrdinalIgnoreCase); at >= 0 && ranges.Count < 20; at = text.IndexOf(letters, at + letters.Length, StringComparison.OrdinalIgnoreCase))
            ranges.Add(new Word(at, letters.Length, letters, Script.Other));
        return Cut(text, ranges);
    }

    static bool Matches(SearchTerm term, Word word, string text)
    {
        var exact = term.Word.Exact;
        return Same(word.Exact) || Same(Words.Fold(word)) || word.Exact == term.Stem || Words.Parts(text, word).Any(part => Same(part) || term.Parts.Contains(part));

        bool Same(string candidate) => term.Prefix ? candidate.StartsWith(exact, StringComparison.Ordinal) : candidate == exact;
    }

    /// <summary>Whether the words of each phrase follow each other.</summary>
    internal static bool HasPhrases(string text, IReadOnlyList<string[]> phrases)
    {
        if (phrases.Count == 0)
            return true;
        string[] words = [.. Words.In(text).Select(word => Words.Fold(word))];
        return phrases.All(phrase => words.AsSpan().IndexOf(phrase) >= 0);
    }

    static Snippet Cut(string text, List<Word> found)
    {
        var best = Densest(found);
        var start = best < 0 ? 0 : Math.Max(0, found[best].Start - Lead);
        // On the border of a word, and never within a pair.
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]) && start > found[best].Start - Lead - 20)
            start--;
        if (start > 0 && char.IsLowSurrogate(text[start]))
            start--;
        var end = Math.Min(text.Length, start + Length);
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end--;
        var (before, after) = (start > 0 ? "…" : "", end < text.Length ? "…" : "");
        // One for one, so that the places stay where they are.
        var piece = text[start..end].Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' ');
        return new Snippet(
            before + piece + after,
            [.. found.Where(word => word.Start >= start && word.Start + word.Length <= end).Select(word => new SearchMessages.Range(word.Start - start + before.Length, word.Length))]);
    }

    /// <summary>The found word after which the most different ones follow within a snippet; -1 when there is none.</summary>
    static int Densest(List<Word> found)
    {
        var (best, most) = (-1, 0);
        for (var i = 0; i < found.Count; i++)
        {
            var different = found.Skip(i).TakeWhile(word => word.Start < found[i].Start + Length - Lead).Select(word => word.Exact).Distinct().Count();
            if (different > most)
                (best, most) = (i, different);
        }

        return best;
    }
}
