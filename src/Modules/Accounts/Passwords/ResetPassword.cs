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
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.Passwords;

internal static partial class ResetPassword
{
    /// <param name="Token">From the letter.</param>
    public sealed record Request(
        [Required, StringLength(100)] string Token,
        [Required, StringLength(PasswordRules.MaxLength)] string Password);

    const string FindSql = """
        select email, email_key, display_name from accounts.user where user_id = @User and disabled_at is null
        """;

    const string SaveSql = """
        update accounts.user set password_hash = @Hash, email_verified_at = coalesce(email_verified_at, @Now)
        where user_id = @User and disabled_at is null
        """;

    const string RevokeSql = "update accounts.session set revoked_at = @Now where user_id = @User and revoked_at is null returning session_id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/password/reset", Handle)
            .WithName("Accounts_ResetPassword")
            .WithSummary("Sets a new password with the token of a letter, once, and ends all sessions.")
            .WithExample(new Request(ProofExamples.Token, "a lighthouse above the grey harbour"))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Request request, HttpContext context, NewPassword password, CancellationToken cancel)
        => await password.SetAsync(request, context, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();

    internal sealed partial class NewPassword(
        Db db, ProofDoor door, BreachedPasswords passwords, PasswordVault vault, NewPasswordStore store, LiveSessions sessions, ILogger<NewPassword> logger)
    {
        internal async Task<Error?> SetAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            var looked = await door.LookAsync(Purpose.Reset, request.Token, context, cancel);
            if (!looked.TryGet(out var proof, out var refused))
                return refused;
            if (proof.UserId is not { } user || await db.FindAsync<Person>(FindSql, new { User = user }, cancel) is not { } person)
                return AccountsErrors.LinkInvalid;
            if (await passwords.CheckAsync(request.Password, new EmailAddress(person.Email, person.EmailKey), person.DisplayName, cancel) is { } weak)
                return weak;
            var hash = await vault.HashAsync(request.Password, cancel);
            var ended = await db.InTransactionAsync(tx => store.SaveAsync(tx, request.Token, user, hash, context, cancel), cancel);
            if (ended is null)
                return AccountsErrors.LinkInvalid;
            await sessions.ForgetAsync(ended, CancellationToken.None);
            LogReset(logger, user.Value);
            return null;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} set a new password by letter")]
        static partial void LogReset(ILogger logger, Guid userId);
    }

    internal sealed class NewPasswordStore(ProofStore proofs, SecurityNotices notices, TimeProvider clock)
    {
        /// <summary>The sessions that ended; null when the token was used up meanwhile.</summary>
        internal async Task<IReadOnlyList<Guid>?> SaveAsync(Tx tx, string token, UserId user, string hash, HttpContext context, CancellationToken cancel)
        {
            var args = new { User = user, Hash = hash, Now = clock.GetUtcNow() };
            if (await proofs.UseAsync(tx, Purpose.Reset, token, cancel) is null || await tx.ExecuteAsync(SaveSql, args, cancel) == 0)
                return null;
            await ProofStore.EndAsync(tx, user, cancel);
            var entry = AuditEntry.OfNobody(AuditAct.PasswordReset, context, [user.Value]);
            await notices.TellAsync(tx, entry, user, AccountLetter.PasswordChanged, "/forgot", cancel);
            return await tx.QueryAsync<Guid>(RevokeSql, args, cancel);
        }
    }

    internal sealed record Person(string Email, string EmailKey, string DisplayName);
}
