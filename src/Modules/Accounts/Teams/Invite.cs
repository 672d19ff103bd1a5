using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
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

namespace JeanTrail.Accounts.Teams;

/// <summary>Asking somebody into a team by letter, and taking that back.</summary>
internal static class Invite
{
    /// <param name="Locale">The letter's language; the stored one of the person goes first, where there is one.</param>
    public sealed record Request(
        [Required, StringLength(EmailAddress.MaxLength)] string Email,
        [Required, AllowedValues("admin", "member")] string Role,
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/teams/{id:guid}/invitations", InviteAsync)
            .WithName("Accounts_Invite")
            .WithSummary("Sends a letter that lets one address into the team, within a week; for its admins and owner. Only the owner invites admins.")
            .WithExample(new Request("bruno@example.org", "member", "en"))
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);
        routes.MapDelete("/teams/{id:guid}/invitations/{invitation:guid}", WithdrawAsync)
            .WithName("Accounts_WithdrawInvitation")
            .WithSummary("Ends an invitation: its letter opens nothing any more.")
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Results<Accepted, ProblemHttpResult>> InviteAsync(
        Guid id, Request request, Caller caller, HttpContext context, TeamChange change, Sender sender, CancellationToken cancel)
    {
        if (EmailAddress.Parse(request.Email) is not { } email || !Letter.CanReach(email.Typed))
            return AccountsErrors.EmailInvalid.ToProblem();
        var refused = await change.MakeAsync(
            id, caller, context, request.Role == TeamRoles.Admin ? TeamRole.Owner : TeamRole.Admin, (tx, _) => sender.SendAsync(tx, id, email, request, caller, cancel), cancel);
        return refused is null ? TypedResults.Accepted((string?)null) : refused.ToProblem();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(
        Guid id, Guid invitation, Caller caller, HttpContext context, TeamChange change, Sender sender, CancellationToken cancel)
        => TeamChange.Answer(await change.MakeAsync(id, caller, context, TeamRole.Admin, (tx, _) => sender.WithdrawAsync(tx, id, invitation, cancel), cancel));

    internal sealed class Sender(ProofStore proofs, AccountLetters letters, TimeProvider clock)
    {
        const int MostOpen = 50;

        const string MemberSql = """
            select exists (select from accounts.team_member m join accounts.user u on u.user_id = m.user_id where m.team_id = @Team and u.email_key = @Key)
            """;

        const string OpenSql = "select count(*) from accounts.team_invitation where team_id = @Team and email_key <> @Key and expires_at > @Now";
        const string EndedSql = "delete from accounts.team_invitation where team_id = @Team and expires_at <= @Now";

        const string SaveSql = """
            insert into accounts.team_invitation as i (invitation_id, team_id, email, email_key, role, invited_by, created_at, expires_at)
            values (@Id, @Team, @Email, @Key, @Role, @By, @Now, @ExpiresAt)
            on conflict (team_id, email_key) do update set
                email = excluded.email, role = excluded.role, invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at
            returning invitation_id
            """;

        const string LocaleSql = "select p.locale from accounts.user u join accounts.preference p on p.user_id = u.user_id where u.email_key = @Key";
        const string WithdrawSql = "delete from accounts.team_invitation where invitation_id = @Id and team_id = @Team";
        const string EndProofSql = "delete from accounts.proof where purpose = 'invitation' and subject = @Subject";

        internal async Task<Result<TeamAct?>> SendAsync(Tx tx, Guid team, EmailAddress email, Request request, Caller caller, CancellationToken cancel)
        {
            var now = clock.GetUtcNow();
            var args = new
            {
                Id = Ids.New(clock),
                Team = team,
                Email = email.Typed,
                email.Key,
                request.Role,
                By = caller.UserId,
                Now = now,
                ExpiresAt = now + Invitations.Lifetime,
            };
            if (await tx.FindAsync<bool>(MemberSql, args, cancel))
                return AccountsErrors.TeamMember;
            await tx.ExecuteAsync(EndedSql, args, cancel);
            if (await tx.FindAsync<long>(OpenSql, args, cancel) >= MostOpen)
                return AccountsErrors.InvitationsTooMany;
            var invitation = await tx.FindAsync<Guid>(SaveSql, args, cancel);
            var token = await proofs.IssueAsync(tx, Purpose.Invitation, Invitations.SubjectOf(invitation), user: null, email, cancel);
            if (token is null)
                throw new ErrorException(AccountsErrors.TooManyAttempts(ProofStore.ShortestInterval));
            var locale = await tx.FindAsync<string>(LocaleSql, args, cancel) ?? request.Locale;
            await letters.SendAsync(tx, AccountLetter.TeamInvitation, email.Typed, locale, new(letters.Link("/invitation", token)), cancel);
            return new TeamAct(AuditAct.TeamInvited, [invitation], After: new { request.Role });
        }

        internal async Task<Result<TeamAct?>> WithdrawAsync(Tx tx, Guid team, Guid invitation, CancellationToken cancel)
        {
            if (await tx.ExecuteAsync(WithdrawSql, new { Id = invitation, Team = team }, cancel) == 0)
                return KernelErrors.NotFound;
            await tx.ExecuteAsync(EndProofSql, new { Subject = Invitations.SubjectOf(invitation) }, cancel);
            return new TeamAct(AuditAct.TeamInvitationWithdrawn, [invitation]);
        }
    }
}
