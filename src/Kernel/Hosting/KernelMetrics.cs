using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JeanTrail.Kernel.Hosting;

/// <summary>What the durable parts of the Kernel measure. Tag values come from registrations and enumerations, never from data.</summary>
internal static class KernelMetrics
{
    internal const string Name = "JeanTrail.Kernel";

    internal static readonly Meter Meter = new(Name);
    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Counter<long> LoopFailures = Meter.CreateCounter<long>("kernel.loop.failures", "{failure}", "Failed iterations of background loops, by loop.");
    internal static readonly Counter<long> EventsDispatched = Meter.CreateCounter<long>("kernel.outbox.dispatched", "{event}", "Events handed to the transport.");
    internal static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("kernel.delivery.count", "{delivery}", "Deliveries by consumer and outcome (done, repeated, failed, dead).");
    internal static readonly Histogram<double> DeliveryDuration = Meter.CreateHistogram<double>("kernel.delivery.duration", "s", "Time a consumer took, by consumer.");
    internal static readonly Counter<long> Jobs = Meter.CreateCounter<long>("kernel.job.count", "{job}", "Ended attempts of jobs by kind and outcome (succeeded, retried, failed, cancelled, released, lost).");
    internal static readonly Histogram<double> JobDuration = Meter.CreateHistogram<double>("kernel.job.duration", "s", "Time of one attempt, by kind.");
    internal static readonly UpDownCounter<long> JobsRunning = Meter.CreateUpDownCounter<long>("kernel.job.running", "{job}", "Jobs running on this node.");
    internal static readonly Counter<long> PeriodicRuns = Meter.CreateCounter<long>("kernel.periodic.count", "{run}", "Runs of periodic tasks by task and outcome (done, failed).");
    internal static readonly Counter<long> BroadcastDropped = Meter.CreateCounter<long>("kernel.broadcast.dropped", "{message}", "Messages between nodes dropped because a listener was too slow, by channel.");
    internal static readonly Counter<long> BroadcastGaps = Meter.CreateCounter<long>("kernel.broadcast.gaps", "{gap}", "Times the listening connection was lost and made again.");
    internal static readonly UpDownCounter<long> LiveConnections = Meter.CreateUpDownCounter<long>("kernel.live.connections", "{connection}", "Open live connections of browsers.");
    internal static readonly Counter<long> LivePublishFailures = Meter.CreateCounter<long>("kernel.live.publish_failures", "{event}", "Live events that could not be sent.");
    internal static readonly Counter<long> CacheRequests = Meter.CreateCounter<long>("kernel.cache.requests", "{request}", "Cache look-ups by outcome (hit, miss, joined).");
    internal static readonly Counter<long> BlobBytes = Meter.CreateCounter<long>("kernel.blob.written", "By", "Bytes of new blobs written.");
    internal static readonly Counter<long> Letters = Meter.CreateCounter<long>("kernel.mail.count", "{letter}", "Attempts to send a letter by outcome (sent, failed, given_up).");
    internal static readonly Counter<long> Idempotency = Meter.CreateCounter<long>("kernel.idempotency.count", "{request}", "Requests with an idempotency key by outcome (first, replayed, running, mismatch).");
}
