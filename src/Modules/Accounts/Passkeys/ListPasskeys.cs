using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passkeys;

internal static class ListPasskeys
{
    /// <param name="Items">The oldest first; no more than twenty.</param>
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="BackedUp">Whether it is in a password manager's safe-keeping, and so outlives its device.</param>
    /// <param name="LastUsedAt">Null: not yet.</param>
    public sealed record Item(Guid Id, string Name, bool BackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

    internal static readonly Item Example = new(
        new Guid("019cbf02-7a41-7e63-9c2d-4b8f1d05e7a3"), "Olga's phone", BackedUp: true, new(2026, 3, 14, 10, 2, 17, TimeSpan.Zero), new(2026, 3, 15, 7, 41, 30, TimeSpan.Zero));

    const string Sql = """
        select passkey_id as id, name, backed_up, created_at, last_used_at
        from accounts.passkey where user_id = @User order by created_at, passkey_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/passkeys", Handle)
            .WithName("Accounts_ListPasskeys")
            .WithSummary("The person's own passkeys.")
            .WithExample(response: new Response([Example]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Response>> Handle(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(new Response(await db.QueryAsync<Item>(Sql, new { User = caller.UserId }, cancel)));
}
