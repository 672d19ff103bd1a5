using System.Security.Claims;
using JeanTrail.Accounts.Profile;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Sessions;

internal static class GetSession
{
    /// <summary>The signed-in person, what they set, and the proof their unsafe requests must carry.</summary>
    /// <param name="CsrfToken">Send it as <c>X-CSRF-Token</c> with every POST, PUT and DELETE.</param>
    /// <param name="Permissions">What the person may do beyond what everybody may, such as <c>users.manage</c>.</param>
    /// <param name="Impersonation">Set when the owner acts in the person's name.</param>
    /// <param name="DeletionAt">When the account is going to be erased, if the person asked for that and has not taken it back.</param>
    public sealed record Session(
        User User, Preferences Preferences, string CsrfToken, Guid SessionId, DateTimeOffset ExpiresAt, IReadOnlyList<string> Permissions, Impersonation? Impersonation,
        DateTimeOffset? DeletionAt = null);

    /// <summary>Who really acts.</summary>
    public sealed record Impersonation(UserId ActorId, string ActorName);

    /// <param name="Role"><c>owner admin premium free</c>.</param>
    public sealed record User(UserId Id, string Email, string DisplayName, string Role, DateTimeOffset CreatedAt);

    /// <summary>Olga, who owns the server of all examples.</summary>
    internal static readonly Session Example = new(
        new User(
            UserId.From(new Guid("019cad9c-9140-7a31-8f04-5c2e9b7d6a10")), "olga@example.org", "Olga", "owner", new(2026, 3, 2, 8, 14, 5, TimeSpan.Zero)),
        GetPreferences.Example, "q0XvQ2hR7mB1kLw9sT4yUe6iOa8dFg3jHc5nZx0pVbM", new Guid("019cebae-2c05-7d52-b1c8-0e7f4a93d2b6"), new(2026, 4, 13, 9, 29, 46, TimeSpan.Zero),
        Permissions.Of(UserRoles.Owner), Impersonation: null);

    const string Sql = """
        select u.user_id as id, u.email, u.display_name, u.role, u.created_at, s.expires_at, a.user_id as actor_id, a.display_name as actor_name, d.erase_at as deletion_at
        from accounts.session s join accounts.user u on u.user_id = s.user_id left join accounts.user a on a.user_id = s.actor_id
            left join accounts.deletion d on d.user_id = u.user_id
        where s.session_id = @SessionId and s.user_id = @UserId and s.revoked_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/session", Handle)
            .WithName("Accounts_GetSession")
            .WithSummary("Tells who is signed in; without content when nobody is.")
            .WithExample(response: Example)
            .AllowAnonymous();

    static async Task<Results<Ok<Session>, NoContent>> Handle(
        ClaimsPrincipal principal, Db db, IPreferences preferences, ICsrfTokens csrf, CancellationToken cancel)
        => Caller.From(principal) is { } caller && await ReadAsync(caller.UserId, caller.SessionId, db, preferences, csrf, cancel) is { } session
            ? TypedResults.Ok(session)
            : TypedResults.NoContent();

    /// <summary>Also the answer of what opens a session. Null when the session ended meanwhile.</summary>
    internal static async Task<Session?> ReadAsync(
        UserId user, Guid session, Db db, IPreferences preferences, ICsrfTokens csrf, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(Sql, new { UserId = user, SessionId = session }, cancel) is not { } row)
            return null;
        var person = new User(row.Id, row.Email, row.DisplayName, row.Role, row.CreatedAt);
        var acting = row.ActorId is { } actor ? new Impersonation(actor, row.ActorName ?? "") : null;
        return new Session(person, await preferences.GetAsync(user, cancel), csrf.For(session), session, row.ExpiresAt, Permissions.Of(row.Role), acting, row.DeletionAt);
    }

    sealed record Row(UserId Id, string Email, string DisplayName, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, UserId? ActorId, string? ActorName,
        DateTimeOffset? DeletionAt);
}
