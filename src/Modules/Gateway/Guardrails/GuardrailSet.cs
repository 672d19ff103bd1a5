using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>The pipelines of all routes. Expressions are compiled once for each version of a route's rules, however often the route is read.</summary>
internal sealed class GuardrailSet
{
    /// <summary>More rules than this are hardly in use at once; the rest are those of earlier versions.</summary>
    const int Most = 500;

    readonly ConditionalWeakTable<RouteDefinition, RoutePipeline> byRule = [];
    readonly ConcurrentDictionary<string, RoutePipeline> byText = new(StringComparer.Ordinal);

    internal RoutePipeline Of(RouteDefinition route) => route.Guardrails is { Count: > 0 } ? byRule.GetValue(route, Compile) : RoutePipeline.Empty;

    RoutePipeline Compile(RouteDefinition route)
    {
        if (byText.Count > Most)
            byText.Clear();
        return byText.GetOrAdd(JsonSerializer.Serialize(route.Guardrails, KernelJson.Options), static (_, rules) => RoutePipeline.Of(rules), route.Guardrails!);
    }
}
