using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.ApiKeys;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
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
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Accounts.Email;

/// <summary>Gives an account its former address back. Whoever needs it was robbed: everybody is signed out, and a new password offered.</summary>
internal static partial class UndoEmail
{
    /// <param name="Token">From the letter.</param>
    public sealed record Request([Required, StringLength(100)] string Token);

    const string RestoreSql = """
        update accounts.user set email = @Email, email_key = @EmailKey, email_verified_at = @Now
        where user_id = @User and disabled_at is null
        """;

    // The ways back to the addresses that came later lead to the thief's.
    const string EndLaterSql = "delete from accounts.proof where user_id = @User and purpose = 'email-undo' and used_at is null and created_at >= @Since";

    const string RevokeSql = "update accounts.session set revoked_at = @Now where user_id = @User and revoked_at is null returning session_id";

    // A thief may have left themselves a key, or asked to have everything erased.
    const string RevokeKeysSql = "update accounts.api_key set revoked_at = @Now where user_id = @User and revoked_at is null returning key_id";
    const string KeepSql = "delete from accounts.deletion where user_id = @User";

    const string LocaleSql = "select locale from accounts.preference where user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/email/undo", Handle)
            .WithName("Accounts_UndoEmail")
            .WithSummary("Gives an account its former address back, ends all sessions and API keys and sends a letter that leads to a new password.")
            .WithExample(new Request(ProofExamples.Token))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, HttpContext context, ProofDoor door, Undo undo, CancellationToken cancel)
    {
        var looked = await door.LookAsync(Purpose.UndoEmail, request.Token, context, cancel);
        if (!looked.TryGet(out var proof, out var refused))
            return refused.ToProblem();
        return await undo.MakeAsync(proof, request.Token, context, cancel) ? TypedResults.NoContent() : AccountsErrors.LinkInvalid.ToProblem();
    }

    internal sealed partial class Undo(
        Db db, ProofStore proofs, AccountLetters letters, LiveSessions sessions, LiveApiKeys keys, IAudit audit, TimeProvider clock, ILogger<Undo> logger)
    {
        internal async Task<bool> MakeAsync(Proof proof, string token, HttpContext context, CancellationToken cancel)
        {
            if (proof.UserId is not { } user)
                return false;
            try
            {
                if (await db.InTransactionAsync(tx => RestoreAsync(tx, user, proof, token, context, cancel), cancel) is not { } ended)
                    return false;
                await sessions.ForgetAsync(ended.Sessions, CancellationToken.None);
                foreach (var key in ended.Keys)
                    await keys.EndedAsync(key);
                LogUndone(logger, user.Value);
                return true;
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "user_email_key" })
            {
                return false;
            }
        }

        async Task<Ended?> RestoreAsync(Tx tx, UserId user, Proof proof, string token, HttpContext context, CancellationToken cancel)
        {
            var args = new { User = user, proof.Email, proof.EmailKey, Now = clock.GetUtcNow(), Since = proof.CreatedAt };
            if (await proofs.UseAsync(tx, Purpose.UndoEmail, token, cancel) is null || await tx.ExecuteAsync(RestoreSql, args, cancel) == 0)
                return null;
            await ProofStore.EndAsync(tx, user, cancel);
            await tx.ExecuteAsync(EndLaterSql, args, cancel);
            var reset = await proofs.IssueAsync(tx, Purpose.Reset, user.Value.ToString("N"), user, email: null, cancel);
            var locale = await tx.FindAsync<string>(LocaleSql, args, cancel);
            await letters.SendAsync(tx, AccountLetter.EmailUndone, reset is null ? null : proof.Email, locale, new(letters.Link("/reset", reset)), cancel);
            await tx.ExecuteAsync(KeepSql, args, cancel);
            await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.EmailUndone, context, [user.Value]), cancel);
            return new Ended(await tx.QueryAsync<Guid>(RevokeSql, args, cancel), await tx.QueryAsync<Guid>(RevokeKeysSql, args, cancel));
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "User {UserId} took back a change of their e-mail address")]
        static partial void LogUndone(ILogger logger, Guid userId);

        sealed record Ended(IReadOnlyList<Guid> Sessions, IReadOnlyList<Guid> Keys);
    }
}
