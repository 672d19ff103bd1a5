using System.Globalization;
using System.Text;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>What one instrument measured for one set of tag values.</summary>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    readonly long[] buckets = bounds is null ? [] : new long[bounds.Length + 1];
    double value;

    internal void Add(double amount) => Accumulate(ref value, amount);

    internal void Set(double amount) => Volatile.Write(ref value, amount);

    internal void Record(double amount)
    {
        // Upper bounds are inclusive: the first bound not below the value.
        var index = Array.BinarySearch(bounds!, amount);
        Interlocked.Increment(ref buckets[index >= 0 ? index : ~index]);
        Accumulate(ref value, amount);
    }

    internal void Write(StringBuilder text, string name)
    {
        if (bounds is null)
        {
            text.Append(name);
            if (labels.Length > 0)
                text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(Number(Volatile.Read(ref value))).Append('\n');
            return;
        }

        var count = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            count += Interlocked.Read(ref buckets[i]);
            text.Append(name).Append("_bucket{").Append(labels);
            if (labels.Length > 0)
                text.Append(',');
            text.Append("le=\"").Append(i < bounds.Length ? Number(bounds[i]) : "+Inf").Append("\"} ").Append(count).Append('\n');
        }

        var suffix = labels.Length > 0 ? $"{{{labels}}} " : " ";
        text.Append(name).Append("_sum").Append(suffix).Append(Number(Volatile.Read(ref value))).Append('\n');
        text.Append(name).Append("_count").Append(suffix).Append(count).Append('\n');
    }

    static void Accumulate(ref double total, double amount)
    {
        var seen = Volatile.Read(ref total);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref total, seen + amount, seen);
            if (before.Equals(seen))
                return;
            seen = before;
        }
    }

    static string Number(double number) => number switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => double.IsNaN(number) ? "NaN" : number.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>The labels of a series, escaped as the text format asks.</summary>
    internal static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, tag) in tags)
            labels[PrometheusNames.Label(key)] = Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "";
        var text = new StringBuilder();
        foreach (var (key, tag) in labels)
        {
            if (tag.Length == 0)
                continue;
            if (text.Length > 0)
                text.Append(',');
            text.Append(key).Append("=\"").Append(Escape(tag).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.ToString();
    }

    internal static string Escape(string text)
        => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
