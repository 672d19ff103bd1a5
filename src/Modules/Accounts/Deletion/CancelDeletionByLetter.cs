using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Deletion;

internal static class CancelDeletionByLetter
{
    /// <param name="Token">From the letter.</param>
    public sealed record Request([Required, StringLength(100)] string Token);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/deletion/cancel", Handle)
            .WithName("Accounts_CancelDeletionByLetter")
            .WithSummary("Keeps the account that was going to be deleted, with the token of a letter.")
            .WithExample(new Request(ProofExamples.Token))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, HttpContext context, Db db, ProofDoor door, ProofStore proofs, DeletionStore store, CancellationToken cancel)
    {
        var looked = await door.LookAsync(Purpose.CancelDeletion, request.Token, context, cancel);
        if (!looked.TryGet(out _, out var refused))
            return refused.ToProblem();
        var kept = await db.InTransactionAsync(
            async tx => await proofs.UseAsync(tx, Purpose.CancelDeletion, request.Token, cancel) is { UserId: { } user }
                && await store.CancelAsync(tx, user, AuditEntry.OfNobody(AuditAct.DeletionCancelled, context, [user.Value]), cancel),
            cancel);
        return kept ? TypedResults.NoContent() : AccountsErrors.LinkInvalid.ToProblem();
    }
}
