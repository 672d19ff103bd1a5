using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Keys;

internal static class RevokeKey
{
    // The row stays: the books name it.
    const string Sql = """
        update gateway.virtual_key set revoked_at = @Now, version = version + 1
        where key_id = @Id and (@All or user_id = @User) and revoked_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/keys/{id:guid}", Handle)
            .WithName("Gateway_RevokeKey")
            .WithSummary("Ends a key at once and for good, on all nodes, and the calls that run with it.")
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Caller caller, HttpContext context, Db db, IAudit audit, KeyRing keys, TimeProvider clock, CancellationToken cancel)
    {
        var revoked = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.ExecuteAsync(Sql, new { Id = id, All = caller.IsOwner(), User = caller.UserId, Now = clock.GetUtcNow() }, cancel) == 0)
                    return false;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.VirtualKeyRevoked, caller, context, [id]), cancel);
                return true;
            },
            cancel);
        if (!revoked)
            return KernelErrors.NotFound.ToProblem();
        await keys.InvalidateAsync(id, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
