using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Routes;

internal static class ListTargets
{
    /// <summary>What this node knows of a model at a provider.</summary>
    /// <param name="Model"><c>provider/model</c>.</param>
    /// <param name="Circuit"><c>closed</c>: asked as usual; <c>open</c>: left alone after failures; <c>half-open</c>: one call may try.</param>
    /// <param name="LatencyMs">To the first piece of an answer, of late; null while nothing is known.</param>
    /// <param name="P95Ms">The same for the slow ones: 95 of 100 were faster. Null while too little is known.</param>
    /// <param name="Running">Calls under way.</param>
    /// <param name="RestMs">How long it is left alone still.</param>
    /// <param name="LastError">Code of what went wrong since its last success.</param>
    public sealed record Target(string Model, string Circuit, double? LatencyMs, double? P95Ms, int Running, double? RestMs, string? LastError);

    internal static readonly Target Example = new("harbour-models/lighthouse-8b", "closed", LatencyMs: 212.4, P95Ms: 540, Running: 3, RestMs: null, LastError: null);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/targets", Handle)
            .WithName("Gateway_ListTargets")
            .WithSummary("Lists what this node knows of each model that stands in a route or was asked: whether it answers, how fast, and how much it has to do.")
            .WithExample(response: Page.Whole<Target>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Target>>> Handle(RouteDirectory directory, TargetDirectory targets, ProviderDirectory providers, CancellationToken cancel)
    {
        // Targets that were never asked are known from here on, too.
        foreach (var rule in (await directory.AllAsync(cancel)).Values.SelectMany(route => route.Rule.Targets))
            await targets.FindAsync(rule.Model, rule.Thinking, named: true, cancel);
        var connected = (await providers.ListAsync(cancel)).Where(provider => provider.Enabled).Select(provider => provider.Slug).ToHashSet(StringComparer.Ordinal);
        return TypedResults.Ok(Page.Whole<Target>(
        [
            .. targets.Healths.Where(each => ModelName.TryParse(each.ModelId, out var slug, out _) && connected.Contains(slug))
                .OrderBy(each => each.ModelId, StringComparer.Ordinal).Select(each => each.Health.ToView(each.ModelId)),
        ]));
    }
}
