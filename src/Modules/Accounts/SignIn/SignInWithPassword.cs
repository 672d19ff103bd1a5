using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.Users;
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

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-in", Handle)
            .WithName("Accounts_SignIn")
            .WithSummary("Opens a session with e-mail address and password; with a second factor turned on, a ticket to it.")
            .WithExample(new Request(GetSession.Example.User.Email, "a lighthouse above the grey harbour"), GetSession.Example)
            .WithFurtherExample(StatusCodes.Status202Accepted, SecondFactor.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<GetSession.Session>, Accepted<SecondFactor.Needed>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, SignInDoor door, SignInAnswers answers, CancellationToken cancel)
        => await answers.ForAsync(await door.OpenAsync(request, context, cancel), cancel);

    /// <summary>Verifies and opens; every refusal costs the same work and reads the same.</summary>
    internal sealed partial class SignInDoor(
        Db db, PasswordVault vault, AttemptThrottle throttle, Entrance entrance, ILogger<SignInDoor> logger)
    {
        internal async Task<Result<Entry>> OpenAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            var proven = await ProveAsync(request, context, cancel);
            if (!proven.TryGet(out var person, out var refused))
                return refused;
            var entered = await entrance.EnterAsync(person.UserId, person.StillAsync, context, cancel);
            return entered is null ? AccountsErrors.CredentialsWrong : entered;
        }

        /// <summary>The password alone, without letting anybody in.</summary>
        internal async Task<Result<Proven>> ProveAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            var key = EmailAddress.Parse(request.Email)?.Key ?? request.Email.Trim().ToLowerInvariant();
            if (await throttle.RefuseAsync(key, context, cancel) is { } tooMany)
                return tooMany;

            var user = await db.FindAsync<Row>(FindSql, new { Key = key }, cancel);
            var verdict = await vault.VerifyAsync(user?.PasswordHash, request.Password, cancel);
            if (user is null || verdict == PasswordVerdict.Wrong)
            {
                LogRefused(logger, user?.UserId.Value);
                return AccountsErrors.CredentialsWrong;
            }

            await throttle.ClearAsync(key, context, cancel);
            var newHash = verdict == PasswordVerdict.RightButOld ? await vault.HashAsync(request.Password, cancel) : null;
            return new Proven(user.UserId, tx => StillAsync(tx, user, newHash, cancel));
        }

        /// <summary>False when the password was changed while it was being verified: that change ended all sessions and must end this one too.</summary>
        static async Task<bool> StillAsync(Tx tx, Row user, string? newHash, CancellationToken cancel)
        {
            if (await tx.FindAsync<Guid?>(StillSql, new { User = user.UserId, Hash = user.PasswordHash }, cancel) is null)
                return false;
            if (newHash is not null)
                await tx.ExecuteAsync(RehashSql, new { User = user.UserId, Hash = newHash }, cancel);
            return true;
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in refused (user {UserId})")]
        static partial void LogRefused(ILogger logger, Guid? userId);
    }

    /// <param name="StillAsync">Whether the proof still holds, for the transaction that opens the session.</param>
    internal sealed record Proven(UserId UserId, Func<Tx, Task<bool>> StillAsync);

    sealed record Row(UserId UserId, string PasswordHash);
}
