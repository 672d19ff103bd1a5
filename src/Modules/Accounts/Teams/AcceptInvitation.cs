using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Contracts.Accounts;
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

namespace JeanTrail.Accounts.Teams;

/// <summary>What to do with the token of an invitation. Those without an account make one with it: <c>POST /sign-up/finish</c>.</summary>
internal static class AcceptInvitation
{
    /// <param name="Token">From the letter.</param>
    public sealed record Request([Required, StringLength(100)] string Token);

    /// <param name="Email">Whom it is for.</param>
    /// <param name="Role"><c>admin member</c>.</param>
    /// <param name="HasAccount">Whether that address signs in, or signs up.</param>
    public sealed record Invitation(string TeamName, string Email, string Role, DateTimeOffset ExpiresAt, bool HasAccount);

    public sealed record Response(TeamId TeamId);

    const string LookSql = """
        select t.name as team_name, i.email, i.role, i.expires_at, exists (select from accounts.user u where u.email_key = i.email_key) as has_account
        from accounts.team_invitation i join accounts.team t on t.team_id = i.team_id
        where i.invitation_id = @Id and i.email_key = @EmailKey and i.expires_at > @Now
        """;

    const string AddressSql = "select email_key from accounts.user where user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/invitations/look", LookAsync)
            .WithName("Accounts_LookAtInvitation")
            .WithSummary("Tells what an invitation is for. It stays good.")
            .WithExample(new Request(ProofExamples.Token), new Invitation("Harbour office", "bruno@example.org", TeamRoles.Member, new(2026, 3, 21, 10, 9, 57, TimeSpan.Zero), HasAccount: false))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();
        routes.MapPost("/invitations/accept", AcceptAsync)
            .WithName("Accounts_AcceptInvitation")
            .WithSummary("Joins the team, once; for whoever is signed in with the address the invitation is for.")
            .WithExample(new Request(ProofExamples.Token), new Response(ListTeams.Example.Id))
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Results<Ok<Invitation>, ProblemHttpResult>> LookAsync(
        Request request, HttpContext context, ProofDoor door, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var looked = await door.LookAsync(Purpose.Invitation, request.Token, context, cancel);
        if (!looked.TryGet(out var proof, out var refused))
            return refused.ToProblem();
        var args = new { Id = Invitations.IdOf(proof), proof.EmailKey, Now = clock.GetUtcNow() };
        return await db.FindAsync<Invitation>(LookSql, args, cancel) is { } found ? TypedResults.Ok(found) : AccountsErrors.LinkInvalid.ToProblem();
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> AcceptAsync(
        Request request, Caller caller, HttpContext context, ProofDoor door, Acceptance acceptance, CancellationToken cancel)
    {
        var looked = await door.LookAsync(Purpose.Invitation, request.Token, context, cancel);
        if (!looked.TryGet(out var proof, out var refused))
            return refused.ToProblem();
        var accepted = await acceptance.MakeAsync(proof, request.Token, caller, context, cancel);
        return accepted.TryGet(out var team, out var error) ? TypedResults.Ok(new Response(new TeamId(team))) : error.ToProblem();
    }

    internal sealed class Acceptance(Db db, ProofStore proofs, Invitations invitations, IAudit audit)
    {
        internal async Task<Result<Guid>> MakeAsync(Proof proof, string token, Caller caller, HttpContext context, CancellationToken cancel)
        {
            // Whoever finds a letter of somebody else does not become a member by it.
            if (await db.FindAsync<string>(AddressSql, new { User = caller.UserId }, cancel) != proof.EmailKey)
                return AccountsErrors.InvitationOther;
            return await db.InTransactionAsync<Result<Guid>>(
                async tx =>
                {
                    if (await proofs.UseAsync(tx, Purpose.Invitation, token, cancel) is null || await invitations.JoinAsync(tx, proof, caller.UserId, cancel) is not { } joined)
                        return AccountsErrors.LinkInvalid;
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.TeamJoined, caller, context, [joined.TeamId], after: new { joined.Role }), cancel);
                    return joined.TeamId;
                },
                cancel);
        }
    }
}
