using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Sessions;

internal static class RevokeOtherSessions
{
    internal const string Sql = """
        update accounts.session set revoked_at = @Now
        where user_id = @User and session_id <> @Current and revoked_at is null
        returning session_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sessions/revoke-others", Handle)
            .WithName("Accounts_RevokeOtherSessions")
            .WithSummary("Signs the person out everywhere but here.")
            .RequireAuthorization(Policies.SignedIn);

    static async Task<NoContent> Handle(Caller caller, Db db, LiveSessions sessions, TimeProvider clock, CancellationToken cancel)
    {
        var ended = await db.QueryAsync<Guid>(Sql, new { User = caller.UserId, Current = caller.SessionId, Now = clock.GetUtcNow() }, cancel);
        await sessions.ForgetAsync(ended, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
