using JeanTrail.Accounts.ApiKeys;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Tokens;

/// <summary>
/// Makes pairs of tokens. All pairs that follow from one sign-in belong to one session, which is in the person's list of devices and with
/// which they end. A new pair ends the one before.
/// </summary>
internal sealed class TokenIssuer(SessionIssuer issuer, TimeProvider clock)
{
    internal static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(15);
    internal static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(30);

    const string InsertSql = """
        insert into accounts.refresh_token (token_hash, session_id, created_at, expires_at) values (@Hash, @Session, @Now, @ExpiresAt)
        """;

    /// <summary>Opens a session in the caller's transaction.</summary>
    internal async Task<IssueTokens.Pair> OpenAsync(Tx tx, UserId user, HttpContext context, bool secondFactor, CancellationToken cancel)
    {
        var session = await issuer.IssueAsync(tx, user, context, cancel, secondFactor, accessFor: AccessLifetime);
        return await FollowAsync(tx, session.SessionId, session.Token, cancel);
    }

    /// <summary>The pair for an access token that the session has in the same transaction.</summary>
    internal async Task<IssueTokens.Pair> FollowAsync(Tx tx, Guid session, string access, CancellationToken cancel)
    {
        var refresh = BearerToken.New(BearerToken.Refresh);
        var now = clock.GetUtcNow();
        var row = new
        {
            Hash = BearerToken.HashOf(BearerToken.Refresh, refresh)!.Value.ToArray(),
            Session = session,
            Now = now,
            ExpiresAt = now + RefreshLifetime,
        };
        await tx.ExecuteAsync(InsertSql, row, cancel);
        return new IssueTokens.Pair(BearerToken.Access + access, "Bearer", (int)AccessLifetime.TotalSeconds, refresh, row.ExpiresAt, session);
    }
}
