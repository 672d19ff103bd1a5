namespace JeanTrail.Agents.Text;

/// <summary>Okapi BM25 over sentences. Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009); k1 = 1.2, b = 0.75.</summary>
internal static class Bm25
{
    const double K1 = 1.2;
    const double B = 0.75;

    /// <param name="Coverage">The part of the question, weighed by how rare its words are, that the sentence holds: 0 to 1.</param>
    internal readonly record struct Hit(int Index, double Score, double Coverage);

    /// <summary>The sentences that share words with the question, the best first.</summary>
    public static IReadOnlyList<Hit> Rank(IReadOnlyList<Sentence> sentences, IReadOnlyCollection<string> question)
    {
        var terms = question.Distinct(StringComparer.Ordinal).ToArray();
        var average = Math.Max(1, sentences.Average(sentence => sentence.Words.Count));
        var weights = terms.ToDictionary(term => term, term =>
        {
            var holding = sentences.Count(sentence => sentence.Words.Contains(term, StringComparer.Ordinal));
            return Math.Log(1 + ((sentences.Count - holding + 0.5) / (holding + 0.5)));
        }, StringComparer.Ordinal);
        var total = weights.Values.Sum();
        var hits = new List<Hit>();
        for (var index = 0; index < sentences.Count; index++)
        {
            var words = sentences[index].Words;
            double score = 0, covered = 0;
            foreach (var (term, weight) in weights)
            {
                var count = words.Count(word => word == term);
                if (count == 0)
                    continue;
                covered += weight;
                score += weight * count * (K1 + 1) / (count + (K1 * (1 - B + (B * words.Count / average))));
            }

            if (score > 0)
                hits.Add(new Hit(index, score, covered / total));
        }

        return [.. hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Index)];
    }
}
