using JeanTrail.Accounts.Letters;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.TwoFactor;

/// <summary>Somebody wants to sign in without a second factor from now on.</summary>
internal static partial class RemoveTotp
{
    // The recovery codes go with it.
    const string Sql = "delete from accounts.totp where user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/two-factor/totp", Handle)
            .WithName("Accounts_RemoveTotp")
            .WithSummary("Turns two-factor authentication off; its secret and recovery codes are forgotten.")
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Caller caller, HttpContext context, Removal removal, CancellationToken cancel)
        => await removal.RemoveAsync(caller.UserId, AuditEntry.Of(AuditAct.TwoFactorOff, caller, context, [caller.UserId.Value]), cancel)
            ? TypedResults.NoContent()
            : AccountsErrors.TwoFactorOff.ToProblem();

    internal sealed partial class Removal(Db db, SecurityNotices notices, ILogger<Removal> logger)
    {
        /// <summary>False when it was off.</summary>
        internal async Task<bool> RemoveAsync(UserId person, AuditEntry entry, CancellationToken cancel)
        {
            var removed = await db.InTransactionAsync(
                async tx =>
                {
                    if (await tx.ExecuteAsync(Sql, new { User = person }, cancel) == 0)
                        return false;
                    await notices.TellAsync(tx, entry, person, AccountLetter.TwoFactorOff, "/settings/account", cancel);
                    return true;
                },
                cancel);
            if (removed)
                LogTurnedOff(logger, person.Value);
            return removed;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Two-factor authentication of user {UserId} was turned off")]
        static partial void LogTurnedOff(ILogger logger, Guid userId);
    }
}
