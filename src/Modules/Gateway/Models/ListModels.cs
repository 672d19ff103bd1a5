using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Routes;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Models;

internal static class ListModels
{
    /// <param name="Id">A route's name, <c>jean/basic</c>, or the provider's slug, a slash and the model's own name.</param>
    /// <param name="BuiltIn">Needs no provider and leaves nothing to the network.</param>
    /// <param name="Route">Stands for one of several models.</param>
    public sealed record Item(string Id, string Name, Guid? ProviderId, string? ProviderName, bool BuiltIn, bool IsDefault, bool Route = false);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/models", Handle)
            .WithName("Gateway_ListModels")
            .WithSummary("Lists what can answer: the routes, the built-in engine and the models of all providers that are switched on.")
            .WithExample(response: Page.Whole<Item>(
            [
                new("smart", "smart", null, null, BuiltIn: false, IsDefault: false, Route: true),
                new(GatewayErrors.BasicModel, "Jean", null, null, BuiltIn: true, IsDefault: false),
                new("harbour-models/lighthouse-8b", "lighthouse-8b", ListProviders.Example.Id, ListProviders.Example.Name, BuiltIn: false, IsDefault: true),
            ]))
            .RequireAuthorization(Policies.SignedIn)
            .OpenToKeys(ApiScopes.GatewayRead);

    static async Task<Ok<Page<Item>>> Handle(
        Caller caller, RouteDirectory routes, ProviderDirectory providers, ModelLists lists, DefaultModels defaults, CancellationToken cancel)
    {
        var preferred = await defaults.GetAsync(caller.UserId, cancel);
        var enabled = (await providers.ListAsync(cancel)).Where(provider => provider.Enabled).ToList();
        var models = await Task.WhenAll(enabled.Select(provider => lists.GetAsync(provider, cancel)));
        var items = (await routes.AllAsync(cancel)).Values.Where(route => route.Enabled).OrderBy(route => route.Name, StringComparer.Ordinal)
            .Select(route => new Item(route.Name, route.Name, null, null, BuiltIn: false, route.Name == preferred, Route: true)).ToList();
        items.Add(new Item(GatewayErrors.BasicModel, "Jean", null, null, BuiltIn: true, preferred == GatewayErrors.BasicModel));
        foreach (var (provider, names) in enabled.Zip(models))
            items.AddRange(names.Select(name => ItemOf(provider, name, preferred)));
        return TypedResults.Ok(Page.Whole<Item>(items));
    }

    static Item ItemOf(ProviderRow provider, string name, string preferred)
    {
        var id = ModelName.Of(provider.Slug, name);
        return new Item(id, name, provider.ProviderId, provider.Name, BuiltIn: false, id == preferred);
    }
}
