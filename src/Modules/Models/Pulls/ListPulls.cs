using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Pulls;

internal static class ListPulls
{
    public enum PullState
    {
        Waiting,
        Running,
        Installed,
        Failed,
        Cancelled,
    }

    /// <param name="TotalBytes">Null until the server of the file has told.</param>
    /// <param name="BytesPerSecond">On average since it was taken up; null when it does not run.</param>
    /// <param name="UnpackedBytes">Of an archive that has arrived: how much of it is unpacked; null before and after.</param>
    /// <param name="ErrorCode">Why it failed, such as <c>models.checksum_wrong</c>.</param>
    public sealed record Pull(
        Guid Id, string Source, string Name, string Licence, PullState State, long ReceivedBytes, long? TotalBytes, long? BytesPerSecond, long? UnpackedBytes,
        string? ErrorCode, string? ErrorDetail, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt);

    internal static readonly Pull Example = new(
        new Guid("019cb0a1-72c4-7f35-9d1e-4b8a6c2f0e53"), "catalogue:qwen3-0.6b", "qwen3-0.6b", "Apache-2.0", PullState.Running, 214_958_080, 639_446_688, 11_534_336,
        UnpackedBytes: null, ErrorCode: null, ErrorDetail: null, new(2026, 3, 14, 9, 20, 11, TimeSpan.Zero), EndedAt: null);

    const string Sql = $"""
        select {PullRow.Columns} from models.pull
        where @At::timestamptz is null or (created_at, pull_id) < (@At, @Id::uuid)
        order by created_at desc, pull_id desc limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/pulls", Handle)
            .WithName("Models_ListPulls")
            .WithSummary("Lists pulls, the newest first.")
            .WithExample(response: Page.Whole<Pull>([Example]))
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Ok<Page<Pull>>> Handle(PageRequest page, Db db, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<PullRow>(Sql, new { page.At, page.Id, page.Take }, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.PullId), row => row.ToView()));
    }
}
