using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Replies;

/// <summary>
/// The embeddings of kept questions, in groups within which they may be compared. A group is read from the database when it is first asked
/// for, and again now and then for what other nodes have kept; this node's own are added at once.
/// </summary>
internal sealed class LikenessIndex(Db db, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>Of a group, the newest.</summary>
    const int MostPerGroup = 2000;

    static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    const string LoadSql = """
        select key, embedding, expires_at from gateway.reply
        where likeness = @Group and expires_at > @Now and embedding is not null order by created_at desc limit @Most
        """;

    readonly Lock gate = new();
    readonly Dictionary<ReplyKey, Group> groups = [];
    long sizeBytes;
    long turn;

    /// <summary>The key of the nearest question and how near it is; null when there is none that is near enough.</summary>
    internal async Task<(ReplyKey Key, double Similarity)?> NearestAsync(LikenessMark mark, double threshold, CancellationToken cancel)
    {
        var entries = await EntriesAsync(mark.Group, cancel);
        var now = clock.GetUtcNow();
        (ReplyKey Key, double Similarity)? best = null;
        foreach (var entry in entries)
        {
            if (entry.ExpiresAt <= now)
                continue;
            var similarity = Vectors.Product(entry.Vector, mark.Vector);
            if (similarity >= threshold && similarity > (best?.Similarity ?? -1))
                best = (entry.Key, similarity);
        }

        return best;
    }

    internal void Add(LikenessMark mark, ReplyKey key, DateTimeOffset expiresAt)
    {
        lock (gate)
        {
            // A group nobody has asked for here will be read whole when somebody does.
            if (groups.TryGetValue(mark.Group, out var group))
                Replace(mark.Group, group with { Entries = [new Entry(key, mark.Vector, expiresAt), .. group.Entries.Where(entry => entry.Key != key).Take(MostPerGroup - 1)] });
        }
    }

    internal void Remove(ReplyKey groupKey, ReplyKey key)
    {
        lock (gate)
        {
            if (groups.TryGetValue(groupKey, out var group))
                Replace(groupKey, group with { Entries = [.. group.Entries.Where(entry => entry.Key != key)] });
        }
    }

    internal void Clear()
    {
        lock (gate)
        {
            groups.Clear();
            sizeBytes = 0;
        }
    }

    async ValueTask<Entry[]> EntriesAsync(ReplyKey key, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        Group? known;
        lock (gate)
        {
            if (groups.TryGetValue(key, out known))
            {
                known.Turn = ++turn;
                if (now - known.LoadedAt < Freshness)
                    return known.Entries;
            }
        }

        var rows = await db.QueryAsync<Row>(LoadSql, new { Group = key.ToBytes(), Now = now, Most = MostPerGroup }, cancel);
        var loaded = rows.Select(row => new Entry(ReplyKey.From(row.Key), row.Embedding, row.ExpiresAt)).ToArray();
        lock (gate)
        {
            // What was added here and is not in the database yet stays.
            if (groups.TryGetValue(key, out known))
            {
                var there = loaded.Select(entry => entry.Key).ToHashSet();
                loaded = [.. known.Entries.Where(entry => !there.Contains(entry.Key) && entry.ExpiresAt > now), .. loaded];
            }

            Replace(key, new Group(loaded, now) { Turn = ++turn });
            return loaded;
        }
    }

    void Replace(ReplyKey key, Group group)
    {
        if (groups.Remove(key, out var old))
            sizeBytes -= old.SizeBytes;
        groups[key] = group;
        sizeBytes += group.SizeBytes;
        while (sizeBytes > options.Value.LikenessMemoryBytes && groups.Count > 1)
        {
            var (oldest, stale) = groups.MinBy(pair => pair.Value.Turn);
            groups.Remove(oldest);
            sizeBytes -= stale.SizeBytes;
        }
    }

    sealed record Entry(ReplyKey Key, float[] Vector, DateTimeOffset ExpiresAt);

    sealed record Group(Entry[] Entries, DateTimeOffset LoadedAt)
    {
        internal long Turn { get; set; }

        internal long SizeBytes => 100 + Entries.Sum(entry => 100L + entry.Vector.Length * sizeof(float));
    }

    /// <summary>With properties, because Dapper cannot match an array column to a constructor's parameter.</summary>
    sealed record Row
    {
        public byte[] Key { get; init; } = [];

        public float[] Embedding { get; init; } = [];

        public DateTimeOffset ExpiresAt { get; init; }
    }
}
