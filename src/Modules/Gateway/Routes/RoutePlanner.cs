using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Routes;

/// <summary>What of a request a route may look at.</summary>
internal sealed record RouteQuestion(Surface Surface, ReadOnlyMemory<byte> Body, RequestShape Shape, string Plan);

/// <summary>Decides where a call goes. The same answer serves the call and the dry run.</summary>
internal sealed class RoutePlanner(RouteDirectory routes, TargetDirectory targets, ILedger ledger, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>What holds for a model that is asked by its own name.</summary>
    readonly RouteDefinition direct = new(
        RouteStrategy.Priority, [], options.Value.MaxRetries + 1, (int)Math.Ceiling(options.Value.RetryDeadline.TotalSeconds), Cache: new RouteCache("off"));

    /// <summary>Errors: <c>gateway.model_unknown</c>, <c>gateway.provider_disabled</c>, <c>gateway.no_target</c> (no target takes such a request).</summary>
    internal async ValueTask<Result<RoutePlan>> PlanAsync(RouteQuestion question, CancellationToken cancel)
    {
        var name = question.Shape.Model;
        if ((await routes.AllAsync(cancel)).TryGetValue(name, out var route))
            return route.Enabled ? await PlanAsync(route, question, cancel) : GatewayErrors.ModelUnknown;
        if (!(await targets.FindAsync(name, thinking: null, named: false, cancel)).TryGet(out var target, out var error))
            return error;
        return target.Serves(question.Surface)
            ? new RoutePlan(name, [target], "asked by its own name", [], direct)
            : GatewayErrors.NoTarget($"{name} cannot do this: its provider has no {question.Surface.Path()}.");
    }

    async ValueTask<Result<RoutePlan>> PlanAsync(RouteEntry route, RouteQuestion question, CancellationToken cancel)
    {
        var fit = new List<Candidate>(route.Rule.Targets.Count);
        var skipped = new List<SkippedTarget>();
        foreach (var rule in route.Rule.Targets)
        {
            var found = await targets.FindAsync(rule.Model, rule.Thinking, named: true, cancel);
            var reason = found.TryGet(out var target, out var error) ? Objection(target, rule, question) : error.Detail;
            if (reason is null)
                fit.Add(new Candidate(target, rule));
            else
                skipped.Add(new SkippedTarget(rule.Model, reason));
        }

        if (fit.Count == 0)
            return GatewayErrors.NoTarget($"No target of {route.Name} takes this request. {string.Join(' ', skipped.Select(each => $"{each.Model}: {each.Reason}"))}");
        var (ordered, why) = Order(fit, route.Rule, question);
        // Who rests is asked last, and only when nobody else is left; a stable sort keeps the rest in order.
        var awake = ordered.OrderBy(candidate => candidate.Target.Health.Resting is null ? 0 : 1).Select(candidate => candidate.Target).ToArray();
        var resting = awake.Count(target => target.Health.Resting is not null);
        return new RoutePlan(route.Name, awake, resting == 0 ? why : $"{why}; {resting} resting after failures", skipped, route.Rule);
    }

    string? Objection(RouteTarget target, RouteTargetRule rule, RouteQuestion question)
    {
        if (!target.Serves(question.Surface))
            return $"Its provider has no {question.Surface.Path()}.";
        if (rule.Weight == 0)
            return "Its weight is 0.";
        return rule.When is { } when ? RouteRules.Objection(when, question, clock.GetUtcNow()) : null;
    }

    (IEnumerable<Candidate> Ordered, string Why) Order(List<Candidate> fit, RouteDefinition rule, RouteQuestion question)
    {
        if (rule.Sticky && question.Shape.CacheKeyOf(question.Body.Span) is { } key)
            return (fit.OrderByDescending(candidate => RouteRules.StickyScore(key, candidate.Target.Id, candidate.Rule.Weight)), "kept on the target of its conversation");
        return rule.Strategy switch
        {
            RouteStrategy.Weighted => (fit.OrderByDescending(candidate => RouteRules.WeightedDraw(candidate.Rule.Weight, Random.Shared)), "drawn by weight"),
            // Who was never measured comes first, once: otherwise it never would be.
            RouteStrategy.LeastLatency => (fit.OrderBy(candidate => candidate.Target.Health.ExpectedMs), "began to answer soonest of late"),
            RouteStrategy.LeastBusy => (fit.OrderBy(candidate => (candidate.Target.Health.Running + 1.0) / candidate.Rule.Weight), "has the least to do"),
            RouteStrategy.Cheapest => (fit.OrderBy(candidate => EstimateMicros(candidate.Target, question.Shape)), "costs least"),
            _ => (fit, "first in order"),
        };
    }

    long EstimateMicros(RouteTarget target, RequestShape shape)
        => ledger.EstimateMicros(target.Id, shape.EstimatedInputTokens, shape.MaxOutputTokens ?? RouteRules.TypicalOutputTokens);

    sealed record Candidate(RouteTarget Target, RouteTargetRule Rule);
}
