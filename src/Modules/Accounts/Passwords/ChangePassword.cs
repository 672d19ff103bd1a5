using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passwords;

internal static class ChangePassword
{
    public sealed record Request(
        [Required, StringLength(PasswordRules.MaxLength)] string Current,
        [Required, StringLength(PasswordRules.MaxLength)] string Password);

    // Guarded by the hash that was verified: of two changes at once one wins, and the other was made with a password that no longer holds.
    const string SaveSql = "update accounts.user set password_hash = @Hash where user_id = @User and password_hash = @Verified and disabled_at is null";

    const string RevokeSql = """
        update accounts.session set revoked_at = @Now
        where user_id = @User and session_id <> @Current and revoked_at is null
        returning session_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/password", Handle)
            .WithName("Accounts_ChangePassword")
            .WithSummary("Changes the person's password and signs them out everywhere but here.")
            .WithExample(new Request("a lighthouse above the grey harbour", "seven herons on a quiet lake"))
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Request request, Caller caller, HttpContext context, Change change, CancellationToken cancel)
        => await change.MakeAsync(request, caller, context, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();

    internal sealed class Change(
        Db db, OwnPassword own, BreachedPasswords passwords, PasswordVault vault, SecurityNotices notices, LiveSessions sessions, TimeProvider clock)
    {
        internal async Task<Error?> MakeAsync(Request request, Caller caller, HttpContext context, CancellationToken cancel)
        {
            var proven = await own.ProveAsync(caller.UserId, request.Current, "current", context, cancel);
            if (!proven.TryGet(out var person, out var refused))
                return refused;
            if (await passwords.CheckAsync(request.Password, new EmailAddress(person.Email, person.EmailKey), person.DisplayName, cancel) is { } weak)
                return weak;
            var args = new
            {
                User = caller.UserId,
                Current = caller.SessionId,
                Hash = await vault.HashAsync(request.Password, cancel),
                Verified = person.PasswordHash,
                Now = clock.GetUtcNow(),
            };
            var ended = await db.InTransactionAsync(
                async tx =>
                {
                    if (await tx.ExecuteAsync(SaveSql, args, cancel) == 0)
                        return null;
                    await ProofStore.EndAsync(tx, caller.UserId, cancel);
                    var entry = AuditEntry.Of(AuditAct.PasswordChanged, caller, context, [caller.UserId.Value]);
                    await notices.TellAsync(tx, entry, caller.UserId, AccountLetter.PasswordChanged, "/forgot", cancel);
                    return await tx.QueryAsync<Guid>(RevokeSql, args, cancel);
                },
                cancel);
            if (ended is null)
                return AccountsErrors.PasswordWrong("current");
            await sessions.ForgetAsync(ended, CancellationToken.None);
            return null;
        }
    }
}
