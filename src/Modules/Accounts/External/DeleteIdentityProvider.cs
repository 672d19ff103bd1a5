using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.External;

internal static class DeleteIdentityProvider
{
    const string Sql = "delete from accounts.identity_provider where provider_id = @Id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/identity-providers/{id:guid}", Handle)
            .WithName("Accounts_DeleteIdentityProvider")
            .WithSummary("Forgets an identity provider, its secret and who connected accounts there. Their accounts here stay.")
            .RequireAuthorization(Policies.Owner)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, HttpContext context, Db db, IAudit audit, CancellationToken cancel)
    {
        var deleted = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.ExecuteAsync(Sql, new { Id = id }, cancel) == 0)
                    return false;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.IdentityProviderRemoved, caller, context, [id]), cancel);
                return true;
            },
            cancel);
        return deleted ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();
    }
}
