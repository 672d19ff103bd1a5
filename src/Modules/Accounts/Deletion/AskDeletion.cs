using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
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
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Deletion;

/// <summary>A person has their own account deleted: at the end of a time of grace, in which they can take it back.</summary>
internal static class AskDeletion
{
    /// <param name="EraseAt">From then on everything is erased, and nothing brings it back.</param>
    public sealed record Response(DateTimeOffset AskedAt, DateTimeOffset EraseAt);

    const string AskSql = """
        insert into accounts.deletion (user_id, asked_at, erase_at)
        select u.user_id, @Now::timestamptz, @EraseAt::timestamptz from accounts.user u
        where u.user_id = @User and u.role <> 'owner' and u.disabled_at is null
        on conflict (user_id) do nothing
        """;

    const string FindSql = "select asked_at, erase_at from accounts.deletion where user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/deletion", Handle)
            .WithName("Accounts_AskDeletion")
            .WithSummary("Has the person's account deleted after a time of grace; asking again changes nothing. The owner of the server stays.")
            .WithExample(response: new Response(new(2026, 3, 14, 9, 41, 10, TimeSpan.Zero), new(2026, 3, 28, 9, 41, 10, TimeSpan.Zero)))
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();
        routes.MapDelete("/deletion", CancelAsync)
            .WithName("Accounts_CancelDeletion")
            .WithSummary("Keeps the account that was going to be deleted.")
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Caller caller, HttpContext context, Asking asking, CancellationToken cancel)
        => await asking.AskAsync(caller, context, cancel) is { } pending ? TypedResults.Ok(pending) : AccountsErrors.OwnerStays.ToProblem();

    static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(Caller caller, HttpContext context, Db db, DeletionStore store, CancellationToken cancel)
    {
        var kept = await db.InTransactionAsync(
            tx => store.CancelAsync(tx, caller.UserId, AuditEntry.Of(AuditAct.DeletionCancelled, caller, context, [caller.UserId.Value]), cancel), cancel);
        return kept ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();
    }

    internal sealed class Asking(Db db, ProofStore proofs, AccountLetters letters, IAudit audit, IOptions<AccountsOptions> options, TimeProvider clock)
    {
        /// <summary>Null when the account may not be deleted.</summary>
        internal Task<Response?> AskAsync(Caller caller, HttpContext context, CancellationToken cancel)
            => db.InTransactionAsync(
                async tx =>
                {
                    var now = clock.GetUtcNow();
                    var args = new { User = caller.UserId, Now = now, EraseAt = now + options.Value.DeletionGrace };
                    if (await tx.ExecuteAsync(AskSql, args, cancel) == 1)
                    {
                        await SendAsync(tx, caller.UserId, args.EraseAt, cancel);
                        await audit.WriteAsync(
                            tx, AuditEntry.Of(AuditAct.DeletionAsked, caller, context, [caller.UserId.Value], after: new { args.EraseAt }), cancel);
                    }

                    return await tx.FindAsync<Response>(FindSql, args, cancel);
                },
                cancel);

        async Task SendAsync(Tx tx, UserId user, DateTimeOffset eraseAt, CancellationToken cancel)
        {
            // Who asks twice within a minute has the letter of the first time, whose link keeps the account this time too.
            if (await proofs.IssueAsync(tx, Purpose.CancelDeletion, user.Value.ToString("N"), user, email: null, cancel) is { } token)
                await letters.SendAsync(tx, AccountLetter.DeletionAsked, user, new(letters.Link("/deletion/cancel", token), Until: eraseAt), cancel);
        }
    }
}

/// <summary>Takes a deletion back.</summary>
internal sealed class DeletionStore(IAudit audit)
{
    const string CancelSql = "delete from accounts.deletion d using accounts.user u where d.user_id = @User and u.user_id = d.user_id and u.disabled_at is null";

    /// <summary>False when none was pending, or when erasing has begun.</summary>
    internal async Task<bool> CancelAsync(Tx tx, UserId user, AuditEntry entry, CancellationToken cancel)
    {
        if (await tx.ExecuteAsync(CancelSql, new { User = user }, cancel) == 0)
            return false;
        await audit.WriteAsync(tx, entry, cancel);
        return true;
    }
}
