namespace JeanTrail.Chat.Search;

/// <summary>One order of several: what stands high in any list stands high, and more so what stands in many.</summary>
/// Source: Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet (SIGIR 2009), k = 60.
internal static class ReciprocalRank
{
    const double K = 60;

    /// <summary>The higher the better, by what stands in the lists, the best of each first.</summary>
    internal static Dictionary<Guid, double> Of(params IEnumerable<IEnumerable<Guid>> lists)
    {
        var scores = new Dictionary<Guid, double>();
        foreach (var (id, place) in lists.SelectMany(list => list.Select((id, place) => (id, place))))
            scores[id] = scores.GetValueOrDefault(id) + 1 / (K + place);
        return scores;
    }
}
