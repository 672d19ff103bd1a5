using JeanTrail.Accounts.Places;
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
    /// <param name="Device">What the User-Agent header says.</param>
    /// <param name="Place">Roughly where the address is; null when nothing is known about it.</param>
    public sealed record Item(
        Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string UserAgent, string Address, bool Current, Device Device, Place? Place);

    /// <param name="Kind"><c>desktop phone tablet program unknown</c>.</param>
    /// <param name="Browser">Such as <c>Firefox</c>, or null.</param>
    /// <param name="System">Such as <c>Android</c>, or null.</param>
    public sealed record Device(string Kind, string? Browser, string? System);

    /// <param name="Network"><c>this-machine</c>, <c>private</c> (the same home or company), or <c>public</c>.</param>
    /// <param name="Country">ISO 3166-1 alpha-2, or null.</param>
    /// <param name="City">In English, or null.</param>
    public sealed record Place(string Network, string? Country = null, string? City = null);

    const string Sql = """
        select session_id as id, created_at, last_seen_at, user_agent, address, session_id = @Current as current, kind
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
                    "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0", "192.0.2.17", Current: true,
                    new("desktop", "Firefox", "Linux"), new("public", "LV", "Riga")),
                new(new Guid("019cad9c-9151-7b60-9c3e-7d1a5f80e4c2"), new(2026, 3, 2, 8, 14, 5, TimeSpan.Zero), new(2026, 3, 12, 18, 3, 27, TimeSpan.Zero),
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15", "2001:db8::4f", Current: false, new("phone", "Safari", "iOS"), null),
            ]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Page<Item>>> Handle(PageRequest page, Caller caller, Db db, IPlaces places, TimeProvider clock, CancellationToken cancel)
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
        var rows = await db.QueryAsync<Row>(Sql, args, cancel);
        return TypedResults.Ok(Page.From(
            rows, page, row => (row.CreatedAt, row.Id),
            row => new Item(
                row.Id, row.CreatedAt, row.LastSeenAt, row.UserAgent, row.Address, row.Current, UserAgent.DeviceOf(row.UserAgent, row.Kind), places.Find(row.Address))));
    }

    sealed record Row(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string UserAgent, string Address, bool Current, string Kind);
}
