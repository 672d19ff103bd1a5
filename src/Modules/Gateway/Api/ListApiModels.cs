using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Keys;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Api;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{model}</c>: what a key may ask for. Source: OpenAI API reference, models.</summary>
internal static class ListApiModels
{
    internal sealed record Model(string Id, string Object, long Created, string OwnedBy);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("models", (HttpContext context, Catalogue catalogue) => catalogue.ListAsync(context)).ExcludeFromDescription().AllowAnonymous();
        routes.MapGet("models/{**model}", (string model, HttpContext context, Catalogue catalogue) => catalogue.OneAsync(context, model)).ExcludeFromDescription().AllowAnonymous();
    }

    /// <summary>Routes first: they are what an owner means callers to use.</summary>
    internal sealed class Catalogue(KeyRing keys, RouteDirectory routes, ProviderDirectory providers, ModelLists lists)
    {
        internal async Task ListAsync(HttpContext context)
        {
            if (await AllowedAsync(context) is { } models)
                await context.Response.WriteAsJsonAsync(new { @object = "list", data = models.Select(View) }, context.RequestAborted);
        }

        internal async Task OneAsync(HttpContext context, string id)
        {
            if (await AllowedAsync(context) is not { } models)
                return;
            if (models.Find(model => model.Id == id) is { } found)
                await context.Response.WriteAsJsonAsync(View(found), context.RequestAborted);
            else
                await ApiErrors.WriteAsync(context, GatewayErrors.ModelUnknown);
        }

        /// <summary>Null when the request was answered with an error.</summary>
        async Task<List<Model>?> AllowedAsync(HttpContext context)
        {
            var cancel = context.RequestAborted;
            if (!(await keys.FindAsync(ApiRequests.Secret(context.Request), cancel)).TryGet(out var grant, out var error))
            {
                await ApiErrors.WriteAsync(context, error);
                return null;
            }

            var enabled = (await providers.ListAsync(cancel)).Where(provider => provider.Enabled).ToList();
            var names = await Task.WhenAll(enabled.Select(provider => lists.GetAsync(provider, cancel)));
            var all = (await routes.AllAsync(cancel)).Values.Where(route => route.Enabled).Select(route => new Model(route.Name, "model", route.UpdatedAt.ToUnixTimeSeconds(), "jeantrail"))
                .Concat(enabled.Zip(names).SelectMany(pair => pair.Second.Select(name => new Model(ModelName.Of(pair.First.Slug, name), "model", pair.First.CreatedAt.ToUnixTimeSeconds(), pair.First.Slug))));
            return [.. all.Where(model => Array.Exists(Surfaces.All, surface => grant.Allows(surface, model.Id)))];
        }

        static object View(Model model) => new { id = model.Id, @object = model.Object, created = model.Created, owned_by = model.OwnedBy };
    }
}
