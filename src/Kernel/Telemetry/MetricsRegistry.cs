using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>
/// Listens to the meters of this program, of ASP.NET Core, of Npgsql and of the runtime, and writes what they measured in the
/// Prometheus text format 0.0.4. Source: Prometheus documentation, "Exposition formats".
/// </summary>
internal sealed partial class MetricsRegistry(IMeterFactory factory, ILogger<MetricsRegistry> logger) : IHostedService, IDisposable
{
    static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
    static readonly double[] Milliseconds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000];
    static readonly double[] Bytes = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864, 268_435_456];
    static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    readonly ConcurrentDictionary<Instrument, MetricFamily> families = new();
    readonly MeterListener listener = new();
    readonly Lock writing = new();
    long dropped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.InstrumentPublished = Publish;
        listener.MeasurementsCompleted = (instrument, _) => families.TryRemove(instrument, out MetricFamily? _);
        listener.SetMeasurementEventCallback<byte>((_, amount, tags, state) => Record(state, amount, tags));
        listener.SetMeasurementEventCallback<short>((_, amount, tags, state) => Record(state, amount, tags));
        listener.SetMeasurementEventCallback<int>((_, amount, tags, state) => Record(state, amount, tags));
        listener.SetMeasurementEventCallback<long>((_, amount, tags, state) => Record(state, amount, tags));
        listener.SetMeasurementEventCallback<float>((_, amount, tags, state) => Record(state, amount, tags));
        listener.SetMeasurementEventCallback<double>((_, amount, tags, state) => Record(state, amount, tags));
        listener.SetMeasurementEventCallback<decimal>((_, amount, tags, state) => Record(state, (double)amount, tags));
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>All metrics as text.</summary>
    internal string Write()
    {
        lock (writing)
        {
            foreach (var (instrument, family) in families)
            {
                if (instrument.IsObservable)
                    family.ForgetObserved();
            }

            try
            {
                listener.RecordObservableInstruments();
            }
            catch (AggregateException failure)
            {
                // One broken gauge must not hide the others.
                LogObservationFailed(logger, failure);
            }

            var text = new StringBuilder(32 * 1024);
            string? previous = null;
            foreach (var family in families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                // Two instruments may come out with one name; the format allows a name once.
                if (family.Name != previous)
                    family.Write(text);
                previous = family.Name;
            }

            return text.Append("# HELP jeantrail_metrics_dropped_total Measurements dropped because their instrument has too many series.\n")
                .Append("# TYPE jeantrail_metrics_dropped_total counter\n")
                .Append("jeantrail_metrics_dropped_total ").Append(Interlocked.Read(ref dropped)).Append('\n')
                .ToString();
        }
    }

    void Publish(Instrument instrument, MeterListener with)
    {
        var meter = instrument.Meter;
        // A second host in the same process (a test, usually) has meters of its own.
        if (meter.Scope is not null && !ReferenceEquals(meter.Scope, factory))
            return;
        if (!meter.Name.StartsWith(KernelTelemetry.Prefix, StringComparison.Ordinal) && !meter.Name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
            && meter.Name is not "System.Runtime" and not "Npgsql")
            return;
        if (KindOf(instrument) is not { } kind)
            return;
        var family = new MetricFamily(instrument, kind, kind == MetricKind.Histogram ? BoundsOf(instrument) : null);
        families[instrument] = family;
        with.EnableMeasurementEvents(instrument, family);
    }

    void Record(object? state, double amount, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!((MetricFamily)state!).TryRecord(amount, tags))
            Interlocked.Increment(ref dropped);
    }

    static MetricKind? KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        return type.IsGenericType ? Kinds.GetValueOrDefault(type.GetGenericTypeDefinition()) : null;
    }

    static readonly Dictionary<Type, MetricKind?> Kinds = new()
    {
        [typeof(Counter<>)] = MetricKind.Counter,
        [typeof(ObservableCounter<>)] = MetricKind.ObservedCounter,
        [typeof(UpDownCounter<>)] = MetricKind.UpDown,
        [typeof(ObservableUpDownCounter<>)] = MetricKind.Gauge,
        [typeof(ObservableGauge<>)] = MetricKind.Gauge,
        [typeof(Gauge<>)] = MetricKind.Gauge,
        [typeof(Histogram<>)] = MetricKind.Histogram,
    };

    static double[] BoundsOf(Instrument instrument)
    {
        double[]? advised = instrument switch
        {
            Instrument<double> { Advice.HistogramBucketBoundaries: { } doubles } => [.. doubles],
            Instrument<long> { Advice.HistogramBucketBoundaries: { } longs } => [.. longs.Select(bound => (double)bound)],
            Instrument<int> { Advice.HistogramBucketBoundaries: { } ints } => [.. ints.Select(bound => (double)bound)],
            _ => null,
        };
        return advised ?? instrument.Unit switch
        {
            "s" => Seconds,
            "ms" => Milliseconds,
            "By" => Bytes,
            _ => Counts,
        };
    }

    public void Dispose() => listener.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "An observed metric could not be read")]
    static partial void LogObservationFailed(ILogger logger, Exception failure);
}
