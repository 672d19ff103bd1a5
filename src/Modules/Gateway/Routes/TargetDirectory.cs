using System.Collections.Concurrent;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Routes;

/// <summary>Finds targets by their names, and keeps what is known of their health.</summary>
internal sealed class TargetDirectory(ProviderDirectory providers, DialectSet dialects, TimeProvider clock)
{
    readonly ConcurrentDictionary<string, Known> healths = new(StringComparer.Ordinal);

    /// <summary>Errors: <c>gateway.model_unknown</c>, <c>gateway.provider_disabled</c>.</summary>
    /// <param name="modelId"><c>provider/model</c>.</param>
    /// <param name="named">The name stands in a route, not only in a request.</param>
    internal async ValueTask<Result<RouteTarget>> FindAsync(string modelId, bool? thinking, bool named, CancellationToken cancel)
    {
        if (!ModelName.TryParse(modelId, out var slug, out var model) || await providers.FindAsync(slug, cancel) is not { } provider)
            return GatewayErrors.ModelUnknown;
        if (!provider.Enabled)
            return GatewayErrors.ProviderDisabled;
        return new RouteTarget(provider, model, dialects.Of(provider.Kind), HealthOf(modelId, provider, named || Array.IndexOf(provider.Models, model) >= 0), thinking);
    }

    /// <summary>Of every model that was asked or stands in a route, by <c>provider/model</c>.</summary>
    internal IEnumerable<(string ModelId, TargetHealth Health)> Healths => healths.Select(each => (each.Key, each.Value.Health));

    /// <summary>
    /// Callers may ask for any name: what nobody knows is not remembered, or memory would be theirs to fill. A provider that was changed since
    /// begins anew, so that a corrected address or key is tried at once.
    /// </summary>
    TargetHealth HealthOf(string modelId, ProviderRow provider, bool known)
    {
        if (healths.TryGetValue(modelId, out var present) && present.Since == provider.UpdatedAt)
            return present.Health;
        var fresh = new Known(new TargetHealth(clock), provider.UpdatedAt);
        return known ? healths.AddOrUpdate(modelId, fresh, (_, other) => other.Since == provider.UpdatedAt ? other : fresh).Health : fresh.Health;
    }

    sealed record Known(TargetHealth Health, DateTimeOffset Since);
}
