using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Users;

internal static class GetUser
{
    /// <param name="MayManage">Whether the caller may change the role, suspend and sign out.</param>
    public sealed record Response(ListUsers.Item User, IReadOnlyList<Session> Sessions, bool MayManage);

    /// <param name="Impersonated">Whether the owner opened it in the person's name.</param>
    public sealed record Session(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string UserAgent, string Address, bool Impersonated);

    const int MostSessions = 100;

    const string FindSql = $"select {ListUsers.Columns} from accounts.user u where u.user_id = @Id";

    const string SessionsSql = """
        select session_id as id, created_at, last_seen_at, user_agent, address, actor_id is not null as impersonated
        from accounts.session where user_id = @Id and revoked_at is null and expires_at > @Now
        order by last_seen_at desc, session_id desc limit @Most
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/users/{id:guid}", Handle)
            .WithName("Accounts_GetUser")
            .WithSummary("A person, and where they are signed in.")
            .WithExample(response: new Response(
                ListUsers.Example,
                [
                    new(new Guid("019cebb0-44d1-7f03-8b6a-2c9d17e5a0f4"), new(2026, 3, 14, 7, 30, 12, TimeSpan.Zero), new(2026, 3, 14, 8, 57, 30, TimeSpan.Zero),
                        "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0", "198.51.100.23", Impersonated: false),
                ],
                MayManage: true))
            .RequireAuthorization(Permissions.UsersManage);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var args = new { Id = id, Now = clock.GetUtcNow(), Most = MostSessions };
        if (await db.FindAsync<ListUsers.Item>(FindSql, args, cancel) is not { } user)
            return KernelErrors.NotFound.ToProblem();
        var mayManage = user.Id != caller.UserId && user.Role != UserRoles.Owner && (user.Role != UserRoles.Admin || caller.Role == UserRoles.Owner);
        return TypedResults.Ok(new Response(user, await db.QueryAsync<Session>(SessionsSql, args, cancel), mayManage));
    }
}
