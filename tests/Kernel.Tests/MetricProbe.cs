using System.Diagnostics.Metrics;

namespace JeanTrail.Kernel.Tests;

/// <summary>Adds up what one counter of the Kernel measures while it lives.</summary>
internal sealed class MetricProbe : IDisposable
{
    readonly MeterListener listener = new();
    readonly Lock gate = new();
    readonly List<(long Value, KeyValuePair<string, object?>[] Tags)> measured = [];

    internal MetricProbe(string instrument)
    {
        listener.InstrumentPublished = (found, self) =>
        {
            if (found.Meter.Name == "JeanTrail.Kernel" && found.Name == instrument)
                self.EnableMeasurementEvents(found);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (gate)
                measured.Add((value, tags.ToArray()));
        });
        listener.Start();
    }

    /// <summary>The sum of the measurements that carry all these tags: other tests measure too, so name what is yours.</summary>
    internal long Sum(params (string Name, string Value)[] tags)
    {
        lock (gate)
            return measured.Where(entry => tags.All(tag => entry.Tags.Any(found => found.Key == tag.Name && Equals(found.Value, tag.Value)))).Sum(entry => entry.Value);
    }

    public void Dispose() => listener.Dispose();
}
