using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Secrets;

/// <summary>The data keys of owners: made on first use, kept wrapped in <c>kernel.data_key</c>, unwrapped ones cached for a while.</summary>
internal sealed class DataKeys(Db db, MasterKeyRing ring, IOptions<SecretsOptions> options, TimeProvider clock) : IDisposable
{
    const byte Version = 1;

    const string FindSql = "select wrapped, master_key_id from kernel.data_key where owner_id = @Owner";

    const string InsertSql = """
        insert into kernel.data_key (owner_id, wrapped, master_key_id, created_at)
        values (@Owner, @Wrapped, @MasterKeyId, @Now) on conflict (owner_id) do nothing
        """;

    const string ShredSql = "delete from kernel.data_key where owner_id = @Owner";

    const string RewrapSql = """
        update kernel.data_key set wrapped = @Wrapped, master_key_id = @MasterKeyId
        where owner_id = @Owner and master_key_id = @OldMasterKeyId
        """;

    readonly Lock gate = new();
    readonly Dictionary<Guid, DataKey> cache = [];

    /// <summary>The owner's key; null when there is none and <paramref name="create"/> is false.</summary>
    internal async Task<DataKey?> GetAsync(Guid owner, bool create, CancellationToken cancel)
    {
        if (FindCached(owner) is { } cached)
            return cached;
        var row = await db.FindAsync<Row>(FindSql, new { Owner = owner }, cancel);
        if (row is null && create)
        {
            await InsertAsync(owner, cancel);
            row = await db.FindAsync<Row>(FindSql, new { Owner = owner }, cancel);
        }

        return row is null ? null : Remember(owner, await UnwrapAsync(owner, row, cancel));
    }

    /// <summary>Removes an owner's key: what was sealed with it never opens again. Other nodes may hold it in memory for as long as they do unused keys.</summary>
    internal async Task ShredAsync(Guid owner, CancellationToken cancel)
    {
        await db.ExecuteAsync(ShredSql, new { Owner = owner }, cancel);
        Forget(owner);
    }

    /// <summary>Forgets a key, for instance because the owner's row was deleted.</summary>
    internal void Forget(Guid owner)
    {
        lock (gate)
        {
            if (cache.Remove(owner, out var key))
                key.Dispose();
        }
    }

    async Task InsertAsync(Guid owner, CancellationToken cancel)
    {
        var key = RandomNumberGenerator.GetBytes(DataKey.SizeBytes);
        var master = ring.Current;
        await db.ExecuteAsync(InsertSql, new { Owner = owner, Wrapped = Wrap(master, owner, key), MasterKeyId = master.Id, Now = clock.GetUtcNow() }, cancel);
        CryptographicOperations.ZeroMemory(key);
    }

    async Task<DataKey> UnwrapAsync(Guid owner, Row row, CancellationToken cancel)
    {
        if (row.Wrapped.Length != 1 + SealedBox.OverheadBytes + DataKey.SizeBytes || row.Wrapped[0] != Version)
            throw new CryptographicException("The data key is not in a form that this version reads.");
        var bytes = new byte[DataKey.SizeBytes];
        try
        {
            SealedBox.Open(ring.Get(row.MasterKeyId).Bytes, row.Wrapped.AsSpan(1), Associated(row.MasterKeyId, owner), bytes);
            var master = ring.Current;
            if (row.MasterKeyId != master.Id)
            {
                // Losing this race to another node is fine: it wrapped the same key.
                await db.ExecuteAsync(RewrapSql, new { Owner = owner, Wrapped = Wrap(master, owner, bytes), MasterKeyId = master.Id, OldMasterKeyId = row.MasterKeyId }, cancel);
            }

            return new DataKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    static byte[] Wrap(MasterKey master, Guid owner, ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[1 + SealedBox.OverheadBytes + key.Length];
        wrapped[0] = Version;
        SealedBox.Seal(master.Bytes, key, Associated(master.Id, owner), wrapped.AsSpan(1));
        return wrapped;
    }

    /// <summary>Binds a wrapped key to its owner: swapping two rows opens neither.</summary>
    static byte[] Associated(string masterKeyId, Guid owner)
        => [Version, .. "kernel.data_key"u8, 0, .. Encoding.ASCII.GetBytes(masterKeyId), .. owner.ToByteArray(bigEndian: true)];

    DataKey? FindCached(Guid owner)
    {
        lock (gate)
        {
            if (!cache.TryGetValue(owner, out var key))
                return null;
            var now = clock.GetTimestamp();
            if (clock.GetElapsedTime(key.LastUsed, now) > options.Value.CachedKeyLifetime)
            {
                cache.Remove(owner);
                key.Dispose();
                return null;
            }

            key.LastUsed = now;
            return key;
        }
    }

    DataKey Remember(Guid owner, DataKey key)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            if (cache.TryGetValue(owner, out var other))
            {
                key.Dispose();
                other.LastUsed = now;
                return other;
            }

            foreach (var (old, stale) in cache.Where(entry => clock.GetElapsedTime(entry.Value.LastUsed, now) > options.Value.CachedKeyLifetime).ToArray())
            {
                cache.Remove(old);
                stale.Dispose();
            }

            if (cache.Count >= options.Value.CachedKeys)
            {
                var oldest = cache.MinBy(entry => entry.Value.LastUsed);
                cache.Remove(oldest.Key);
                oldest.Value.Dispose();
            }

            key.LastUsed = now;
            cache.Add(owner, key);
            return key;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var key in cache.Values)
                key.Dispose();
            cache.Clear();
        }
    }

    sealed record Row(byte[] Wrapped, string MasterKeyId);
}
