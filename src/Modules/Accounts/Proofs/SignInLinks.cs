using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Proofs;

/// <summary>
/// Sends a link to whoever has an account with an address. The same is read, sealed, written and answered when nobody has: neither the
/// answer nor its time tells.
/// </summary>
internal sealed class SignInLinks(Db db, ProofStore proofs, AccountLetters letters, AttemptThrottle throttle)
{
    const string FindSql = """
        select u.user_id, u.email, p.locale
        from accounts.user u left join accounts.preference p on p.user_id = u.user_id
        where u.email_key = @Key and u.disabled_at is null
        """;

    /// <summary>Null when the request was taken on.</summary>
    internal async Task<Error?> SendAsync(Purpose purpose, AccountLetter letter, string page, string typed, string? locale, HttpContext context, CancellationToken cancel)
    {
        if (EmailAddress.Parse(typed) is not { } email)
            return AccountsErrors.EmailInvalid;
        if (await throttle.RefuseAsync($"{purpose.Name}:{email.Key}", context, cancel) is { } refused)
            return refused;
        await db.InTransactionAsync(
            async tx =>
            {
                var person = await tx.FindAsync<Row>(FindSql, new { email.Key }, cancel);
                var subject = person?.UserId.Value.ToString("N") ?? email.Key;
                var token = await proofs.IssueAsync(tx, purpose, subject, person?.UserId, email: null, cancel);
                await letters.SendAsync(tx, letter, token is null ? null : person?.Email, person?.Locale ?? locale, new(letters.Link(page, token)), cancel);
            },
            cancel);
        return null;
    }

    sealed record Row(UserId UserId, string Email, string? Locale);
}
