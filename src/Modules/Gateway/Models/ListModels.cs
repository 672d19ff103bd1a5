using JeanTrail.Gateway.Providers;
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
    /// <param name="Id"><c>jean/basic</c>, or the provider's slug, a slash and the model's own name.</param>
    /// <param name="BuiltIn">Needs no provider and leaves nothing to the network.</param>
    public sealed record Item(string Id, string Name, Guid? ProviderId, string? ProviderName, bool BuiltIn, bool IsDefault);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/models", Handle)
            .WithName("Gateway_ListModels")
            .WithSummary("Lists what can answer: the built-in engine and the models of all providers that are switched on.")
            .WithExample(response: Page.Whole<Item>(
            [
                new(GatewayErrors.BasicModel, "Jean", null, null, BuiltIn: true, IsDefault: false),
                new("harbour-models/lighthouse-8b", "lighthouse-8b", ListProviders.Example.Id, ListProviders.Example.Name, BuiltIn: false, IsDefault: true),
            ]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Page<Item>>> Handle(
        Caller caller, ProviderDirectory providers, ModelLists lists, DefaultModels defaults, CancellationToken cancel)
    {
        var preferred = await defaults.GetAsync(caller.UserId, cancel);
        var enabled = (await providers.ListAsync(cancel)).Where(provider => provider.Enabled).ToList();
        var models = await Task.WhenAll(enabled.Select(provider => lists.GetAsync(provider, cancel)));
        var items = new List<Item> { new(GatewayErrors.BasicModel, "Jean", null, null, BuiltIn: true, preferred == GatewayErrors.BasicModel) };
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
