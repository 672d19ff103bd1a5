using System.Security.Claims;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Accounts.ApiKeys;

/// <summary>
/// Finds what an API key opens. What was read is believed for <see cref="Freshness"/>; a change of a key or of its person is broadcast to all
/// nodes and takes effect at once.
/// </summary>
internal sealed partial class LiveApiKeys(Db db, TimeProvider clock, IBroadcast broadcast, ILiveConnections connections, ILogger<LiveApiKeys> logger)
    : IHostedService, IDisposable
{
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    const string Channel = "accounts.api-key-changed";

    // The present secret works until its rotation is overdue, the one before until its overlap is over.
    const string FindSql = """
        select k.key_id, k.user_id, u.role, k.scopes, k.last_used_at,
               least(k.expires_at, case when k.secret_hash = @Hash then k.secret_until else k.previous_until end) as until
        from accounts.api_key k join accounts.user u on u.user_id = k.user_id
        where (k.secret_hash = @Hash or k.previous_hash = @Hash) and k.revoked_at is null and u.disabled_at is null
        order by k.secret_hash = @Hash desc limit 1
        """;

    const string TouchSql = """
        update accounts.api_key set last_used_at = @Now, last_address = @Address
        where key_id = @Id and (last_used_at is null or last_used_at <= @Before)
        """;

    readonly TokenCache<Entry> known = new(Freshness, clock);
    IDisposable[] listening = [];

    /// <summary>The principal of a key that works, or null.</summary>
    internal async Task<ClaimsPrincipal?> FindAsync(SecretHash secret, string address, CancellationToken cancel)
    {
        var found = await known.FindAsync(secret, async now =>
        {
            if (await db.FindAsync<Row>(FindSql, new { Hash = secret.ToArray() }, cancel) is not { } row)
                return null;
            if (!(row.Until <= now) && (row.LastUsedAt is null || now - row.LastUsedAt >= TouchEvery))
                await db.ExecuteAsync(TouchSql, new { Id = row.KeyId, Now = now, Before = now - TouchEvery, Address = address }, cancel);
            return new Entry(row.KeyId, row.UserId, Principal(row), row.Until);
        });
        return found?.Principal;
    }

    /// <summary>Call it after a change is committed: every node reads the key again.</summary>
    internal async Task ChangedAsync(Guid key)
    {
        known.Forget(entry => entry.KeyId == key);
        try
        {
            await broadcast.SendAsync(Channel, key.ToString("N"), CancellationToken.None);
        }
        catch (NpgsqlException failure)
        {
            // The change itself is committed: its caller must not fail. Other nodes believe what they know for seconds at most.
            LogNotSent(logger, key, failure);
        }
    }

    /// <summary>As <see cref="ChangedAsync"/>, for a key that ended: its live connections are closed too.</summary>
    internal async Task EndedAsync(Guid key)
    {
        await ChangedAsync(key);
        await connections.AbortSessionAsync(key, CancellationToken.None);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listening =
        [
            broadcast.Listen(Channel, (payload, _) =>
            {
                if (Guid.TryParse(payload, out var key))
                    known.Forget(entry => entry.KeyId == key);
                return Task.CompletedTask;
            }),
            broadcast.Listen(UserBroadcasts.Changed, (payload, _) =>
            {
                if (Guid.TryParse(payload, out var user))
                    known.Forget(entry => entry.UserId.Value == user);
                return Task.CompletedTask;
            }),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        foreach (var one in listening)
            one.Dispose();
    }

    // No proof of the person is among the claims, and nothing adds one: a key confirms nothing in its person's stead.
    static ClaimsPrincipal Principal(Row row)
        => new(new ClaimsIdentity(
            [
                new Claim(Caller.UserIdClaim, row.UserId.Value.ToString()),
                new Claim(Caller.SessionIdClaim, row.KeyId.ToString()),
                new Claim(Caller.RoleClaim, row.Role),
                new Claim(Credential.Claim, Credential.Key),
                .. row.Scopes.Select(scope => new Claim(Credential.ScopeClaim, scope)),
            ],
            SessionAuthentication.SchemeName,
            Caller.UserIdClaim,
            Caller.RoleClaim));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change of API key {KeyId} could not be sent to the other nodes")]
    static partial void LogNotSent(ILogger logger, Guid keyId, Exception failure);

    /// <remarks>With properties, because Dapper cannot match an array column to a constructor's parameter.</remarks>
    sealed record Row
    {
        public Guid KeyId { get; init; }

        public UserId UserId { get; init; }

        public string Role { get; init; } = "";

        public string[] Scopes { get; init; } = [];

        public DateTimeOffset? LastUsedAt { get; init; }

        public DateTimeOffset? Until { get; init; }
    }

    sealed record Entry(Guid KeyId, UserId UserId, ClaimsPrincipal Principal, DateTimeOffset? Until) : TokenCache<Entry>.IEntry;
}
