using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Sessions;

internal static class RevokeSession
{
    const string Sql = """
        update accounts.session set revoked_at = @Now
        where session_id = @Id and user_id = @User and revoked_at is null and expires_at > @Now
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/sessions/{id:guid}", Handle)
            .WithName("Accounts_RevokeSession")
            .WithSummary("Signs the person out in one place.")
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext context, Db db, LiveSessions sessions, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(Sql, new { Id = id, User = caller.UserId, Now = clock.GetUtcNow() }, cancel) == 0)
            return KernelErrors.NotFound.ToProblem();
        await sessions.ForgetAsync([id], CancellationToken.None);
        if (id == caller.SessionId)
            SessionCookie.Clear(context);
        return TypedResults.NoContent();
    }
}
