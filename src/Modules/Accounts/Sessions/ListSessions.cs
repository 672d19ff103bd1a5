using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
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
