using JeanTrail.Kernel.Data;
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
    /// <param name="KeyHint">The end of the key, or null when there is none.</param>
    public sealed record Provider(
        Guid Id, string Name, string Slug, string BaseUrl, string? KeyHint, bool Enabled, DateTimeOffset CreatedAt, LastCheck? LastCheck);

    public sealed record LastCheck(DateTimeOffset At, bool Ok, int LatencyMs, string? Detail, int ModelCount);

    internal static readonly Provider Example = new(
        new Guid("019cad9e-40b3-7c95-8d27-f1e06a5b3c48"), "Harbour Models", "harbour-models", "https://models.example.org/v1", "…d41c", Enabled: true,
        new(2026, 3, 2, 8, 15, 55, TimeSpan.Zero), new LastCheck(new(2026, 3, 14, 9, 28, 30, TimeSpan.Zero), Ok: true, LatencyMs: 84, Detail: null, ModelCount: 2));

    const string Sql = $"select {ProviderRow.Columns} from gateway.provider order by created_at, provider_id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/providers", Handle)
            .WithName("Gateway_ListProviders")
            .WithSummary("Lists the connected providers.")
            .WithExample(response: Page.Whole<Provider>([Example]))
            .RequireAuthorization(Policies.Owner);

    static async Task<Ok<Page<Provider>>> Handle(Db db, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<ProviderRow>(Sql, null, cancel);
        return TypedResults.Ok(Page.Whole<Provider>([.. rows.Select(row => row.ToView())]));
    }
}
