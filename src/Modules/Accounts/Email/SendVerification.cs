using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Email;

internal static class SendVerification
{
    const string FindSql = """
        select u.email, u.email_key, p.locale
        from accounts.user u left join accounts.preference p on p.user_id = u.user_id
        where u.user_id = @User and u.email_verified_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/email/verification", Handle)
            .WithName("Accounts_SendVerification")
            .WithSummary("Sends a letter with which the person confirms their address, unless that was done.")
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Accepted> Handle(Caller caller, Db db, ProofStore proofs, AccountLetters letters, CancellationToken cancel)
    {
        await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.FindAsync<Row>(FindSql, new { User = caller.UserId }, cancel) is not { } person)
                    return;
                var subject = caller.UserId.Value.ToString("N");
                var token = await proofs.IssueAsync(tx, Purpose.Verify, subject, caller.UserId, new EmailAddress(person.Email, person.EmailKey), cancel);
                await letters.SendAsync(
                    tx, AccountLetter.Verify, token is null ? null : person.Email, person.Locale, new(letters.Link("/email/confirm", token)), cancel);
            },
            cancel);
        return TypedResults.Accepted((string?)null);
    }

    sealed record Row(string Email, string EmailKey, string? Locale);
}
