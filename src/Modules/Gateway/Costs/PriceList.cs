using System.Collections.Concurrent;
using JeanTrail.Gateway.Models;

namespace JeanTrail.Gateway.Costs;

/// <summary>All versions of all prices at one moment, arranged for look-ups.</summary>
internal sealed class PriceList
{
    internal static readonly PriceList Empty = new([]);

    // Model names come from callers. When full it begins anew.
    const int MaxRemembered = 10_000;

    readonly PriceRow[][] byPattern;
    readonly ConcurrentDictionary<string, PriceRow[][]> byModel = new(StringComparer.Ordinal);

    internal PriceList(IEnumerable<PriceRow> rows)
        => byPattern = [.. rows.GroupBy(row => row.Pattern, StringComparer.Ordinal)
            .OrderByDescending(series => ModelPattern.Specificity(series.Key))
            .Select(series => series.OrderByDescending(row => row.ValidFrom).ThenByDescending(row => row.Version).ToArray())];

    /// <summary>The price in force for a model at a moment: of the most specific pattern that has one then. Null when none has.</summary>
    internal PriceRow? Find(string modelId, DateTimeOffset at)
    {
        foreach (var series in SeriesOf(modelId))
        {
            foreach (var row in series)
            {
                if (row.ValidFrom > at)
                    continue;
                if (!row.Ended)
                    return row;
                break;
            }
        }

        return null;
    }

    PriceRow[][] SeriesOf(string modelId)
    {
        if (byModel.TryGetValue(modelId, out var known))
            return known;
        if (byModel.Count >= MaxRemembered)
            byModel.Clear();
        return byModel[modelId] = [.. byPattern.Where(series => ModelPattern.Matches(series[0].Pattern, modelId))];
    }
}
