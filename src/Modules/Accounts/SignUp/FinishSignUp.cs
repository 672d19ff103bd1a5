using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Profile;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.Teams;
using JeanTrail.Accounts.Users;
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
using Npgsql;

namespace JeanTrail.Accounts.SignUp;

internal static class FinishSignUp
{
    /// <param name="Token">From the letter, which may be an invitation into a team.</param>
    /// <param name="Locale">Interface language, or null to follow the browser.</param>
    public sealed record Request(
        [Required, StringLength(100)] string Token,
        [Required, StringLength(80, MinimumLength = 1)] string DisplayName,
        [Required, StringLength(PasswordRules.MaxLength)] string Password,
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null);

    const string InsertSql = """
        insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at, email_verified_at)
        select @Id, @Email, @EmailKey, @DisplayName, 'free', @PasswordHash, @Now::timestamptz, @Now::timestamptz
        where not exists (
            select from accounts.proof where purpose = 'email-undo' and email_key = @EmailKey and used_at is null and expires_at > @Now)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-up/finish", Handle)
            .WithName("Accounts_FinishSignUp")
            .WithSummary("Makes the account the letter was for, and signs in. With an invitation it also joins the team.")
            .WithExample(new Request(ProofExamples.Token, "Bruno", "a lighthouse above the grey harbour", "en"), GetSession.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<GetSession.Session>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, NewAccount account, SignInAnswers answers, CancellationToken cancel)
        => await answers.OpenedAsync(await account.MakeAsync(request, context, cancel), cancel);

    internal sealed class NewAccount(
        SignUpPolicy policy, ProofDoor door, ProofStore proofs, Invitations invitations, BreachedPasswords passwords, PasswordVault vault, Entrance entrance, IAudit audit,
        TimeProvider clock)
    {
        internal async Task<Result<Entered>> MakeAsync(Request request, HttpContext context, CancellationToken cancel)
        {
            var mode = await policy.FindAsync(cancel);
            if (mode == SignUpPolicy.Closed)
                return AccountsErrors.SignUpClosed;
            var looked = await door.LookAsync([Purpose.SignUp, Purpose.Invitation], request.Token, context, cancel);
            if (!looked.TryGet(out var proof, out var refused))
                return refused;
            if (mode != SignUpPolicy.Open && proof.Purpose != Purpose.Invitation.Name)
                return AccountsErrors.SignUpClosed;
            var email = new EmailAddress(proof.Email!, proof.EmailKey!);
            if (await passwords.CheckAsync(request.Password, email, request.DisplayName, cancel) is { } weak)
                return weak;
            var row = new
            {
                Id = Ids.New<UserId>(clock),
                Email = email.Typed,
                EmailKey = email.Key,
                DisplayName = request.DisplayName.Trim(),
                PasswordHash = await vault.HashAsync(request.Password, cancel),
                Now = clock.GetUtcNow(),
            };
            try
            {
                var entered = await entrance.EnterAsync(row.Id, tx => StoreAsync(tx, request, proof, row.Id, row, context, cancel), context, cancel);
                return entered is Entered inside ? inside : AccountsErrors.LinkInvalid;
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "user_email_key" })
            {
                // Whoever holds the token reads the mailbox; the letter for a taken address said so too.
                return AccountsErrors.LinkInvalid;
            }
        }

        async Task<bool> StoreAsync(Tx tx, Request request, Proof proof, UserId user, object row, HttpContext context, CancellationToken cancel)
        {
            var isInvited = proof.Purpose == Purpose.Invitation.Name;
            if (await proofs.UseAsync(tx, isInvited ? Purpose.Invitation : Purpose.SignUp, request.Token, cancel) is null || await tx.ExecuteAsync(InsertSql, row, cancel) == 0)
                return false;
            await PreferenceStore.SaveAsync(tx, user, new() { Locale = request.Locale }, clock.GetUtcNow(), cancel);
            return !isInvited || await JoinAsync(tx, proof, user, context, cancel);
        }

        async Task<bool> JoinAsync(Tx tx, Proof proof, UserId user, HttpContext context, CancellationToken cancel)
        {
            // An invitation that was withdrawn must not leave the account behind that it was to make.
            if (await invitations.JoinAsync(tx, proof, user, cancel) is not { } joined)
                throw new ErrorException(AccountsErrors.LinkInvalid);
            await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.TeamJoined, context, [joined.TeamId, user.Value], new { joined.Role }), cancel);
            return true;
        }
    }
}
