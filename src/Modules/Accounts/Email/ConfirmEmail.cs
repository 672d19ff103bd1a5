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
using Npgsql;

namespace JeanTrail.Accounts.Email;

internal static class ConfirmEmail
{
    /// <param name="Token">From the letter.</param>
    public sealed record Request([Required, StringLength(100)] string Token);

    /// <param name="Email">The address that is confirmed now.</param>
    public sealed record Response(string Email);

    const string VerifySql = """
        update accounts.user set email_verified_at = coalesce(email_verified_at, @Now)
        where user_id = @User and email_key = @EmailKey and disabled_at is null
        """;

    const string ChangeSql = """
        update accounts.user set email = @Email, email_key = @EmailKey, email_verified_at = @Now
        where user_id = @User and disabled_at is null
          and not exists (
            select from accounts.proof p
            where p.purpose = 'email-undo' and p.email_key = @EmailKey and p.user_id <> @User and p.used_at is null and p.expires_at > @Now)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/email/confirm", Handle)
            .WithName("Accounts_ConfirmEmail")
            .WithSummary("Confirms an address with the token of a letter, once; a new address takes the place of the old one.")
            .WithExample(new Request(ProofExamples.Token), new Response("olga@example.com"))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, ProofDoor door, Confirmation confirmation, CancellationToken cancel)
    {
        var looked = await door.LookAsync([Purpose.ChangeEmail, Purpose.Verify], request.Token, context, cancel);
        if (!looked.TryGet(out var proof, out var refused))
            return refused.ToProblem();
        return await confirmation.MakeAsync(proof, request.Token, context, cancel) ? TypedResults.Ok(new Response(proof.Email!)) : AccountsErrors.LinkInvalid.ToProblem();
    }

    internal sealed class Confirmation(Db db, ProofStore proofs, IAudit audit, TimeProvider clock)
    {
        /// <summary>False when the token was used up meanwhile, or the address belongs to somebody else by now.</summary>
        internal async Task<bool> MakeAsync(Proof proof, string token, HttpContext context, CancellationToken cancel)
        {
            if (proof.UserId is not { } user)
                return false;
            var isChange = proof.Purpose == Purpose.ChangeEmail.Name;
            var args = new { User = user, proof.Email, proof.EmailKey, Now = clock.GetUtcNow() };
            try
            {
                return await db.InTransactionAsync(
                    async tx =>
                    {
                        if (await proofs.UseAsync(tx, isChange ? Purpose.ChangeEmail : Purpose.Verify, token, cancel) is null
                            || await tx.ExecuteAsync(isChange ? ChangeSql : VerifySql, args, cancel) == 0)
                            return false;
                        // Links that went to the old mailbox must not open the account any more.
                        if (isChange)
                        {
                            await ProofStore.EndAsync(tx, user, cancel);
                            await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.EmailChanged, context, [user.Value]), cancel);
                        }

                        return true;
                    },
                    cancel);
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "user_email_key" })
            {
                return false;
            }
        }
    }
}
