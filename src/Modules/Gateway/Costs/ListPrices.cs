using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Costs;

internal static class ListPrices
{
    /// <summary>One version of a price, in millionths of the installation's currency, as <c>POST /prices</c> takes it.</summary>
    /// <param name="InForce">It counts for calls that begin now, unless a more specific pattern matches.</param>
    public sealed record Item(
        Guid Id, string Pattern, int Version, bool InForce, long InputMicros, long OutputMicros, long? CachedInputMicros, long? CacheWriteMicros, long? ReasoningMicros,
        long RequestMicros, long? ImageMicros, long? AudioSecondMicros, long? CharacterMicros, DateTimeOffset ValidFrom, bool Ended);

    internal static readonly Item Example = new(
        new Guid("019cadab-6b20-7f38-a1d4-7c90e2b5f813"), "harbour-models/lighthouse-8b", 1, InForce: true, 400_000, 1_600_000, CachedInputMicros: 100_000,
        CacheWriteMicros: null, ReasoningMicros: null, RequestMicros: 0, ImageMicros: null, AudioSecondMicros: null, CharacterMicros: null,
        new(2026, 3, 2, 8, 45, 0, TimeSpan.Zero), Ended: false);

    const string Sql = $"select {PriceRow.Columns} from gateway.price order by pattern, valid_from desc, version desc";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/prices", Handle)
            .WithName("Gateway_ListPrices")
            .WithSummary("Lists the prices with their history: by pattern, the newest version first.")
            .WithExample(response: Page.Whole<Item>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);
        routes.MapGet("/prices/csv", HandleCsv)
            .WithName("Gateway_ExportPrices")
            .WithSummary("The same list as CSV, in the form the import takes.")
            .RequireAuthorization(Permissions.GatewayManage);
    }

    static async Task<Ok<Page<Item>>> Handle(Db db, TimeProvider clock, CancellationToken cancel)
        => TypedResults.Ok(Page.Whole<Item>([.. await ReadAsync(db, clock, cancel)]));

    static async Task<ContentHttpResult> HandleCsv(Db db, TimeProvider clock, CancellationToken cancel)
        => TypedResults.Text(PriceCsv.Write(await ReadAsync(db, clock, cancel)), "text/csv; charset=utf-8");

    static async Task<IEnumerable<Item>> ReadAsync(Db db, TimeProvider clock, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<PriceRow>(Sql, null, cancel);
        var now = clock.GetUtcNow();
        return rows.GroupBy(row => row.Pattern, StringComparer.Ordinal)
            .SelectMany(series => series.Select(row => ToView(row, row == series.FirstOrDefault(each => each.ValidFrom <= now) && !row.Ended)));
    }

    internal static Item ToView(PriceRow row, bool inForce)
        => new(
            row.PriceId, row.Pattern, row.Version, inForce, row.InputMicros, row.OutputMicros, row.CachedInputMicros, row.CacheWriteMicros, row.ReasoningMicros,
            row.RequestMicros, row.ImageMicros, row.AudioSecondMicros, row.CharacterMicros, row.ValidFrom, row.Ended);
}
