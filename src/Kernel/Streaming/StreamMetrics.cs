using System.Diagnostics.Metrics;
using JeanTrail.Kernel.Telemetry;

namespace JeanTrail.Kernel.Streaming;

internal static class StreamMetrics
{
    internal static readonly UpDownCounter<long> Open = KernelTelemetry.Meter.CreateUpDownCounter<long>(
        "kernel.stream.open", "{stream}", "Event streams being sent.");

    internal static readonly Counter<long> Events = KernelTelemetry.Meter.CreateCounter<long>(
        "kernel.stream.events", "{event}", "Events sent on event streams.");

    static readonly Counter<long> Ended = KernelTelemetry.Meter.CreateCounter<long>(
        "kernel.stream.ended", "{stream}", "Event streams that ended, by who ended them.");

    internal static void CountEnd(StreamEnd end) => Ended.Add(1, new KeyValuePair<string, object?>("by", end switch
    {
        StreamEnd.Completed => "completed",
        StreamEnd.Client => "client",
        StreamEnd.Idle => "idle",
        StreamEnd.Shutdown => "shutdown",
        _ => "source",
    }));
}
