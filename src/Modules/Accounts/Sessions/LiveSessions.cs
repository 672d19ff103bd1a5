using System.Security.Claims;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Sessions;

/// <summary>
/// Finds the live session of a token. What was read is believed for <see cref="Freshness"/>, so that reads cost no database round trip
/// each; a revocation is broadcast to all nodes and takes effect at once.
/// </summary>
internal sealed class LiveSessions(Db db, TimeProvider clock, IBroadcast broadcast, ILiveConnections connections, IOptions<AccountsOptions> options)
    : IHostedService, IDisposable
{
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    const string Channel = "accounts.session-revoked";

    const string FindSql = """
        select s.session_id, s.user_id, u.role, s.last_seen_at, least(s.expires_at, s.access_expires_at) as expires_at, s.proved_at, s.actor_id
        from accounts.session s join accounts.user u on u.user_id = s.user_id
        where s.token_hash = @Hash and s.kind = @Kind and s.revoked_at is null and least(s.expires_at, s.access_expires_at) > @Now and u.disabled_at is null
          and (s.actor_id is null or (u.role not in ('owner', 'admin')
               and exists (select from accounts.user a where a.user_id = s.actor_id and a.role = 'owner' and a.disabled_at is null)))
        """;

    const string TouchSql = """
        update accounts.session
        set last_seen_at = @Now, address = @Address,
            expires_at = case when actor_id is null then least(created_at + @Lifetime, @Now::timestamptz + @IdleLifetime::interval) else expires_at end
        where session_id = @Id and revoked_at is null and last_seen_at < @Before
        """;

    const string ActedSql = "update accounts.session set revoked_at = @Now where actor_session_id = any(@Ids) and revoked_at is null returning session_id";

    readonly TokenCache<Entry> known = new(Freshness, clock);
    IDisposable? listening;

    /// <summary>The principal of a live session, or null.</summary>
    /// <param name="kind">What the token came as: one for programs is of no use as a cookie, nor the other way round.</param>
    internal async Task<ClaimsPrincipal?> FindAsync(SecretHash token, string kind, string address, CancellationToken cancel)
    {
        var found = await known.FindAsync(token, async now =>
        {
            if (await db.FindAsync<Row>(FindSql, new { Hash = token.ToArray(), Kind = kind, Now = now }, cancel) is not { } row)
                return null;
            if (now - row.LastSeenAt >= TouchEvery)
                await TouchAsync(row.SessionId, address, now, cancel);
            return new Entry(row.SessionId, kind, Principal(row, kind), row.ExpiresAt);
        });
        return found?.Kind == kind ? found.Principal : null;
    }

    /// <summary>
    /// Tells every node that these sessions ended: they forget them and close their live connections. Sessions that were opened from them in
    /// other people's names end too.
    /// </summary>
    internal async Task ForgetAsync(IEnumerable<Guid> sessions, CancellationToken cancel)
    {
        Guid[] ended = [.. sessions];
        if (ended.Length == 0)
            return;
        // Those are other people's.
        using var scope = RowScope.Server();
        var acted = await db.QueryAsync<Guid>(ActedSql, new { Ids = ended, Now = clock.GetUtcNow() }, cancel);
        foreach (var session in ended.Concat(acted))
        {
            Forget(session);
            await connections.AbortSessionAsync(session, cancel);
            await broadcast.SendAsync(Channel, session.ToString("N"), cancel);
        }
    }

    /// <summary>Tells every node to read these sessions again: their token or the person's role is another now. They stay open.</summary>
    internal async Task RereadAsync(IEnumerable<Guid> sessions, CancellationToken cancel)
    {
        foreach (var session in sessions)
        {
            Forget(session);
            await broadcast.SendAsync(Channel, session.ToString("N"), cancel);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listening = broadcast.Listen(Channel, (payload, _) =>
        {
            if (Guid.TryParse(payload, out var session))
                Forget(session);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => listening?.Dispose();

    Task<int> TouchAsync(Guid session, string address, DateTimeOffset now, CancellationToken cancel)
        => db.ExecuteAsync(
            TouchSql,
            new { Id = session, Now = now, Before = now - TouchEvery, Address = address, Lifetime = options.Value.SessionLifetime, IdleLifetime = options.Value.SessionIdleLifetime },
            cancel);

    void Forget(Guid session) => known.Forget(entry => entry.SessionId == session);

    static ClaimsPrincipal Principal(Row row, string kind)
        => new(new ClaimsIdentity(
            [
                new Claim(Caller.UserIdClaim, row.UserId.Value.ToString()),
                new Claim(Caller.SessionIdClaim, row.SessionId.ToString()),
                new Claim(Caller.RoleClaim, row.Role),
                .. kind == SessionKind.Program ? [new Claim(Credential.Claim, Credential.Token)] : Array.Empty<Claim>(),
                .. row.ProvedAt is { } provedAt ? [RecentProof.ClaimOf(provedAt)] : Array.Empty<Claim>(),
                .. row.ActorId is { } actor ? [new Claim(Caller.ActorIdClaim, actor.Value.ToString())] : Array.Empty<Claim>(),
            ],
            SessionAuthentication.SchemeName,
            Caller.UserIdClaim,
            Caller.RoleClaim));

    sealed record Row(Guid SessionId, UserId UserId, string Role, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, DateTimeOffset? ProvedAt, UserId? ActorId);

    sealed record Entry(Guid SessionId, string Kind, ClaimsPrincipal Principal, DateTimeOffset? Until) : TokenCache<Entry>.IEntry;
}

/// <summary>Who holds the token of a session.</summary>
internal static class SessionKind
{
    /// <summary>A browser, in its cookie.</summary>
    internal const string Browser = "browser";

    /// <summary>A program in which the person signed in, as its access token.</summary>
    internal const string Program = "program";
}
