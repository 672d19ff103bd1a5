using JeanTrail.Accounts.Proofs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Teams;

/// <summary>What an invitation does once its token was shown: it lets its address in, once.</summary>
internal sealed class Invitations(TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = Purpose.Invitation.Lifetime;

    // The team first, as every other change of it does: in another order two of them could wait for each other.
    const string LockSql = """
        select t.team_id from accounts.team t
        where t.team_id = (select i.team_id from accounts.team_invitation i where i.invitation_id = @Id)
        for update of t
        """;

    const string TakeSql = "delete from accounts.team_invitation where invitation_id = @Id and email_key = @EmailKey and expires_at > @Now returning team_id, role";

    // Whoever is in the team already stays what they are.
    const string JoinSql = """
        insert into accounts.team_member (team_id, user_id, role, joined_at) values (@Team, @User, @Role, @Now)
        on conflict (team_id, user_id) do nothing
        """;

    const string VerifiedSql = "update accounts.user set email_verified_at = coalesce(email_verified_at, @Now) where user_id = @User";

    /// <summary>How the proof of an invitation is filed.</summary>
    internal static string SubjectOf(Guid invitation) => invitation.ToString("N");

    /// <summary>The invitation a proof is about.</summary>
    internal static Guid IdOf(Proof proof) => Guid.ParseExact(proof.Subject, "N");

    /// <summary>Puts the person into the team; null when the invitation was withdrawn. The caller has used the token up, and knows the person to have its address.</summary>
    internal async Task<Joined?> JoinAsync(Tx tx, Proof proof, UserId user, CancellationToken cancel)
    {
        var args = new { Id = IdOf(proof), proof.EmailKey, Now = clock.GetUtcNow() };
        await tx.FindAsync<Guid?>(LockSql, args, cancel);
        if (await tx.FindAsync<Row>(TakeSql, args, cancel) is not { } found)
            return null;
        await tx.ExecuteAsync(JoinSql, new { Team = found.TeamId, User = user, found.Role, args.Now }, cancel);
        // Who reads the mailbox has shown that it is theirs.
        await tx.ExecuteAsync(VerifiedSql, new { User = user, args.Now }, cancel);
        return new Joined(found.TeamId, found.Role);
    }

    sealed record Row(Guid TeamId, string Role);
}

/// <param name="Role"><c>admin member</c>.</param>
internal sealed record Joined(Guid TeamId, string Role);
