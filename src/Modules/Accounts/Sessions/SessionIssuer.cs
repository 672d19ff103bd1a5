using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Sessions;

/// <summary>Opens sessions.</summary>
internal sealed class SessionIssuer(TimeProvider clock, IOptions<AccountsOptions> options)
{
    const int MaxUserAgent = 200;

    const string InsertSql = """
        insert into accounts.session (session_id, user_id, token_hash, created_at, last_seen_at, expires_at, address, user_agent)
        values (@Id, @User, @Hash, @Now, @Now, @ExpiresAt, @Address, @UserAgent)
        """;

    /// <summary>Stores a session in the caller's transaction. Its cookie is sent by <see cref="Send"/> once that is committed.</summary>
    internal async Task<IssuedSession> IssueAsync(IDbSession session, UserId user, HttpContext context, CancellationToken cancel)
    {
        var token = SessionTokenHash.NewToken();
        var now = clock.GetUtcNow();
        var issued = new IssuedSession(Ids.New(clock), token, now + options.Value.SessionIdleLifetime);
        var row = new
        {
            Id = issued.SessionId,
            User = user,
            Hash = SessionTokenHash.Of(token)!.Value.ToArray(),
            Now = now,
            issued.ExpiresAt,
            Address = ClientAddress.Of(context),
            UserAgent = Shorten(context.Request.Headers.UserAgent.ToString()),
        };
        await session.ExecuteAsync(InsertSql, row, cancel);
        return issued;
    }

    internal void Send(HttpContext context, IssuedSession issued) => SessionCookie.Write(context, issued.Token, options.Value.SessionLifetime);

    static string Shorten(string userAgent)
    {
        var text = string.Concat(userAgent.Where(c => c is >= ' ' and < '\u007f'));
        return text.Length <= MaxUserAgent ? text : text[..MaxUserAgent];
    }
}

/// <param name="Token">Goes into the cookie and nowhere else.</param>
internal sealed record IssuedSession(Guid SessionId, string Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => SessionId.ToString();
}
