using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Users;

/// <summary>
/// The owner sees what a person sees: in a marked session of an hour, in which everything on the record names the owner. It ends with the
/// session it was opened from.
/// </summary>
internal static class Impersonate
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <param name="Reason">Why; it stays on the record.</param>
    public sealed record Request([Required, StringLength(500, MinimumLength = 5)] string Reason);

    // Nobody who may manage something is ever acted for: that would lend their power.
    const string FindSql = """
        select u.user_id from accounts.user u
        where u.user_id = @Id and u.disabled_at is null and u.role not in ('owner', 'admin')
          and exists (select from accounts.user c where c.user_id = @Caller and c.role = 'owner' and c.disabled_at is null)
        for update of u
        """;

    const string EndSql = """
        update accounts.session set revoked_at = @Now
        where session_id = @Session and actor_id = @Actor and revoked_at is null
        returning actor_session_id
        """;

    // The session goes on under a new token: the old one was in the cookie that was written over.
    const string ReturnSql = """
        update accounts.session s set token_hash = @Hash, last_seen_at = @Now
        from accounts.user u
        where s.session_id = @Session and s.user_id = @Actor and u.user_id = s.user_id
          and s.revoked_at is null and s.expires_at > @Now and u.disabled_at is null
        returning s.expires_at
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/users/{id:guid}/impersonate", StartAsync)
            .WithName("Accounts_Impersonate")
            .WithSummary("Opens a session of one hour as that person, marked as the owner's. This browser is the person until it ends.")
            .WithExample(
                new Request("Bao asked why his pictures fail"),
                GetSession.Example with
                {
                    User = new(ListUsers.Example.Id, ListUsers.Example.Email, ListUsers.Example.DisplayName, ListUsers.Example.Role, ListUsers.Example.CreatedAt),
                    Permissions = Permissions.Of(ListUsers.Example.Role),
                    Impersonation = new(GetSession.Example.User.Id, GetSession.Example.User.DisplayName),
                })
            .RequireAuthorization(Permissions.UsersImpersonate)
            .RequireRecentProof();
        routes.MapPost("/impersonation/end", EndAsync)
            .WithName("Accounts_EndImpersonation")
            .WithSummary("Goes back to the session from which the owner acted; without content when that has ended, and then nobody is signed in.")
            .WithExample(response: GetSession.Example)
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Results<Ok<GetSession.Session>, ProblemHttpResult>> StartAsync(
        Guid id, Request request, Caller caller, HttpContext context, Db db, SessionIssuer issuer, IAudit audit, IPreferences preferences, ICsrfTokens csrf, CancellationToken cancel)
    {
        // It goes on in a cookie, which a program with a token has no use for.
        if (Credential.Of(context.User) is not null)
            return KernelErrors.Forbidden.ToProblem();
        var opened = await db.InTransactionAsync<Result<IssuedSession>>(
            async tx =>
            {
                if (await tx.FindAsync<UserId?>(FindSql, new { Id = id, Caller = caller.UserId }, cancel) is not { } person)
                    return await UserRules.RefusalAsync(tx, id, caller, cancel);
                var issued = await issuer.IssueAsync(tx, person, context, cancel, acting: new ActingFor(caller.UserId, caller.SessionId, Lifetime));
                var after = new { Session = issued.SessionId, request.Reason };
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.ImpersonationStarted, caller, context, [id], after: after), cancel);
                return issued;
            },
            cancel);
        if (!opened.TryGet(out var session, out var error))
            return error.ToProblem();
        issuer.Send(context, session);
        return await GetSession.ReadAsync(UserId.From(id), session.SessionId, db, preferences, csrf, cancel) is { } answer
            ? TypedResults.Ok(answer)
            : KernelErrors.Unauthenticated.ToProblem();
    }

    static async Task<Results<Ok<GetSession.Session>, NoContent, ProblemHttpResult>> EndAsync(
        Caller caller, HttpContext context, Db db, SessionIssuer issuer, LiveSessions sessions, IAudit audit, IPreferences preferences, ICsrfTokens csrf, TimeProvider clock,
        CancellationToken cancel)
    {
        if (caller.ActorId is not { } actor)
            return AccountsErrors.NotImpersonating.ToProblem();
        var token = SecretHash.NewToken();
        // It goes on as somebody else: the one who acted.
        using var scope = RowScope.Server();
        var back = await db.InTransactionAsync<IssuedSession?>(
            async tx =>
            {
                var args = new { Session = caller.SessionId, Actor = actor, Now = clock.GetUtcNow() };
                if (await tx.FindAsync<Guid?>(EndSql, args, cancel) is not { } own)
                    return null;
                var until = await tx.FindAsync<DateTimeOffset?>(
                    ReturnSql, new { Session = own, Actor = actor, args.Now, Hash = SecretHash.OfToken(token)!.Value.ToArray() }, cancel);
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.ImpersonationEnded, caller, context, [caller.UserId.Value]), cancel);
                return until is { } expires ? new IssuedSession(own, token, expires) : null;
            },
            cancel);
        await sessions.ForgetAsync([caller.SessionId], CancellationToken.None);
        if (back is null)
        {
            SessionCookie.Clear(context);
            return TypedResults.NoContent();
        }

        await sessions.RereadAsync([back.SessionId], CancellationToken.None);
        issuer.Send(context, back);
        return await GetSession.ReadAsync(actor, back.SessionId, db, preferences, csrf, cancel) is { } answer ? TypedResults.Ok(answer) : TypedResults.NoContent();
    }
}
