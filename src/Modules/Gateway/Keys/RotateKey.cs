using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Keys;

internal static class RotateKey
{
    const int MonthSeconds = RotatingSecret.MaxOverlapHours * 60 * 60;

    /// <param name="GraceSeconds">How long the present secret still works, so that programs can be changed one after the other; 0 ends it at once.</param>
    public sealed record Request([Range(0, MonthSeconds)] int GraceSeconds = 24 * 60 * 60);

    // Only for oneself, the owner included: a secret that acts in another's name is given to nobody.
    const string Sql = $"""
        update gateway.virtual_key set {RotatingSecret.Replaced}, version = version + 1
        where key_id = @Id and user_id = @User and revoked_at is null
        returning {KeyRow.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/keys/{id:guid}/rotate", Handle)
            .WithName("Gateway_RotateKey")
            .WithSummary("Gives one's key a new secret; the present one works for a while longer. The new secret is in this answer and nowhere else.")
            .WithExample(new Request(), new CreateKey.Response(ListKeys.Example with { PreviousUntil = new(2026, 3, 15, 9, 30, 0, TimeSpan.Zero), Version = 2 }, CreateKey.ExampleSecret))
            .RequireAuthorization(Policies.SignedIn)
            .RequireOwnHands()
            .RequireRecentProof();

    static async Task<Results<Ok<CreateKey.Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, HttpContext context, Db db, IAudit audit, KeyRing keys, TimeProvider clock, CancellationToken cancel)
    {
        var secret = KeySecret.New();
        var now = clock.GetUtcNow();
        var row = new
        {
            Id = id,
            User = caller.UserId,
            Hash = KeySecret.HashOf(secret)!.Value.ToArray(),
            Hint = KeySecret.Hint(secret),
            Until = now.AddSeconds(request.GraceSeconds),
            Now = now,
        };
        var rotated = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.FindAsync<KeyRow>(Sql, row, cancel) is not { } key)
                    return null;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.VirtualKeyRotated, caller, context, [id], after: new { request.GraceSeconds }), cancel);
                return key;
            },
            cancel);
        if (rotated is null)
            return KernelErrors.NotFound.ToProblem();
        await keys.InvalidateAsync(id, CancellationToken.None);
        return TypedResults.Ok(new CreateKey.Response(rotated.ToView(), secret));
    }
}
