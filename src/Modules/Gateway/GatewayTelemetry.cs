using System.Diagnostics;
using System.Diagnostics.Metrics;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using Meter = System.Diagnostics.Metrics.Meter;

namespace JeanTrail.Gateway;

internal static class GatewayTelemetry
{
    const string Name = "JeanTrail.Gateway";

    internal static readonly ActivitySource Activities = new(Name);

    static readonly Meter Meter = new(Name);

    static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("gateway.call.duration", "s", "Time of a model call, from the request to its end.");
    static readonly Histogram<double> FirstToken = Meter.CreateHistogram<double>("gateway.time_to_first_token", "s", "Time until the first piece of an answer.");
    static readonly Counter<long> Tokens = Meter.CreateCounter<long>("gateway.tokens", "{token}", "Tokens read and written by models.");
    static readonly Counter<double> Cost = Meter.CreateCounter<double>("gateway.cost", "{currency}", "Cost of calls, in the currency of the price list.");
    static readonly Counter<long> Retries = Meter.CreateCounter<long>("gateway.call.retries", "{retry}", "Requests repeated before the first token.");
    static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>("gateway.call.fallbacks", "{fallback}", "Requests put to another target, by why the one before did not answer.");
    static readonly Counter<long> Hedges = Meter.CreateCounter<long>("gateway.call.hedges", "{hedge}", "Second targets asked beside a slow first one, by whether they answered first.");
    static readonly Counter<long> Circuits = Meter.CreateCounter<long>("gateway.circuit.changes", "{change}", "Targets that were given up, tried again, or came back.");
    static readonly Counter<long> KeyRests = Meter.CreateCounter<long>("gateway.key.rests", "{rest}", "Keys of providers that were refused or exhausted, and rest.");

    static readonly UpDownCounter<long> WritesWaiting = Meter.CreateUpDownCounter<long>("gateway.writes.waiting", "{entry}", "Entries that are to be written behind.");
    static readonly Counter<long> WritesDropped = Meter.CreateCounter<long>("gateway.writes.dropped", "{entry}", "Entries that were to be written behind and were lost.");
    static readonly Counter<long> CacheRequests = Meter.CreateCounter<long>("gateway.cache.requests", "{request}", "Calls that asked the reply cache, by what it said.");

    static IReadOnlyDictionary<string, int> alertsOpen = new Dictionary<string, int>();

    static readonly ObservableGauge<int> Alerts = Meter.CreateObservableGauge(
        "gateway.alerts.open", () => alertsOpen.Select(each => new Measurement<int>(each.Value, new KeyValuePair<string, object?>("kind", each.Key))), "{alert}", "Alerts that last, on the node that looked last.");

    static IReadOnlyList<ListLimits.Item> limits = [];

    static readonly ObservableGauge<double> LimitsFull = Meter.CreateObservableGauge(
        "gateway.limit.used", () => limits.Select(UsedOf), "1", "How much of each limit and budget is spent or held in its present window, on the node that looked last.");

    /// <summary>Calls that ended and are not yet in the books.</summary>
    internal static readonly UpDownCounter<long> LedgerDepth = Meter.CreateUpDownCounter<long>("gateway.ledger.depth", "{call}", "Ended calls that wait to be written.");

    internal static readonly Counter<long> LedgerDropped = Meter.CreateCounter<long>("gateway.ledger.dropped", "{call}", "Calls that the books lost because the database was away too long or refused them.");

    /// <param name="provider">Slug of who answered, or was asked last; <c>jean</c> for the built-in engine, empty for nobody.</param>
    /// <param name="route">A route of the owner's; empty for a model that was asked by its own name.</param>
    internal static void CallEnded(TimeSpan total, TimeSpan? first, string outcome, string provider, string route)
    {
        var tags = new TagList { { "outcome", outcome }, { "provider", provider }, { "route", route } };
        Duration.Record(total.TotalSeconds, tags);
        if (first is { } time)
            FirstToken.Record(time.TotalSeconds, tags);
    }

    /// <inheritdoc cref="CallEnded"/>
    internal static void Used(TokenCounts counts, long costMicros, string provider, string route)
    {
        if (counts.Input is > 0 and var input)
            Tokens.Add(input, new TagList { { "direction", "input" }, { "provider", provider }, { "route", route } });
        if (counts.Output is > 0 and var output)
            Tokens.Add(output, new TagList { { "direction", "output" }, { "provider", provider }, { "route", route } });
        if (costMicros > 0)
            Cost.Add(costMicros / 1e6, new TagList { { "provider", provider }, { "route", route } });
    }

    /// <param name="byKind">Of a closed set: <c>errors latency</c>.</param>
    internal static void AlertsOpen(IReadOnlyDictionary<string, int> byKind) => Volatile.Write(ref alertsOpen, byKind);

    internal static void LimitsUsed(IReadOnlyList<ListLimits.Item> now) => Volatile.Write(ref limits, now);

    static Measurement<double> UsedOf(ListLimits.Item limit) => new(
        (double)(limit.Spent + limit.Held) / limit.Amount,
        new KeyValuePair<string, object?>("limit", limit.Id.ToString()), new KeyValuePair<string, object?>("subject", limit.SubjectKind),
        new KeyValuePair<string, object?>("meter", limit.Meter), new KeyValuePair<string, object?>("window", limit.Window));

    internal static void Retried() => Retries.Add(1);

    internal static void FellBack(Error error) => Fallbacks.Add(1, new KeyValuePair<string, object?>("reason", Reason(error)));

    internal static void Hedged(bool won) => Hedges.Add(1, new KeyValuePair<string, object?>("outcome", won ? "won" : "lost"));

    /// <param name="state"><c>open half-open closed</c>.</param>
    internal static void CircuitChanged(string state) => Circuits.Add(1, new KeyValuePair<string, object?>("state", state));

    internal static void KeyRested(Error error) => KeyRests.Add(1, new KeyValuePair<string, object?>("reason", Reason(error)));

    /// <summary>A closed set, whatever codes there will be.</summary>
    static string Reason(Error error) => error.Code switch
    {
        "gateway.upstream_unreachable" => "unreachable",
        "gateway.upstream_unauthorized" => "unauthorized",
        "gateway.upstream_rate_limited" => "rate_limited",
        "gateway.upstream_quota_exceeded" => "quota_exceeded",
        "gateway.upstream_timeout" => "timeout",
        "gateway.upstream_nonsense" => "nonsense",
        "gateway.upstream_cut" => "cut",
        "gateway.upstream_error" => "error",
        "gateway.context_too_long" => "context_too_long",
        "gateway.model_unknown" => "model_unknown",
        _ => "other",
    };

    /// <param name="queue">Of a closed set: <c>replies bodies</c>.</param>
    internal static void WriteWaits(string queue, int count) => WritesWaiting.Add(count, new KeyValuePair<string, object?>("queue", queue));

    /// <inheritdoc cref="WriteWaits"/>
    internal static void WriteDropped(string queue, int count) => WritesDropped.Add(count, new KeyValuePair<string, object?>("queue", queue));

    /// <param name="outcome"><c>hit miss semantic</c>.</param>
    internal static void CacheAsked(string outcome) => CacheRequests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
