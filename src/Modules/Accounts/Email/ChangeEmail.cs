using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Mail;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Email;

internal static class ChangeEmail
{
    /// <param name="Email">The new address.</param>
    /// <param name="Password">The person's own, once more.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [Required, StringLength(PasswordRules.MaxLength)] string Password);

    const string TakenSql = """
        select exists (select from accounts.user where email_key = @Key)
            or exists (
                select from accounts.proof
                where purpose = 'email-undo' and email_key = @Key and user_id <> @User and used_at is null and expires_at > @Now)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/email/change", Handle)
            .WithName("Accounts_ChangeEmail")
            .WithSummary("Sends letters to the new address, to confirm it, and to the old one, to undo the change.")
            .WithExample(new Request("olga@example.com", "a lighthouse above the grey harbour"))
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Accepted, ProblemHttpResult>> Handle(Request request, Caller caller, HttpContext context, Change change, CancellationToken cancel)
        => await change.AskAsync(request, caller.UserId, context, cancel) is { } refused ? refused.ToProblem() : TypedResults.Accepted((string?)null);

    internal sealed class Change(Db db, OwnPassword own, ProofStore proofs, AccountLetters letters, TimeProvider clock)
    {
        internal async Task<Error?> AskAsync(Request request, UserId user, HttpContext context, CancellationToken cancel)
        {
            if (EmailAddress.Parse(request.Email) is not { } email || !Letter.CanReach(email.Typed))
                return AccountsErrors.EmailInvalid;
            var proven = await own.ProveAsync(user, request.Password, "password", context, cancel);
            if (!proven.TryGet(out var person, out var refused))
                return refused;
            if (email.Key == person.EmailKey)
                return AccountsErrors.EmailSame;
            // Who has the new address is asked of everybody.
            using var scope = RowScope.Server();
            var sent = await db.InTransactionAsync(tx => SendAsync(tx, user, person, email, cancel), cancel);
            return sent ? null : AccountsErrors.TooManyAttempts(ProofStore.ShortestInterval);
        }

        /// <summary>Nothing here tells the person whether somebody else has the new address; its mailbox is told.</summary>
        async Task<bool> SendAsync(Tx tx, UserId user, OwnPassword.Person person, EmailAddress email, CancellationToken cancel)
        {
            var owner = user.Value.ToString("N");
            var taken = await tx.FindAsync<bool>(TakenSql, new { email.Key, User = user, Now = clock.GetUtcNow() }, cancel);
            if (await proofs.IssueAsync(tx, Purpose.ChangeEmail, owner, user, email, cancel) is not { } confirm)
                return false;
            var (letter, link) = taken
                ? (AccountLetter.ConfirmEmailTaken, letters.Link("/sign-in"))
                : (AccountLetter.ConfirmEmail, letters.Link("/email/confirm", confirm));
            await letters.SendAsync(tx, letter, email.Typed, person.Locale, new(link, email.Typed), cancel);

            // One a former address: a thief who changes it twice does not end the way back to the first.
            var former = new EmailAddress(person.Email, person.EmailKey);
            var undo = await proofs.IssueAsync(tx, Purpose.UndoEmail, $"{owner}:{former.Key}", user, former, cancel);
            await letters.SendAsync(
                tx, AccountLetter.UndoEmail, undo is null ? null : former.Typed, person.Locale, new(letters.Link("/email/undo", undo), email.Typed), cancel);
            return true;
        }
    }
}
