namespace JeanTrail.Agents.Text;

/// <summary>
/// Ranks sentences by how much of the text they share words with. Source: Mihalcea and Tarau, TextRank: Bringing Order into Texts
/// (EMNLP 2004), with word overlap normalised by sentence length, damping 0.85.
/// </summary>
internal static class TextRank
{
    const int MaxNodes = 150;
    const int Rounds = 30;
    const double Damping = 0.85;

    /// <summary>Indexes of the <paramref name="count"/> best sentences, in the order of the text.</summary>
    public static IReadOnlyList<int> Best(IReadOnlyList<Sentence> sentences, int count)
    {
        var nodes = Candidates(sentences);
        var weights = Weights(sentences, nodes);
        var ranks = Iterate(weights);
        // What comes first in a text tends to say what it is about.
        return [.. Enumerable.Range(0, nodes.Length)
            .OrderByDescending(index => ranks[index] * (nodes[index] == 0 ? 1.15 : 1))
            .ThenBy(index => index)
            .Take(count)
            .Select(index => nodes[index])
            .Order()];
    }

    /// <summary>In a long text only the sentences with the commonest words of the text are ranked against each other.</summary>
    static int[] Candidates(IReadOnlyList<Sentence> sentences)
    {
        var usable = Enumerable.Range(0, sentences.Count).Where(index => sentences[index].Words.Count >= 3).ToArray();
        if (usable.Length == 0)
            usable = [.. Enumerable.Range(0, sentences.Count)];
        if (usable.Length <= MaxNodes)
            return usable;
        var frequency = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in usable.SelectMany(index => sentences[index].Words))
            frequency[word] = frequency.GetValueOrDefault(word) + 1;
        return [.. usable.OrderByDescending(index => sentences[index].Words.Select(word => (double)frequency[word]).DefaultIfEmpty().Average()).Take(MaxNodes).Order()];
    }

    static double[][] Weights(IReadOnlyList<Sentence> sentences, int[] nodes)
    {
        var sets = nodes.Select(node => sentences[node].Words.ToHashSet(StringComparer.Ordinal)).ToArray();
        var weights = nodes.Select(_ => new double[nodes.Length]).ToArray();
        for (var i = 0; i < nodes.Length; i++)
        {
            for (var j = i + 1; j < nodes.Length; j++)
            {
                var shared = sets[i].Count(sets[j].Contains);
                if (shared > 0)
                    weights[i][j] = weights[j][i] = shared / (Math.Log(1 + sets[i].Count) + Math.Log(1 + sets[j].Count));
            }
        }

        return weights;
    }

    static double[] Iterate(double[][] weights)
    {
        var sums = weights.Select(row => row.Sum()).ToArray();
        var ranks = Enumerable.Repeat(1.0, weights.Length).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var next = new double[ranks.Length];
            for (var i = 0; i < ranks.Length; i++)
            {
                double flow = 0;
                for (var j = 0; j < ranks.Length; j++)
                {
                    if (weights[j][i] > 0)
                        flow += weights[j][i] / sums[j] * ranks[j];
                }

                next[i] = 1 - Damping + (Damping * flow);
            }

            ranks = next;
        }

        return ranks;
    }
}
