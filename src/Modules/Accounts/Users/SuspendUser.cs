using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Users;

internal static class SuspendUser
{
    const string SuspendSql = "update accounts.user set disabled_at = @Now where user_id = @Id and disabled_at is null";
    const string RestoreSql = "update accounts.user set disabled_at = null where user_id = @Id and disabled_at is not null";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/users/{id:guid}/suspend", SuspendAsync)
            .WithName("Accounts_SuspendUser")
            .WithSummary("Keeps a person out: ends their sessions and stops their keys at once. What is theirs stays.")
            .RequireAuthorization(Permissions.UsersManage);
        routes.MapPost("/users/{id:guid}/restore", RestoreAsync)
            .WithName("Accounts_RestoreUser")
            .WithSummary("Lets a suspended person in again. Their keys work again; they sign in anew.")
            .RequireAuthorization(Permissions.UsersManage);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> SuspendAsync(
        Guid id, Caller caller, HttpContext context, Db db, IAudit audit, UserChanges changes, TimeProvider clock, CancellationToken cancel)
    {
        var done = await db.InTransactionAsync<Result<IReadOnlyList<Guid>>>(
            async tx =>
            {
                if (await UserRules.LockAsync(tx, id, caller, cancel) is null)
                    return await UserRules.RefusalAsync(tx, id, caller, cancel);
                var isNew = await tx.ExecuteAsync(SuspendSql, new { Id = id, Now = clock.GetUtcNow() }, cancel) == 1;
                var ended = await changes.EndSessionsAsync(tx, id, cancel);
                if (isNew)
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.UserSuspended, caller, context, [id], new { Suspended = false }, new { Suspended = true, EndedSessions = ended.Count }), cancel);
                return Result.Of(ended);
            },
            cancel);
        if (!done.TryGet(out var sessions, out var error))
            return error.ToProblem();
        await changes.KeptOutAsync(id, sessions);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> RestoreAsync(
        Guid id, Caller caller, HttpContext context, Db db, IAudit audit, UserChanges changes, CancellationToken cancel)
    {
        var refused = await db.InTransactionAsync<Error?>(
            async tx =>
            {
                if (await UserRules.LockAsync(tx, id, caller, cancel) is null)
                    return await UserRules.RefusalAsync(tx, id, caller, cancel);
                if (await tx.ExecuteAsync(RestoreSql, new { Id = id }, cancel) == 1)
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.UserRestored, caller, context, [id], new { Suspended = true }, new { Suspended = false }), cancel);
                return null;
            },
            cancel);
        if (refused is not null)
            return refused.ToProblem();
        await changes.ChangedAsync(id);
        return TypedResults.NoContent();
    }
}
