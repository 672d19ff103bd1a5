using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passkeys;

internal static class RemovePasskey
{
    const string Sql = "delete from accounts.passkey where passkey_id = @Id and user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/passkeys/{id:guid}", Handle)
            .WithName("Accounts_RemovePasskey")
            .WithSummary("Removes one of the person's passkeys, unless it is their only way in.")
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext context, WaysIn ways, IAudit audit, CancellationToken cancel)
    {
        var refused = await ways.TakeAwayAsync(
            caller.UserId,
            id,
            async tx =>
            {
                if (await tx.ExecuteAsync(Sql, new { Id = id, User = caller.UserId }, cancel) == 0)
                    return false;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.PasskeyRemoved, caller, context, [caller.UserId.Value, id]), cancel);
                return true;
            },
            cancel);
        return refused is null ? TypedResults.NoContent() : refused.ToProblem();
    }
}
