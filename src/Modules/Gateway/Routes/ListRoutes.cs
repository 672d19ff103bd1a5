using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Routes;

internal static class ListRoutes
{
    /// <param name="Name">What callers ask for as the model.</param>
    /// <param name="Version">For changing it.</param>
    /// <param name="Warnings">What is worth a look, such as a model that its provider does not list.</param>
    public sealed record Item(Guid Id, string Name, bool Enabled, RouteDefinition Definition, int Version, DateTimeOffset UpdatedAt, IReadOnlyList<string> Warnings);

    internal static readonly Item Example = new(
        new Guid("019cb2d1-8f06-7a41-9c3e-52d7b0e46f18"), "smart", Enabled: true,
        new RouteDefinition(
            RouteStrategy.Priority,
            [
                new("harbour-models/lighthouse-8b", When: new RouteConditions(MaxInputTokens: 6000)),
                new("harbour-models/lighthouse-70b", When: new RouteConditions(Hours: new RouteHours(new(7, 0), new(22, 0), "Europe/Lisbon"))),
            ],
            Sticky: true,
            Cache: new RouteCache(),
            Guardrails: [new GuardrailRule("mask", "input", Data: ["email", "card"])]),
        Version: 3, new(2026, 3, 9, 11, 2, 47, TimeSpan.Zero), ["harbour-models/lighthouse-70b: the provider does not list this model."]);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/routes", Handle)
            .WithName("Gateway_ListRoutes")
            .WithSummary("Lists the routes: public model names that stand for one of several models.")
            .WithExample(response: Page.Whole<Item>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Item>>> Handle(RouteDirectory directory, RouteChecks checks, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole<Item>(await Task.WhenAll((await directory.ReadAsync(cancel)).Select(route => checks.ViewAsync(route, cancel)))));
}
