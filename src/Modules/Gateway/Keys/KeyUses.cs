using System.Collections.Concurrent;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Keys;

/// <summary>When each key was last used, gathered in memory and written once a minute for all of them. Losing a minute of it harms nobody.</summary>
internal sealed class KeyUses(Db db, TimeProvider clock, ILogger<KeyUses> logger) : FlushLoop("gateway.key-uses", TimeSpan.FromMinutes(1), clock, logger)
{
    const string Sql = """
        update gateway.virtual_key k set last_used_at = greatest(k.last_used_at, u.used_at)
        from unnest(@Ids::uuid[], @Times::timestamptz[]) as u(key_id, used_at) where k.key_id = u.key_id
        """;

    ConcurrentDictionary<Guid, long> used = new();

    internal void Note(Guid key, DateTimeOffset at) => used[key] = at.UtcTicks;

    internal async Task FlushAsync(CancellationToken cancel)
    {
        var batch = Interlocked.Exchange(ref used, new()).ToArray();
        if (batch.Length == 0)
            return;
        try
        {
            await db.ExecuteAsync(
                Sql, new { Ids = batch.Select(use => use.Key).ToArray(), Times = batch.Select(use => new DateTimeOffset(use.Value, TimeSpan.Zero)).ToArray() }, cancel);
        }
        catch
        {
            foreach (var (key, at) in batch)
                used.TryAdd(key, at);
            throw;
        }
    }

    protected override Task TickAsync(CancellationToken cancel) => FlushAsync(cancel);

    protected override Task EndAsync(CancellationToken cancel) => FlushAsync(cancel);
}
