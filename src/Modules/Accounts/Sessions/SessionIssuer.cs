using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Sessions;

/// <summary>Opens sessions.</summary>
internal sealed class SessionIssuer(TimeProvider clock, IOptions<AccountsOptions> options)
{
    const int MaxUserAgent = 200;

    const string InsertSql = """
        insert into accounts.session
            (session_id, user_id, token_hash, created_at, last_seen_at, expires_at, address, user_agent, proved_at, second_factor, actor_id, actor_session_id,
             kind, access_expires_at)
        values (@Id, @User, @Hash, @Now, @Now, @ExpiresAt, @Address, @UserAgent, @ProvedAt, @SecondFactor, @Actor, @ActorSession, @Kind, @AccessExpiresAt)
        """;

    /// <summary>Stores a session in the caller's transaction. Its cookie is sent by <see cref="Send"/> once that is committed.</summary>
    /// <param name="secondFactor">Whether the person proved who they are with a second factor too.</param>
    /// <param name="accessFor">For a program: how long its token is good for. The session itself goes on with the next one.</param>
    /// <param name="acting">Who opens it in the person's name, when it is not the person: nobody has proved to be them.</param>
    internal async Task<IssuedSession> IssueAsync(
        IDbSession session, UserId user, HttpContext context, CancellationToken cancel, bool secondFactor = false, ActingFor? acting = null,
        TimeSpan? accessFor = null)
    {
        var token = SecretHash.NewToken();
        var now = clock.GetUtcNow();
        var issued = new IssuedSession(Ids.New(clock), token, now + (acting?.Lifetime ?? options.Value.SessionIdleLifetime));
        var row = new
        {
            Id = issued.SessionId,
            User = user,
            Hash = SecretHash.OfToken(token)!.Value.ToArray(),
            Now = now,
            issued.ExpiresAt,
            Address = ClientAddress.Of(context),
            UserAgent = Shorten(context.Request.Headers.UserAgent.ToString()),
            ProvedAt = acting is null ? now : default(DateTimeOffset?),
            SecondFactor = secondFactor,
            Actor = acting?.Actor,
            ActorSession = acting?.SessionId,
            Kind = accessFor is null ? SessionKind.Browser : SessionKind.Program,
            AccessExpiresAt = now + accessFor,
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

/// <param name="SessionId">The actor's own session, with which this one ends.</param>
internal sealed record ActingFor(UserId Actor, Guid SessionId, TimeSpan Lifetime);

/// <param name="Token">Goes into the cookie, or to the program, and nowhere else.</param>
internal sealed record IssuedSession(Guid SessionId, string Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => SessionId.ToString();
}
