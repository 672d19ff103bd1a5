using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Users;

internal static class SignUserOut
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/users/{id:guid}/sessions/revoke", Handle)
            .WithName("Accounts_SignUserOut")
            .WithSummary("Signs a person out everywhere.")
            .RequireAuthorization(Permissions.UsersManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext context, Db db, IAudit audit, UserChanges changes, CancellationToken cancel)
    {
        var done = await db.InTransactionAsync<Result<IReadOnlyList<Guid>>>(
            async tx =>
            {
                if (await UserRules.LockAsync(tx, id, caller, cancel) is null)
                    return await UserRules.RefusalAsync(tx, id, caller, cancel);
                var ended = await changes.EndSessionsAsync(tx, id, cancel);
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.UserSignedOut, caller, context, [id], after: new { EndedSessions = ended.Count }), cancel);
                return Result.Of(ended);
            },
            cancel);
        if (!done.TryGet(out var sessions, out var error))
            return error.ToProblem();
        await changes.EndedAsync(sessions);
        return TypedResults.NoContent();
    }
}
