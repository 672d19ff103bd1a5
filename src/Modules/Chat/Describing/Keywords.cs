using JeanTrail.Chat.Search;

namespace JeanTrail.Chat.Describing;

/// <summary>A word, or two that stand together, that a conversation comes back to.</summary>
/// <param name="Term">Without endings, as conversations are compared by it.</param>
/// <param name="Text">As it was written most often.</param>
internal sealed record Keyword(string Term, string Text, double Weight);

/// <summary>
/// Finds what a conversation is about without a model: words that come again, longer ones and the person's own counting more. No more is
/// claimed for it: it knows nothing of what words mean.
/// </summary>
internal static class Keywords
{
    const int Shortest = 4;
    const int Most = 12;

    /// <summary>What the person says tells more of what it is about than an answer, which is longer.</summary>
    const double PersonWeight = 3;

    // PostgreSQL's stemmers know the words of English, Russian and Arabic that tell nothing. Without accents, as they are compared.
    static readonly HashSet<string> VietnameseFillers =
    [
        .. ("va cua la co trong duoc cho khong mot nguoi voi cac nay da de khi den nhung tu cung nhu ve ra thi nam toi lam di lai nhieu phai ban sau con tren hay the nao gi dang rat vao neu theo"
            + " minh anh chi em no ho chung ta do day kia bao tai vi sao ai dau roi nua luon chi moi tat ca vay a nhe xin cam on hon").Split(' '),
    ];

    /// <param name="stems">By word; null for those that tell nothing.</param>
    internal static IReadOnlyList<Keyword> Of(IEnumerable<(bool Person, string Text)> messages, IReadOnlyDictionary<string, string?> stems)
    {
        var seen = new Dictionary<string, (double Weight, Dictionary<string, int> Texts)>(StringComparer.Ordinal);
        foreach (var (person, text) in messages)
        {
            // A word counts once for each message that has it: a list of errors repeats itself.
            var here = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (term, shown) in Terms(text, stems))
            {
                var (weight, texts) = seen.GetValueOrDefault(term, (0, new(StringComparer.Ordinal)));
                texts[shown] = texts.GetValueOrDefault(shown) + 1;
                seen[term] = (here.Add(term) ? weight + (person ? PersonWeight : 1) : weight + 0.2, texts);
            }
        }

        return
        [
            .. seen.Where(pair => pair.Value.Texts.Values.Sum() > 1)
                .Select(pair => new Keyword(pair.Key, pair.Value.Texts.MaxBy(each => each.Value).Key, pair.Value.Weight * Math.Log2(Math.Min(pair.Key.Length, 12))))
                .OrderByDescending(keyword => keyword.Weight).ThenBy(keyword => keyword.Term, StringComparer.Ordinal).Take(Most),
        ];
    }

    static IEnumerable<(string Term, string Text)> Terms(string text, IReadOnlyDictionary<string, string?> stems)
    {
        Word? before = null;
        foreach (var word in Words.In(text))
        {
            // Vietnamese writes the syllables of a word apart, and one alone says little.
            if (word.Script == Script.Other || before?.Script == Script.Other)
            {
                if (before is { } first && word.Start - first.Start - first.Length == 1 && !IsFiller(first) && !IsFiller(word))
                    yield return (Words.Fold(first) + " " + Words.Fold(word), first.Exact + " " + word.Exact);
            }
            else if (word.Exact.Length >= Shortest && !char.IsAsciiDigit(word.Exact[0]) && stems.GetValueOrDefault(word.Exact) is { } stem)
            {
                yield return (stem, word.Exact);
            }

            before = word;
        }
    }

    static bool IsFiller(in Word word) => word.Exact.Length < 2 || char.IsAsciiDigit(word.Exact[0]) || VietnameseFillers.Contains(Words.Fold(word));
}
