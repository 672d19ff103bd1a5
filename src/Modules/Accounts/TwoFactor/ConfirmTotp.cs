using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.TwoFactor;

internal static partial class ConfirmTotp
{
    public sealed record Request([Required, StringLength(60)] string Code);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/two-factor/totp/confirm", Handle)
            .WithName("Accounts_ConfirmTotp")
            .WithSummary("Turns two-factor authentication on with a first code of the app, answers with the recovery codes, and ends all other sessions.")
            .WithExample(new Request("492039"), RenewRecoveryCodes.Example)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Ok<RenewRecoveryCodes.Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, Confirmation confirmation, CancellationToken cancel)
    {
        var confirmed = await confirmation.ConfirmAsync(request.Code, caller, context, cancel);
        return confirmed.TryGet(out var codes, out var error) ? TypedResults.Ok(codes) : error.ToProblem();
    }

    internal sealed partial class Confirmation(
        Db db, SecondFactors factors, AttemptThrottle throttle, LiveSessions sessions, IAudit audit, TimeProvider clock, ILogger<Confirmation> logger)
    {
        const string ConfirmSql = """
            update accounts.totp set confirmed_at = @Now, last_step = @Step
            where user_id = @User and secret = @Secret and confirmed_at is null
            """;

        const string ProvedSql = "update accounts.session set proved_at = @Now, second_factor = true where session_id = @Current";

        internal async Task<Result<RenewRecoveryCodes.Response>> ConfirmAsync(string typed, Caller caller, HttpContext context, CancellationToken cancel)
        {
            if (await factors.IsOnAsync(db, caller.UserId, cancel))
                return AccountsErrors.TwoFactorOn;
            var throttled = $"totp-confirm:{caller.UserId.Value}";
            if (await throttle.RefuseAsync(throttled, context, cancel) is { } tooMany)
                return tooMany;

            if (Totp.Parse(typed) is not { } code || await factors.FindStepAsync(caller.UserId, code, confirmed: false, cancel) is not { } match)
                return AccountsErrors.CodeWrong;
            await throttle.ClearAsync(throttled, context, cancel);
            return await TurnOnAsync(caller, match, context, cancel);
        }

        async Task<Result<RenewRecoveryCodes.Response>> TurnOnAsync(Caller caller, SecondFactors.Match match, HttpContext context, CancellationToken cancel)
        {
            var row = new { User = caller.UserId, Current = caller.SessionId, Secret = match.Sealed, match.Step, Now = clock.GetUtcNow() };
            var (codes, ended) = await db.InTransactionAsync(
                async tx =>
                {
                    // A sign-in on its way is waited for, so that its session is among those that end; a later one asks for the second factor.
                    await UserLock.TakeAsync(tx, caller.UserId, cancel);
                    if (await tx.ExecuteAsync(ConfirmSql, row, cancel) == 0)
                        return ([], []);
                    await tx.ExecuteAsync(ProvedSql, row, cancel);
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.TwoFactorOn, caller, context, [caller.UserId.Value]), cancel);
                    return (await SecondFactors.ReplaceRecoveryCodesAsync(tx, caller.UserId, cancel), await tx.QueryAsync<Guid>(RevokeOtherSessions.Sql, row, cancel));
                },
                cancel);
            if (codes.Count == 0)
                return AccountsErrors.CodeWrong;
            await sessions.ForgetAsync(ended, CancellationToken.None);
            await sessions.RereadAsync([caller.SessionId], CancellationToken.None);
            LogTurnedOn(logger, caller.UserId.Value, ended.Count);
            return new RenewRecoveryCodes.Response(codes);
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} turned two-factor authentication on; {Sessions} other sessions ended")]
        static partial void LogTurnedOn(ILogger logger, Guid userId, int sessions);
    }
}
