using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Sessions;

internal static class ListSessions
{
    /// <param name="Current">The session this request came with.</param>
    public sealed record Item(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string UserAgent, string Address, bool Current);

    const string Sql = """
        select session_id as id, created_at, last_seen_at, user_agent, address, session_id = @Current as current
        from accounts.session
        where user_id = @User and revoked_at is null and expires_at > @Now
          and (@At::timestamptz is null or (created_at, session_id) < (@At, @Id))
        order by created_at desc, session_id desc
        limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/sessions", Handle)
            .WithName("Accounts_ListSessions")
            .WithSummary("Lists the places where the person is signed in, newest first.")
            .WithExample(response: Page.Whole<Item>(
            [
                new(GetSession.Example.SessionId, new(2026, 3, 14, 9, 29, 46, TimeSpan.Zero), new(2026, 3, 14, 9, 41, 10, TimeSpan.Zero),
                    "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0", "192.0.2.17", Current: true),
                new(new Guid("019cad9c-9151-7b60-9c3e-7d1a5f80e4c2"), new(2026, 3, 2, 8, 14, 5, TimeSpan.Zero), new(2026, 3, 12, 18, 3, 27, TimeSpan.Zero),
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15", "2001:db8::4f", Current: false),
            ]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Page<Item>>> Handle(PageRequest page, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var args = new
        {
            User = caller.UserId,
            Current = caller.SessionId,
            Now = clock.GetUtcNow(),
            page.At,
            page.Id,
            page.Take,
        };
        var rows = await db.QueryAsync<Item>(Sql, args, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id)));
    }
}
