using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Traces;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Exchange;

/// <summary>Settles a call and closes its entry, once.</summary>
internal sealed class Closing(CallEntry entry, ILedger ledger, TimeProvider clock, long began)
{
    bool closed;

    internal IReservation? Reservation { get; set; }

    /// <summary>The call as it went on from the guardrails, when its route keeps what is said.</summary>
    internal GatewayCall? Kept { get; set; }

    internal CallRecording? Recording { get; set; }

    internal void Fail(Error error, Blame blame) => (entry.Outcome, entry.Error, entry.Blame, entry.Status) = (CallOutcomes.Failed, error, blame, error.Status);

    internal void Complete() => (entry.Outcome, entry.Status) = (CallOutcomes.Completed, 200);

    internal void Close()
    {
        if (closed)
            return;
        closed = true;
        // Nobody said how it ended: whoever read it stopped reading.
        entry.Outcome ??= CallOutcomes.Cancelled;
        entry.Total = clock.GetElapsedTime(began);
        var counts = TokenCounts.Of(entry);
        var cost = ledger.CostMicros(entry);
        Reservation?.Settle(new CallAmounts((counts.Input ?? 0) + (counts.Output ?? 0), cost));
        GatewayTelemetry.CallEnded(entry.Total, entry.FirstByte, entry.Outcome, entry.Provider, entry.OwnRoute);
        GatewayTelemetry.Used(counts, cost, entry.Provider, entry.OwnRoute);
        if (entry.Cache is { } outcome)
            GatewayTelemetry.CacheAsked(outcome);
        try
        {
            Recording?.Keep();
        }
        finally
        {
            ledger.Close(entry);
        }
    }
}
