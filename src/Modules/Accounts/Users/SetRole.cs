using System.ComponentModel.DataAnnotations;
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

namespace JeanTrail.Accounts.Users;

internal static class SetRole
{
    /// <param name="Role">Nobody is made an owner: there is one, and stays one.</param>
    public sealed record Request([Required, AllowedValues("admin", "premium", "free")] string Role);

    // That only the owner makes admins is asked of the database, where the caller's role is what it is now.
    const string Sql = """
        update accounts.user set role = @Role
        where user_id = @Id and (@Role <> 'admin' or exists (select from accounts.user c where c.user_id = @Caller and c.role = 'owner'))
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/users/{id:guid}/role", Handle)
            .WithName("Accounts_SetRole")
            .WithSummary("Gives a person another role. Only the owner makes or changes admins.")
            .WithExample(new Request("premium"))
            .RequireAuthorization(Permissions.UsersManage)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, HttpContext context, Db db, IAudit audit, UserChanges changes, CancellationToken cancel)
    {
        var refused = await db.InTransactionAsync<Error?>(
            async tx =>
            {
                if (await UserRules.LockAsync(tx, id, caller, cancel) is not { } person)
                    return await UserRules.RefusalAsync(tx, id, caller, cancel);
                if (await tx.ExecuteAsync(Sql, new { Id = id, request.Role, Caller = caller.UserId }, cancel) == 0)
                    return KernelErrors.Forbidden;
                if (person.Role != request.Role)
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.UserRoleChanged, caller, context, [id], new { person.Role }, new { request.Role }), cancel);
                return null;
            },
            cancel);
        if (refused is not null)
            return refused.ToProblem();
        await changes.ChangedAsync(id);
        return TypedResults.NoContent();
    }
}
