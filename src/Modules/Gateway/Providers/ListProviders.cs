using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Providers;

internal static class ListProviders
{
    /// <summary>An upstream AI service. Its key is kept encrypted and never given back.</summary>
    /// <param name="Slug">The first part of its models' ids; it does not change with the name.</param>
    /// <param name="Kind">How its API speaks: <c>openai anthropic gemini</c>.</param>
    /// <param name="KeyHint">The end of the key, or null when there is none.</param>
    /// <param name="Keys">Further ones, with which it takes turns.</param>
    public sealed record Provider(
        Guid Id, string Name, string Slug, string Kind, string BaseUrl, string? KeyHint, IReadOnlyList<Key> Keys, bool Enabled, DateTimeOffset CreatedAt, LastCheck? LastCheck);

    /// <param name="RestsUntil">The provider refused it, or asked to slow down, and until then this node uses the others. Null: it is in use.</param>
    public sealed record Key(Guid Id, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? RestsUntil);

    public sealed record LastCheck(DateTimeOffset At, bool Ok, int LatencyMs, string? Detail, int ModelCount);

    internal static readonly Provider Example = new(
        new Guid("019cad9e-40b3-7c95-8d27-f1e06a5b3c48"), "Harbour Models", "harbour-models", "openai", "https://models.example.org/v1", "…d41c",
        [new(new Guid("019cad9f-1c52-7d06-b0a9-6a3e5f8c2d17"), "…93be", new(2026, 3, 5, 16, 40, 2, TimeSpan.Zero), RestsUntil: null)], Enabled: true,
        new(2026, 3, 2, 8, 15, 55, TimeSpan.Zero), new LastCheck(new(2026, 3, 14, 9, 28, 30, TimeSpan.Zero), Ok: true, LatencyMs: 84, Detail: null, ModelCount: 2));

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/providers", Handle)
            .WithName("Gateway_ListProviders")
            .WithSummary("Lists the connected providers.")
            .WithExample(response: Page.Whole<Provider>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Provider>>> Handle(ProviderDirectory providers, ProviderKeys keys, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole<Provider>([.. (await providers.ReadAsync(cancel)).Select(row => row.ToView(keys))]));
}
