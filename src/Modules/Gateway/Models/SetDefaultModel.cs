using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Routes;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Models;

internal static class SetDefaultModel
{
    public sealed record Request([Required, StringLength(ModelName.MaxLength)] string ModelId);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/default-model", Handle)
            .WithName("Gateway_SetDefaultModel")
            .WithSummary("Chooses the model the person's new conversations begin with.")
            .WithExample(new Request("harbour-models/lighthouse-8b"))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, Caller caller, RouteDirectory routes, ProviderDirectory providers, ModelLists lists, DefaultModels defaults, CancellationToken cancel)
    {
        if (!await ExistsAsync(request.ModelId, routes, providers, lists, cancel))
            return GatewayErrors.ModelUnknown.ToProblem();
        await defaults.SetAsync(caller.UserId, request.ModelId, cancel);
        return TypedResults.NoContent();
    }

    static async Task<bool> ExistsAsync(string modelId, RouteDirectory routes, ProviderDirectory providers, ModelLists lists, CancellationToken cancel)
    {
        if (modelId == GatewayErrors.BasicModel)
            return true;
        if ((await routes.AllAsync(cancel)).TryGetValue(modelId, out var route))
            return route.Enabled;
        return ModelName.TryParse(modelId, out var slug, out var model)
            && await providers.FindAsync(slug, cancel) is { Enabled: true } provider
            && (await lists.GetAsync(provider, cancel)).Contains(model, StringComparer.Ordinal);
    }
}
