using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Keys;

internal static class ListKeys
{
    /// <summary>A virtual key without its secret, which is shown once when it is made.</summary>
    /// <param name="UserId">Whose calls it makes.</param>
    /// <param name="Hint">The end of the secret.</param>
    /// <param name="Surfaces">The endpoints it may use, such as <c>chat embeddings</c>; <c>*</c> means all.</param>
    /// <param name="Models">The models and routes it may use: names, beginnings such as <c>provider/*</c>, or <c>*</c>.</param>
    /// <param name="LastUsedAt">To the minute.</param>
    /// <param name="PreviousUntil">Until when the secret before the last rotation still works; null when there was none.</param>
    /// <param name="Version">To be given with a change.</param>
    /// <param name="RotateEveryDays">How often it is to have a new secret by itself; null for never.</param>
    /// <param name="OverlapHours">How long the secret before works then.</param>
    /// <param name="RotateAt">When that comes due next; null when it is not planned, or is due already.</param>
    /// <param name="SecretUntil">Set while a new secret is due: the present one ends then, taken over from or not.</param>
    /// <param name="Leaked">Whether somebody reported it as found, which revoked it.</param>
    public sealed record Key(
        Guid Id, Guid UserId, string Name, string Hint, IReadOnlyList<string> Surfaces, IReadOnlyList<string> Models, DateTimeOffset CreatedAt,
        DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? PreviousUntil, int Version,
        int? RotateEveryDays, int OverlapHours, DateTimeOffset? RotateAt, DateTimeOffset? SecretUntil, bool Leaked);

    internal static readonly Key Example = new(
        new Guid("019cad9e-52a1-7d04-9b3e-6c1f28e4a907"), new Guid("019cad9c-9140-7a31-8f04-5c2e9b7d6a10"), "Harbour dashboard", "…x4Qk", ["chat", "embeddings"], ["harbour-models/*"],
        new(2026, 3, 2, 8, 20, 0, TimeSpan.Zero), ExpiresAt: new(2027, 3, 2, 0, 0, 0, TimeSpan.Zero), RevokedAt: null,
        LastUsedAt: new(2026, 3, 14, 9, 28, 0, TimeSpan.Zero), PreviousUntil: null, Version: 1, RotateEveryDays: 90, OverlapHours: 24, RotateAt: new(2026, 5, 31, 8, 20, 0, TimeSpan.Zero), SecretUntil: null, Leaked: false);

    const string Sql = $"""
        select {KeyRow.Columns} from gateway.virtual_key
        where (@All or user_id = @User) and (@At::timestamptz is null or (created_at, key_id) < (@At, @Id))
        order by created_at desc, key_id desc limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/keys", Handle)
            .WithName("Gateway_ListKeys")
            .WithSummary("Lists the virtual keys, newest first: the owner sees everybody's, others their own.")
            .WithExample(response: Page.Whole<Key>([Example]))
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch);

    static async Task<Ok<Page<Key>>> Handle(Caller caller, Db db, PageRequest page, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<KeyRow>(Sql, new { All = caller.IsOwner(), User = caller.UserId, page.At, page.Id, page.Take }, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.KeyId), row => row.ToView()));
    }
}
