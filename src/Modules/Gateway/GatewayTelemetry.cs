using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JeanTrail.Gateway;

internal static class GatewayTelemetry
{
    const string Name = "JeanTrail.Gateway";

    internal static readonly ActivitySource Activities = new(Name);

    static readonly Meter Meter = new(Name);

    static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("gateway.call.duration", "s", "Time of a model call, from the request to its end.");
    static readonly Histogram<double> FirstToken = Meter.CreateHistogram<double>("gateway.time_to_first_token", "s", "Time until the first piece of an answer.");
    static readonly Counter<long> Retries = Meter.CreateCounter<long>("gateway.call.retries", "{retry}", "Requests repeated before the first token.");

    internal static void CallEnded(TimeSpan total, TimeSpan? first, string outcome, bool builtIn)
    {
        var tags = new TagList { { "outcome", outcome }, { "engine", builtIn ? "basic" : "provider" } };
        Duration.Record(total.TotalSeconds, tags);
        if (first is { } time)
            FirstToken.Record(time.TotalSeconds, tags);
    }

    internal static void Retried() => Retries.Add(1);
}
