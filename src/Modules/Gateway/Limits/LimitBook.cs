using System.Collections.Concurrent;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Limits;

/// <summary>All limits.</summary>
internal sealed class LimitBook(Db db, IBroadcast broadcast, TimeProvider clock, ILogger<LimitBook> logger)
    : MirroredTable("gateway.limit-book", "gateway.limits-changed", TimeSpan.FromSeconds(30), broadcast, clock, logger)
{
    const string Sql = $"select {Limit.Columns} from gateway.limit order by created_at, limit_id";

    volatile Edition? current;

    /// <summary>The limits that concern a call. Throws when they were never read and the database is away.</summary>
    internal ValueTask<Limit[]> ForAsync(Consumer consumer, string route, CancellationToken cancel)
        => current is { } edition ? new(edition.For(consumer, route)) : ReadAsync(consumer, route, cancel);

    /// <summary>Null when it was deleted.</summary>
    internal Limit? Find(Guid id) => current?.Find(id);

    protected override async Task ReadAsync(CancellationToken cancel) => current = new Edition(await db.QueryAsync<Limit>(Sql, null, cancel));

    async ValueTask<Limit[]> ReadAsync(Consumer consumer, string route, CancellationToken cancel)
    {
        await ReloadAsync(cancel);
        return current!.For(consumer, route);
    }

    /// <summary>The limits as they stood at one moment.</summary>
    sealed class Edition(IReadOnlyList<Limit> limits)
    {
        // Routes come from callers. When full it begins anew.
        const int MaxRemembered = 20_000;

        readonly ConcurrentDictionary<(Consumer Consumer, string Route), Limit[]> byCall = new();
        readonly Dictionary<Guid, Limit> byId = limits.ToDictionary(limit => limit.LimitId);

        internal Limit? Find(Guid id) => byId.GetValueOrDefault(id);

        internal Limit[] For(Consumer consumer, string route)
        {
            if (limits.Count == 0)
                return [];
            if (byCall.TryGetValue((consumer, route), out var known))
                return known;
            if (byCall.Count >= MaxRemembered)
                byCall.Clear();
            return byCall[(consumer, route)] = [.. limits.Where(limit => limit.Concerns(consumer, route))];
        }
    }
}
