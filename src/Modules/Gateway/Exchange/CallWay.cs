using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Guardrails;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Replies;
using JeanTrail.Gateway.Responses;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;

namespace JeanTrail.Gateway.Exchange;

/// <summary>Opens another call on behalf of the same consumer.</summary>
internal delegate Task<(ExchangeReply? Reply, Fault? Fault)> OpenCall(GatewayCall call, CancellationToken cancel);

/// <summary>The way of a call to its answer: planned, guarded, reserved, looked up, asked, guarded again.</summary>
internal sealed class CallWay(RoutePlanner planner, GuardrailSet guardrails, ILimits limits, ReplyCache replies, Attempts attempts, ILedger ledger)
{
    /// <summary>An answer that has begun, or why there is none. What happens on the way is written into <paramref name="entry"/>.</summary>
    internal async Task<(ReplyBody? Reply, Fault? Fault)> AskAsync(GatewayCall call, CallEntry entry, Closing closing, OpenCall open, CancellationToken cancel)
    {
        if (!(await planner.PlanAsync(new RouteQuestion(call.Surface, call.Body, call.Shape, call.Consumer.Plan), cancel)).TryGet(out var plan, out var refused))
            return (null, new Fault(refused, Blame.Client));
        entry.Decision = plan.Decision;
        entry.OwnRoute = plan.IsRoute ? plan.Name : "";

        var guards = guardrails.Of(plan.Rule);
        if (!guards.CheckInput(call, entry).TryGet(out call, out refused))
            return (null, new Fault(refused, Blame.Client));
        closing.Kept = plan.Rule.KeepBodies && !call.KeepNothing ? call : null;

        var output = call.Shape.MaxOutputTokens ?? RouteRules.TypicalOutputTokens;
        var estimate = new CallAmounts(entry.EstimatedInputTokens + output, ledger.EstimateMicros(plan.Targets[0].Id, entry.EstimatedInputTokens, output));
        if (!(await limits.ReserveAsync(call.Consumer, plan.Name, estimate, cancel)).TryGet(out var reservation, out var exhausted))
            return (null, new Fault(exhausted, Blame.Client));
        closing.Reservation = reservation;

        return await replies.OpenAsync(new CacheQuestion(plan, call, entry), inner => AttemptAsync(plan, guards, call, entry, inner), open, cancel);
    }

    async Task<(ReplyBody? Reply, Fault? Fault)> AttemptAsync(RoutePlan plan, RoutePipeline guards, GatewayCall call, CallEntry entry, CancellationToken cancel)
    {
        var (reply, fault) = await attempts.RunAsync(plan, call, entry, cancel);
        if (reply is null)
            return (null, fault);
        entry.Answers(reply.Target.Provider, reply.Target.Id);
        entry.Facts = reply.Facts;
        // Guarded as the caller will read it.
        ReplyBody answer = reply.Surface == call.Surface ? reply : new ChatAsResponse(reply, call, entry.StartedAt);
        return await guards.OverAsync(answer, call, entry, cancel);
    }
}
