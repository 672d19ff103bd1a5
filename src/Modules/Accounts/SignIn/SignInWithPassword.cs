using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
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

namespace JeanTrail.Accounts.SignIn;

internal static partial class SignInWithPassword
{
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [Required, StringLength(PasswordRules.MaxLength)] string Password);

    const string FindSql = "select user_id, password_hash from accounts.user where email_key = @Key and disabled_at is null";
    const string RehashSql = "update accounts.user set password_hash = @Hash where user_id = @User";
    const string StillSql = "select user_id from accounts.user where user_id = @User and password_hash = @Hash and disabled_at is null for update";
    const string ReplaceSql = "update accounts.session set revoked_at = @Now where session_id = @Id and revoked_at is null";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-in", Handle)
            .WithName("Accounts_SignIn")
            .WithSummary("Opens a session with e-mail address and password.")
            .WithExample(new Request(GetSession.Example.User.Email, "a lighthouse above the grey harbour"), GetSession.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<GetSession.Session>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, SignInDoor door, Db db, IPreferences preferences, ICsrfTokens csrf, CancellationToken cancel)
    {
        var opened = await door.OpenAsync(request, context, cancel);
        if (!opened.TryGet(out var session, out var error))
            return error.ToProblem();
        return await GetSession.ReadAsync(session.UserId, session.SessionId, db, preferences, csrf, cancel) is { } answer
            ? TypedResults.Ok(answer)
            : KernelErrors.Unauthenticated.ToProblem();
    }

    internal sealed record Opened(UserId UserId, Guid SessionId);

    /// <summary>Verifies and opens; every refusal costs the same work and reads the same.</summary>
    internal sealed partial class SignInDoor(
        Db db, PasswordVault vault, AttemptThrottle throttle, SessionIssuer issuer, LiveSessions sessions, TimeProvider clock, ILogger<SignInDoor> logger)
    {
        internal async Task<Result<Opened>> OpenAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            var key = EmailAddress.Parse(request.Email)?.Key ?? request.Email.Trim().ToLowerInvariant();
            if (await throttle.EnterAsync(key, context, cancel) is { } wait)
            {
                context.Response.Headers.RetryAfter = AccountsErrors.Seconds(wait).ToString();
                return AccountsErrors.TooManyAttempts(wait);
            }

            var user = await db.FindAsync<Row>(FindSql, new { Key = key }, cancel);
            var verdict = await vault.VerifyAsync(user?.PasswordHash, request.Password, cancel);
            if (user is null || verdict == PasswordVerdict.Wrong)
            {
                LogRefused(logger, user?.UserId.Value);
                return AccountsErrors.CredentialsWrong;
            }

            await throttle.ClearAsync(key, context, cancel);
            var newHash = verdict == PasswordVerdict.RightButOld ? await vault.HashAsync(request.Password, cancel) : null;
            if (await IssueAsync(user, newHash, context, cancel) is not { } issued)
                return AccountsErrors.CredentialsWrong;
            await EndEarlierAsync(context, cancel);
            issuer.Send(context, issued);
            LogOpened(logger, user.UserId.Value, issued.SessionId);
            return new Opened(user.UserId, issued.SessionId);
        }

        /// <summary>Null when the password was changed while it was being verified: that change ended all sessions and must end this one too.</summary>
        Task<IssuedSession?> IssueAsync(Row user, string? newHash, HttpContext context, CancellationToken cancel)
            => db.InTransactionAsync(
                async tx =>
                {
                    if (await tx.FindAsync<Guid?>(StillSql, new { User = user.UserId, Hash = user.PasswordHash }, cancel) is null)
                        return null;
                    if (newHash is not null)
                        await tx.ExecuteAsync(RehashSql, new { User = user.UserId, Hash = newHash }, cancel);
                    return await issuer.IssueAsync(tx, user.UserId, context, cancel);
                },
                cancel);

        /// <summary>The browser's earlier session is replaced by the new one and would otherwise stay open, unseen.</summary>
        async Task EndEarlierAsync(HttpContext context, CancellationToken cancel)
        {
            if (Caller.From(context.User) is not { } earlier)
                return;
            await db.ExecuteAsync(ReplaceSql, new { Id = earlier.SessionId, Now = clock.GetUtcNow() }, cancel);
            await sessions.ForgetAsync([earlier.SessionId], CancellationToken.None);
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} signed in, session {SessionId}")]
        static partial void LogOpened(ILogger logger, Guid userId, Guid sessionId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in refused (user {UserId})")]
        static partial void LogRefused(ILogger logger, Guid? userId);
    }

    sealed record Row(UserId UserId, string PasswordHash);
}
