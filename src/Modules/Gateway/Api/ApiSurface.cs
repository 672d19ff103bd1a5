using JeanTrail.Gateway.Exchange;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Api;

/// <summary>The endpoints of OpenAI's API, below <c>/v1</c>. They are let in by virtual key, not by session, and stand outside the house's own API document.</summary>
internal static class ApiSurface
{
    /// <summary>Conversations with pictures in them are large.</summary>
    const long MaxJsonBytes = 32 * 1024 * 1024;

    /// <summary>OpenAI's own limit on files is 25 MB each; image edits take several.</summary>
    const long MaxFormBytes = 128 * 1024 * 1024;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var surface in Surfaces.All)
        {
            routes.MapPost(surface.Path(), (RequestDelegate)(context => context.RequestServices.GetRequiredService<ApiRequests>().ServeAsync(context, surface)))
                .WithBodyLimit(surface.IsForm() ? MaxFormBytes : MaxJsonBytes)
                .ExcludeFromDescription()
                .AllowAnonymous()
                .DisableValidation()
                // Nothing that stands between routing and endpoint (sessions, proof of origin, limits by person) is for programs with a key.
                .ShortCircuit();
        }

        ListApiModels.Map(routes);
        OwnKey.Map(routes);
    }
}
