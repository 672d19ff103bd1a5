using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.ApiKeys;

internal static class RevokeApiKey
{
    const string Sql = "update accounts.api_key set revoked_at = @Now where key_id = @Id and user_id = @User and revoked_at is null";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/api-keys/{id:guid}", Handle)
            .WithName("Accounts_RevokeApiKey")
            .WithSummary("Ends a key at once and for good, on all nodes.")
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext context, Db db, IAudit audit, LiveApiKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var revoked = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.ExecuteAsync(Sql, new { Id = id, User = caller.UserId, Now = clock.GetUtcNow() }, cancel) == 0)
                    return false;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.ApiKeyRevoked, caller, context, [id]), cancel);
                return true;
            },
            cancel);
        if (!revoked)
            return KernelErrors.NotFound.ToProblem();
        await keys.EndedAsync(id);
        return TypedResults.NoContent();
    }
}
