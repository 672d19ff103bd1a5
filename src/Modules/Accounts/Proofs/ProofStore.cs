using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Accounts.Proofs;

/// <summary>Tokens that are sent to a mailbox, good for one use: 256 random bits, stored as their SHA-256.</summary>
internal sealed class ProofStore(Db db, TimeProvider clock)
{
    /// <summary>A mailbox is not flooded, whoever asks and from wherever: within so long the letter before is the answer.</summary>
    internal static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);

    const string IssueSql = """
        insert into accounts.proof as p (proof_id, purpose, subject, token_hash, user_id, email, email_key, created_at, expires_at)
        values (@Id, @Purpose, @Subject, @Hash, @User, @Email, @EmailKey, @Now, @ExpiresAt)
        on conflict (purpose, subject) do update set
            proof_id = excluded.proof_id, token_hash = excluded.token_hash, user_id = excluded.user_id, email = excluded.email,
            email_key = excluded.email_key, created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = null
        where p.created_at <= @Before or p.used_at is not null
        """;

    const string FindSql = """
        select p.proof_id, p.purpose, p.subject, p.user_id, p.email, p.email_key, p.created_at
        from accounts.proof p left join accounts.user u on u.user_id = p.user_id
        where p.token_hash = @Hash and p.purpose = @Purpose and p.used_at is null and p.expires_at > @Now and u.disabled_at is null
        """;

    const string UseSql = """
        update accounts.proof set used_at = @Now
        where token_hash = @Hash and purpose = @Purpose and used_at is null and expires_at > @Now
          and not exists (select from accounts.user u where u.user_id = proof.user_id and u.disabled_at is not null)
        returning proof_id, purpose, subject, user_id, email, email_key, created_at
        """;

    // What was sent to a mailbox before must not outlive what changed since; the ways back from a change of address and from a deletion must.
    const string EndSql = "delete from accounts.proof where user_id = @User and purpose not in ('email-undo', 'deletion-cancel') and used_at is null";

    /// <summary>
    /// The token to send; null when one was sent a moment ago. Older proofs of the purpose for the subject end.
    /// </summary>
    /// <param name="subject">Whose it is: the older ones of the same subject end.</param>
    /// <param name="email">The address it is about, where that is not the account's own.</param>
    internal async Task<string?> IssueAsync(IDbSession session, Purpose purpose, string subject, UserId? user, EmailAddress? email, CancellationToken cancel)
    {
        var token = SecretHash.NewToken();
        var now = clock.GetUtcNow();
        var row = new
        {
            Id = Ids.New(clock),
            Purpose = purpose.Name,
            Subject = subject,
            Hash = Hash(token),
            User = user?.Value,
            Email = email?.Typed,
            EmailKey = email?.Key,
            Now = now,
            ExpiresAt = now + purpose.Lifetime,
            Before = now - ShortestInterval,
        };
        return await session.ExecuteAsync(IssueSql, row, cancel) == 1 ? token : null;
    }

    /// <summary>What the token would prove, without using it; null when it proves nothing.</summary>
    internal Task<Proof?> FindAsync(Purpose purpose, string token, CancellationToken cancel)
        => db.FindAsync<Proof>(FindSql, new { Purpose = purpose.Name, Hash = Hash(token), Now = clock.GetUtcNow() }, cancel);

    /// <summary>Uses the token up. Of several at once exactly one gets the proof.</summary>
    internal Task<Proof?> UseAsync(IDbSession session, Purpose purpose, string token, CancellationToken cancel)
        => session.FindAsync<Proof>(UseSql, new { Purpose = purpose.Name, Hash = Hash(token), Now = clock.GetUtcNow() }, cancel);

    /// <summary>Ends all open proofs of a person but those that undo a change of address or a deletion.</summary>
    internal static Task EndAsync(IDbSession session, UserId user, CancellationToken cancel) => session.ExecuteAsync(EndSql, new { User = user }, cancel);

    /// <summary>The hash of what cannot be a token is found nowhere.</summary>
    static byte[] Hash(string token) => SecretHash.OfToken(token)?.ToArray() ?? [];
}

/// <param name="Subject">Whose it is: of an invitation, its id.</param>
/// <param name="UserId">Whose account; null for one that is yet to be made.</param>
/// <param name="Email">The address it is about, where that is not the account's own.</param>
internal sealed record Proof(Guid ProofId, string Purpose, string Subject, UserId? UserId, string? Email, string? EmailKey, DateTimeOffset CreatedAt);
