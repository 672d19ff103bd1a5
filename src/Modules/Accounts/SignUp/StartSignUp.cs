using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Mail;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.SignUp;

internal static class StartSignUp
{
    /// <param name="Locale">The letter's language.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null);

    // An address that somebody may still take back is not free either.
    const string TakenSql = """
        select exists (select from accounts.user where email_key = @Key)
            or exists (select from accounts.proof where purpose = 'email-undo' and email_key = @Key and used_at is null and expires_at > @Now)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-up", Handle)
            .WithName("Accounts_StartSignUp")
            .WithSummary("Sends a letter with which an account is made; the answer is the same where there is one already.")
            .WithExample(new Request("bruno@example.org", "en"))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Accepted, ProblemHttpResult>> Handle(Request request, HttpContext context, Start start, CancellationToken cancel)
        => await start.AskAsync(request, context, cancel) is { } refused ? refused.ToProblem() : TypedResults.Accepted((string?)null);

    internal sealed class Start(Db db, SignUpPolicy policy, ProofStore proofs, AccountLetters letters, AttemptThrottle throttle, TimeProvider clock)
    {
        internal async Task<Error?> AskAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            if (await policy.FindAsync(cancel) != SignUpPolicy.Open)
                return AccountsErrors.SignUpClosed;
            if (EmailAddress.Parse(request.Email) is not { } email || !Letter.CanReach(email.Typed))
                return AccountsErrors.EmailInvalid;
            if (await throttle.RefuseAsync($"{Purpose.SignUp.Name}:{email.Key}", context, cancel) is { } refused)
                return refused;
            await db.InTransactionAsync(
                async tx =>
                {
                    var taken = await tx.FindAsync<bool>(TakenSql, new { email.Key, Now = clock.GetUtcNow() }, cancel);
                    var token = await proofs.IssueAsync(tx, Purpose.SignUp, email.Key, user: null, email, cancel);
                    var (letter, link) = taken
                        ? (AccountLetter.SignUpTaken, letters.Link("/forgot"))
                        : (AccountLetter.SignUp, letters.Link("/sign-up/finish", token));
                    await letters.SendAsync(tx, letter, token is null ? null : email.Typed, request.Locale, new(link), cancel);
                },
                cancel);
            return null;
        }
    }
}
