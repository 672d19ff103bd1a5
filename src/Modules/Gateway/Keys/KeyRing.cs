using System.Collections.Concurrent;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Secrets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway.Keys;

/// <summary>
/// Finds what a bearer secret opens. What was read is believed for <see cref="Freshness"/>, and a key in use is read again before that is
/// over, so that calls wait for the database only the first time; a change is broadcast to all nodes and takes effect at once.
/// </summary>
internal sealed partial class KeyRing(
    Db db, IUserDirectory users, ITeams teams, IBroadcast broadcast, IBroadcastGaps gaps, KeyUses uses, RunningCalls running, TimeProvider clock, ILogger<KeyRing> logger) : IHostedService, IDisposable
{
    internal static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(5);
    static readonly TimeSpan RenewedAfter = TimeSpan.FromSeconds(20);
    static readonly TimeSpan NotedEvery = TimeSpan.FromSeconds(1);

    /// <summary>For the database; the callers wait as long as they like.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    const string Channel = "gateway.key-changed";

    // When full, the stale ones go first, then all: they are read again.
    const int MaxKnown = 50_000;
    const int MaxUnknown = 10_000;

    const string Sql = $"select {KeyRow.Columns} from gateway.virtual_key where secret_hash = @Hash or previous_hash = @Hash order by secret_hash = @Hash desc limit 1";

    readonly ConcurrentDictionary<SecretHash, Entry> known = new();
    readonly ConcurrentDictionary<SecretHash, long> unknown = new();
    readonly ConcurrentDictionary<SecretHash, Lazy<Task<Entry?>>> loading = new();
    IDisposable[] listening = [];
    int generation;

    /// <summary>
    /// What the secret opens. Errors (401): <c>gateway.key_invalid</c>, <c>gateway.key_expired</c>, <c>gateway.key_revoked</c>. Throws when the
    /// key is not in memory and the database is away.
    /// </summary>
    internal ValueTask<Result<KeyGrant>> FindAsync(string bearer, CancellationToken cancel)
    {
        if (KeySecret.HashOf(bearer) is not { } hash)
            return new(GatewayErrors.VirtualKeyInvalid);
        var now = clock.GetUtcNow();
        if (known.TryGetValue(hash, out var entry) && now < entry.LoadedAt + Freshness)
        {
            if (now >= entry.LoadedAt + RenewedAfter && entry.TryRenew())
                _ = RenewAsync(hash);
            return new(Judge(entry, hash, now));
        }

        return unknown.TryGetValue(hash, out var until) && now.UtcTicks < until ? new(GatewayErrors.VirtualKeyInvalid) : LoadAsync(hash, cancel);
    }

    /// <summary>Call it after a change is committed: every node forgets the key.</summary>
    internal async Task InvalidateAsync(Guid key, CancellationToken cancel)
    {
        await ForgetAsync(key);
        try
        {
            await broadcast.SendAsync(Channel, key.ToString("N"), cancel);
        }
        catch (NpgsqlException failure)
        {
            // The change itself is committed: its caller must not fail. Other nodes believe what they know for half a minute at most.
            LogNotSent(logger, key, failure);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listening =
        [
            broadcast.Listen(Channel, (payload, _) => Guid.TryParse(payload, out var key) ? ForgetAsync(key) : Task.CompletedTask),
            broadcast.Listen(UserBroadcasts.Changed, (payload, _) => Guid.TryParse(payload, out var user) ? ForgetKeysOfAsync(new UserId(user)) : Task.CompletedTask),
        ];
        // What was said meanwhile was missed: nothing that is known still counts.
        gaps.OnGap(_ => ForgetAsync(_ => true));
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

    Result<KeyGrant> Judge(Entry? entry, SecretHash hash, DateTimeOffset now)
    {
        if (entry is null || !entry.Hash.EqualsInFixedTime(hash) || now >= entry.SecretUntil)
            return GatewayErrors.VirtualKeyInvalid;
        if (entry.Revoked)
            return GatewayErrors.VirtualKeyRevoked;
        if (now >= entry.ExpiresAt)
            return GatewayErrors.VirtualKeyExpired;
        if (entry.NotedAt + NotedEvery.Ticks <= now.UtcTicks)
        {
            entry.NotedAt = now.UtcTicks;
            uses.Note(entry.KeyId, now);
        }

        return entry.Grant;
    }

    async ValueTask<Result<KeyGrant>> LoadAsync(SecretHash hash, CancellationToken cancel)
        => Judge(await ReadOnceAsync(hash).WaitAsync(cancel), hash, clock.GetUtcNow());

    /// <summary>All who ask for a key at the same time share one look.</summary>
    Task<Entry?> ReadOnceAsync(SecretHash hash) => loading.GetOrAdd(hash, asked => new Lazy<Task<Entry?>>(() => ReadAsync(asked))).Value;

    async Task RenewAsync(SecretHash hash)
    {
        try
        {
            await ReadOnceAsync(hash);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            // The call that comes after its time is over reports it.
        }
    }

    async Task<Entry?> ReadAsync(SecretHash hash)
    {
        // Off the caller's stack: Lazy must have stored this task before it ends and is taken out.
        await Task.Yield();
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var now = clock.GetUtcNow();
            var before = Volatile.Read(ref generation);
            var entry = await db.FindAsync<KeyRow>(Sql, new { Hash = hash.ToArray() }, patience.Token) is { } row
                && await users.FindAsync(new UserId(row.UserId), patience.Token) is { } person
                    ? Entry.Of(row, person, await Consumers.TeamsOfAsync(teams, person.Id, patience.Token), hash, now)
                    : null;
            Remember(hash, entry, now, before);
            return entry;
        }
        finally
        {
            loading.TryRemove(hash, out _);
        }
    }

    void Remember(SecretHash hash, Entry? entry, DateTimeOffset now, int before)
    {
        if (entry is null)
        {
            known.TryRemove(hash, out _);
            Trim(unknown, MaxUnknown, until => until <= now.UtcTicks);
            unknown[hash] = (now + UnknownFor).UtcTicks;
            return;
        }

        Trim(known, MaxKnown, old => old.LoadedAt + Freshness <= now);
        known[hash] = entry;

        // A change that arrived while the row was being read would be undone by what was read before it.
        if (Volatile.Read(ref generation) != before)
            known.TryRemove(hash, out _);
    }

    static void Trim<TValue>(ConcurrentDictionary<SecretHash, TValue> map, int most, Func<TValue, bool> stale)
    {
        if (map.Count < most)
            return;
        foreach (var (hash, value) in map)
        {
            if (stale(value))
                map.TryRemove(hash, out _);
        }

        if (map.Count >= most)
            map.Clear();
    }
}
