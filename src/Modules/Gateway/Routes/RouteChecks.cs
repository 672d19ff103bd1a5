using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Routes;

/// <summary>Holds a route against what is connected.</summary>
internal sealed class RouteChecks(ProviderDirectory providers, ModelLists lists)
{
    /// <summary>What keeps a route from being saved: <c>kernel.validation</c> with a sentence for each field. Null when nothing does.</summary>
    internal async Task<Error?> ErrorAsync(string name, RouteDefinition rule, CancellationToken cancel)
    {
        var errors = RouteValidation.Errors(rule);
        var known = await providers.ListAsync(cancel);
        if (name.StartsWith("jean/", StringComparison.Ordinal))
            errors.TryAdd("name", "Names that begin with jean/ are the built-in engine's.");
        else if (known.FirstOrDefault(provider => name.StartsWith(ModelName.Of(provider.Slug, ""), StringComparison.Ordinal)) is { } owner)
            errors.TryAdd("name", $"Names that begin with {owner.Slug}/ are the models of the provider {owner.Name}.");
        foreach (var (field, model) in RouteValidation.Models(rule))
        {
            if (!ModelName.TryParse(model, out var slug, out _))
                errors.TryAdd(field, "A model is named by its provider, a slash and its own name.");
            else if (!known.Any(provider => provider.Slug == slug))
                errors.TryAdd(field, $"There is no provider {slug}.");
        }

        return errors.Count == 0 ? null : KernelErrors.Validation(errors.ToDictionary(error => error.Key, error => new[] { error.Value }, StringComparer.Ordinal));
    }

    /// <summary>What is worth a look, but may be right: lists of models lag behind, and some providers give none.</summary>
    internal async Task<IReadOnlyList<string>> WarningsAsync(RouteDefinition rule, CancellationToken cancel)
        => [.. (await Task.WhenAll(RouteValidation.Models(rule).Select(each => WarningAsync(each.Model, cancel)))).OfType<string>()];

    async Task<string?> WarningAsync(string id, CancellationToken cancel)
    {
        if (!ModelName.TryParse(id, out var slug, out var model) || await providers.FindAsync(slug, cancel) is not { } provider)
            return $"{id}: its provider is not connected any more.";
        if (!provider.Enabled)
            return $"{id}: its provider is switched off.";
        return await lists.GetAsync(provider, cancel) is { Count: > 0 } models && !models.Contains(model, StringComparer.Ordinal)
            ? $"{id}: the provider does not list this model."
            : null;
    }

    internal async Task<ListRoutes.Item> ViewAsync(RouteEntry route, CancellationToken cancel)
        => new(route.RouteId, route.Name, route.Enabled, route.Rule, route.Version, route.UpdatedAt, await WarningsAsync(route.Rule, cancel));
}
