using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>Listens to one counter of the gateway. Counters are of the process: a test that counts exactly must be the only one to move them.</summary>
internal sealed class MeasuredCounter : IDisposable
{
    readonly MeterListener listener = new();
    readonly ConcurrentQueue<KeyValuePair<string, object?>[]> tags = new();

    internal MeasuredCounter(string name)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, all, _) => tags.Enqueue(all.ToArray()));
        listener.Start();
    }

    internal int Of(string tag, string value) => tags.Count(all => Array.Exists(all, each => each.Key == tag && (string?)each.Value == value));

    public void Dispose() => listener.Dispose();
}
