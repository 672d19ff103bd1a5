using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.SignIn;

internal static class SignOut
{
    const string Sql = "update accounts.session set revoked_at = @Now where session_id = @Id and user_id = @User and revoked_at is null";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-out", Handle)
            .WithName("Accounts_SignOut")
            .WithSummary("Ends this session.")
            .RequireAuthorization(Policies.SignedIn);

    static async Task<NoContent> Handle(
        Caller caller, HttpContext context, Db db, LiveSessions sessions, TimeProvider clock, CancellationToken cancel)
    {
        await db.ExecuteAsync(Sql, new { Id = caller.SessionId, User = caller.UserId, Now = clock.GetUtcNow() }, cancel);
        await sessions.ForgetAsync([caller.SessionId], CancellationToken.None);
        SessionCookie.Clear(context);
        return TypedResults.NoContent();
    }
}
