using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.TwoFactor;
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

namespace JeanTrail.Accounts.Sessions;

/// <summary>The person proves anew who they are, for what asks for a <see cref="RecentProof"/>.</summary>
internal static partial class StepUp
{
    /// <param name="Password">For people without a second factor.</param>
    /// <param name="Code">For people with one: the six digits of the app, or a recovery code.</param>
    public sealed record Request([StringLength(PasswordRules.MaxLength)] string? Password = null, [StringLength(60)] string? Code = null);

    internal const string ProvedSql = """
        update accounts.session set proved_at = @Now, second_factor = second_factor or @SecondFactor
        where session_id = @Id and user_id = @User and revoked_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/step-up", Handle)
            .WithName("Accounts_StepUp")
            .WithSummary("Confirms that it is still the person, before a dangerous act; holds for a quarter of an hour.")
            .WithExample(new Request(Code: "492039"))
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, Prover prover, Db db, LiveSessions sessions, TimeProvider clock, CancellationToken cancel)
    {
        var proved = await prover.ProveAsync(request, caller.UserId, context, cancel);
        if (!proved.TryGet(out var withSecondFactor, out var error))
            return error.ToProblem();
        await db.ExecuteAsync(
            ProvedSql, new { Id = caller.SessionId, User = caller.UserId, Now = clock.GetUtcNow(), SecondFactor = withSecondFactor }, cancel);
        await sessions.RereadAsync([caller.SessionId], CancellationToken.None);
        return TypedResults.NoContent();
    }

    /// <summary>Asks for as much as signing in did last: the password alone does not stand in for a second factor.</summary>
    internal sealed partial class Prover(Db db, SecondFactors factors, PasswordVault vault, AttemptThrottle throttle, ILogger<Prover> logger)
    {
        const string HashSql = "select password_hash from accounts.user where user_id = @User and disabled_at is null";

        /// <summary>True when it was a second factor.</summary>
        internal async Task<Result<bool>> ProveAsync(Request request, UserId user, HttpContext context, CancellationToken cancel)
        {
            var asksForCode = await factors.IsOnAsync(db, user, cancel);
            if (string.IsNullOrEmpty(asksForCode ? request.Code : request.Password))
                return asksForCode ? AccountsErrors.CodeRequired : AccountsErrors.PasswordRequired;
            var throttled = $"step-up:{user.Value}";
            if (await throttle.RefuseAsync(throttled, context, cancel) is { } tooMany)
                return tooMany;

            var isRight = asksForCode
                ? await factors.UseAsync(user, request.Code!, cancel)
                : await IsPasswordAsync(user, request.Password!, cancel);
            if (!isRight)
            {
                LogRefused(logger, user.Value);
                return asksForCode ? AccountsErrors.CodeWrong : AccountsErrors.PasswordWrong("password");
            }

            await throttle.ClearAsync(throttled, context, cancel);
            return asksForCode;
        }

        async Task<bool> IsPasswordAsync(UserId user, string password, CancellationToken cancel)
            => await vault.VerifyAsync(await db.FindAsync<string>(HashSql, new { User = user }, cancel), password, cancel) != PasswordVerdict.Wrong;

        [LoggerMessage(Level = LogLevel.Warning, Message = "Step-up refused (user {UserId})")]
        static partial void LogRefused(ILogger logger, Guid userId);
    }
}
