using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;

namespace JeanTrail.Gateway.Routes;

/// <summary>A model at a provider that may answer.</summary>
/// <param name="Model">The provider's own name for it.</param>
/// <param name="Thinking">What the route says about its thinking; null says nothing.</param>
internal sealed record RouteTarget(ProviderRow Provider, string Model, IDialect Dialect, TargetHealth Health, bool? Thinking = null)
{
    /// <summary><c>provider/model</c>.</summary>
    internal string Id { get; } = ModelName.Of(Provider.Slug, Model);

    /// <summary>Responses can be asked for as chat completions wherever those are spoken.</summary>
    internal bool Serves(Surface surface) => Dialect.Speaks(surface) || (surface == Surface.Responses && Dialect.Speaks(Surface.ChatCompletions));
}

/// <summary>Where a call goes: the targets in the order they are to be tried.</summary>
/// <param name="Name">The public name that was asked for.</param>
/// <param name="Decision">Why in this order, in words, for the trace.</param>
/// <param name="Skipped">Who was not considered, and why.</param>
/// <param name="Rule">Of the route; of a model asked by its own name, the defaults.</param>
internal sealed record RoutePlan(string Name, IReadOnlyList<RouteTarget> Targets, string Decision, IReadOnlyList<SkippedTarget> Skipped, RouteDefinition Rule)
{
    /// <summary>The owner made it; otherwise a model was asked by its own name.</summary>
    internal bool IsRoute => Rule.Targets.Count > 0;
}

/// <param name="Model"><c>provider/model</c>.</param>
/// <param name="Reason">A sentence.</param>
internal sealed record SkippedTarget(string Model, string Reason);
