using System.Diagnostics.Metrics;

namespace JeanTrail.Kernel.Workers;

static class WorkerMeter
{
    static readonly Meter Meter = new("JeanTrail.Kernel.Workers");

    internal static readonly Counter<long> Starts = Meter.CreateCounter<long>("worker.starts", "{start}", "Worker processes started.");
    internal static readonly Counter<long> Ends = Meter.CreateCounter<long>("worker.unexpected_ends", "{end}", "Worker processes that ended without being asked.");
    internal static readonly Counter<long> Retries = Meter.CreateCounter<long>("worker.retries", "{call}", "Calls given to a second worker.");
    internal static readonly Counter<long> Rejections = Meter.CreateCounter<long>("worker.rejections", "{call}", "Calls refused because the queue was full.");
    internal static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>("worker.queue.depth", "{call}", "Calls waiting for a worker.");
    internal static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("worker.call.duration", "ms", "From the call's start on a worker to its end.");

    internal static KeyValuePair<string, object?> Tag(string worker) => new("worker", worker);
}
