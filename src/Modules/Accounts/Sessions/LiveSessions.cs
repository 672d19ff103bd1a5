using System.Collections.Concurrent;
using System.Security.Claims;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
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

    // Tokens that were seen within the last seconds; far more than one node serves. When full, the stale ones go first.
    const int MaxEntries = 20_000;

    const string FindSql = """
        select s.session_id, s.user_id, u.role, s.last_seen_at, s.expires_at
        from accounts.session s join accounts.user u on u.user_id = s.user_id
        where s.token_hash = @Hash and s.revoked_at is null and s.expires_at > @Now and u.disabled_at is null
        """;

    const string TouchSql = """
        update accounts.session
        set last_seen_at = @Now, address = @Address, expires_at = least(created_at + @Lifetime, @Now::timestamptz + @IdleLifetime::interval)
        where session_id = @Id and revoked_at is null and last_seen_at < @Before
        """;

    readonly ConcurrentDictionary<SessionTokenHash, Entry> entries = new();
    IDisposable? listening;
    int generation;

    /// <summary>The principal of a live session, or null.</summary>
    internal async Task<ClaimsPrincipal?> FindAsync(SessionTokenHash token, string address, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (entries.TryGetValue(token, out var entry) && now - entry.LoadedAt < Freshness && entry.ExpiresAt > now)
            return entry.Principal;

        var before = Volatile.Read(ref generation);
        var row = await db.FindAsync<Row>(FindSql, new { Hash = token.ToArray(), Now = now }, cancel);
        if (row is null)
        {
            entries.TryRemove(token, out _);
            return null;
        }

        if (now - row.LastSeenAt >= TouchEvery)
            await TouchAsync(row.SessionId, address, now, cancel);
        entry = new Entry(row.SessionId, Principal(row), now, row.ExpiresAt);
        Remember(token, entry, before);
        return entry.Principal;
    }

    /// <summary>Tells every node that these sessions ended: they forget them and close their live connections.</summary>
    internal async Task ForgetAsync(IEnumerable<Guid> sessions, CancellationToken cancel)
    {
        foreach (var session in sessions)
        {
            Forget(session);
            await connections.AbortSessionAsync(session, cancel);
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

    void Forget(Guid session)
    {
        Interlocked.Increment(ref generation);
        foreach (var (token, entry) in entries)
        {
            if (entry.SessionId == session)
                entries.TryRemove(token, out _);
        }
    }

    void Remember(SessionTokenHash token, Entry entry, int before)
    {
        if (entries.Count >= MaxEntries)
            DropStale(entry.LoadedAt);
        entries[token] = entry;

        // A revocation that arrived while the row was being read would be undone by what was read before it.
        if (Volatile.Read(ref generation) != before)
            entries.TryRemove(token, out _);
    }

    void DropStale(DateTimeOffset now)
    {
        foreach (var (token, entry) in entries)
        {
            if (now - entry.LoadedAt >= Freshness)
                entries.TryRemove(token, out _);
        }

        if (entries.Count >= MaxEntries)
            entries.Clear();
    }

    static ClaimsPrincipal Principal(Row row)
        => new(new ClaimsIdentity(
            [
                new Claim(Caller.UserIdClaim, row.UserId.Value.ToString()),
                new Claim(Caller.SessionIdClaim, row.SessionId.ToString()),
                new Claim(Caller.RoleClaim, row.Role),
            ],
            SessionAuthentication.SchemeName,
            Caller.UserIdClaim,
            Caller.RoleClaim));

    sealed record Row(Guid SessionId, UserId UserId, string Role, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

    sealed record Entry(Guid SessionId, ClaimsPrincipal Principal, DateTimeOffset LoadedAt, DateTimeOffset ExpiresAt);
}
