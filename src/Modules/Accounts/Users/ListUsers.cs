using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Users;

internal static class ListUsers
{
    /// <param name="Role"><c>owner admin premium free</c>.</param>
    /// <param name="LastSeenAt">When they last used any session, or null.</param>
    /// <param name="SuspendedAt">Since when they are kept out; null when they are not.</param>
    /// <param name="DeletionAt">When their account is going to be erased, as they asked; null when they did not.</param>
    public sealed record Item(
        UserId Id, string Email, string DisplayName, string Role, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, DateTimeOffset? SuspendedAt, int OpenSessions,
        DateTimeOffset? DeletionAt = null);

    internal static readonly Item Example = new(
        UserId.From(new Guid("019cadb2-03f5-7e68-b2c1-84a6d0397f5e")), "bao@example.org", "Bao", "premium", new(2026, 3, 5, 10, 2, 51, TimeSpan.Zero),
        new(2026, 3, 14, 8, 57, 30, TimeSpan.Zero), null, 2);

    internal const string Columns = """
        u.user_id as id, u.email, u.display_name, u.role, u.created_at,
        (select max(s.last_seen_at) from accounts.session s where s.user_id = u.user_id and s.actor_id is null) as last_seen_at,
        u.disabled_at as suspended_at,
        (select count(*)::int from accounts.session s where s.user_id = u.user_id and s.revoked_at is null and s.expires_at > @Now) as open_sessions,
        (select d.erase_at from accounts.deletion d where d.user_id = u.user_id) as deletion_at
        """;

    const string Sql = $"""
        select {Columns} from accounts.user u
        where (@Search::text is null or strpos(lower(u.email), lower(@Search)) > 0 or strpos(lower(u.display_name), lower(@Search)) > 0)
          and (@Role::text is null or u.role = @Role)
          and (@At::timestamptz is null or (u.created_at, u.user_id) < (@At, @Id))
        order by u.created_at desc, u.user_id desc limit @Take
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/users", Handle)
            .WithName("Accounts_ListUsers")
            .WithSummary("Lists the people of this server, newest first.")
            .WithExample(response: Page.Whole<Item>(
            [
                Example,
                new(GetSession.Example.User.Id, GetSession.Example.User.Email, GetSession.Example.User.DisplayName, "owner", GetSession.Example.User.CreatedAt,
                    new(2026, 3, 14, 9, 41, 10, TimeSpan.Zero), null, 2),
            ]))
            .RequireAuthorization(Permissions.UsersManage);

    /// <param name="search">Part of a name or an e-mail address.</param>
    /// <param name="role">Only people of this role.</param>
    static async Task<Ok<Page<Item>>> Handle(
        PageRequest page, Db db, TimeProvider clock, CancellationToken cancel,
        [StringLength(EmailAddress.MaxLength)] string? search = null, [AllowedValues(null, "owner", "admin", "premium", "free")] string? role = null)
    {
        var args = new
        {
            Search = string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
            Role = role,
            Now = clock.GetUtcNow(),
            page.At,
            page.Id,
            page.Take,
        };
        var rows = await db.QueryAsync<Item>(Sql, args, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id.Value)));
    }
}
