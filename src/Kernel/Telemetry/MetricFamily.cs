using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Text;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>How an instrument's measurements add up.</summary>
internal enum MetricKind
{
    /// <summary>Increments of a total that only grows.</summary>
    Counter,

    /// <summary>The total itself, read when asked for.</summary>
    ObservedCounter,

    /// <summary>Changes up and down.</summary>
    UpDown,

    /// <summary>The value as it is.</summary>
    Gauge,
    Histogram,
}

/// <summary>The series of one instrument, at most <see cref="MaxSeries"/>: what would be more is counted and dropped.</summary>
internal sealed class MetricFamily
{
    internal const int MaxSeries = 500;

    readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> series;
    readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> lookup;
    readonly string name;
    readonly string? help;
    readonly MetricKind kind;
    readonly double[]? bounds;

    internal MetricFamily(Instrument instrument, MetricKind kind, double[]? bounds)
    {
        series = new(TagComparer.Instance);
        lookup = series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        name = PrometheusNames.Metric(instrument.Name, instrument.Unit, kind is MetricKind.Counter or MetricKind.ObservedCounter);
        help = instrument.Description;
        this.kind = kind;
        this.bounds = bounds;
    }

    internal string Name => name;

    /// <summary>False when the measurement needs one series too many.</summary>
    internal bool TryRecord(double amount, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!lookup.TryGetValue(tags, out var one))
        {
            if (series.Count >= MaxSeries)
                return false;
            one = series.GetOrAdd(tags.ToArray(), static (key, bounds) => new MetricSeries(MetricSeries.Labels(key), bounds), bounds);
        }

        switch (kind)
        {
            case MetricKind.Histogram:
                one.Record(amount);
                break;
            case MetricKind.Counter or MetricKind.UpDown:
                one.Add(amount);
                break;
            default:
                one.Set(amount);
                break;
        }

        return true;
    }

    /// <summary>Observed series are only there while somebody reports them.</summary>
    internal void ForgetObserved() => series.Clear();

    internal void Write(StringBuilder text)
    {
        if (series.IsEmpty)
            return;
        if (!string.IsNullOrEmpty(help))
            text.Append("# HELP ").Append(name).Append(' ').Append(MetricSeries.Escape(help)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            MetricKind.Counter or MetricKind.ObservedCounter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        // Its own copy: others add series while this is written.
        foreach (var (_, one) in series.ToArray().OrderBy(entry => MetricSeries.Labels(entry.Key), StringComparer.Ordinal))
            one.Write(text, name);
    }

    /// <summary>Compares tags by value, and lets the measuring thread look up without making an array.</summary>
    sealed class TagComparer
        : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        internal static readonly TagComparer Instance = new();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y)
            => ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.AsSpan(), y));

        public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length)
                return false;
            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                    return false;
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = default(HashCode);
            foreach (var (key, value) in alternate)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();
    }
}
