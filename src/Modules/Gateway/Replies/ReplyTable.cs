using JeanTrail.Gateway.Writing;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Replies;

/// <summary>The replies in the database: read at once, written behind.</summary>
internal sealed class ReplyTable : IHostedService
{
    const string FindSql = """
        select tenant, route, surface, model, body, cost_micros, created_at, expires_at from gateway.reply where key = @Key and expires_at > @Now
        """;

    // Of two nodes that asked at the same time the later answer stays.
    const string PutSql = """
        insert into gateway.reply (key, tenant, route, surface, model, body, likeness, embedding, cost_micros, created_at, expires_at)
        values (@Key, @Tenant, @Route, @Surface, @ModelId, @Body, @Likeness, @Embedding, @CostMicros, @CreatedAt, @ExpiresAt)
        on conflict (key) do update set
            model = excluded.model, body = excluded.body, likeness = excluded.likeness, embedding = excluded.embedding,
            cost_micros = excluded.cost_micros, created_at = excluded.created_at, expires_at = excluded.expires_at
        where reply.created_at <= excluded.created_at
        """;

    const string HitSql = "update gateway.reply r set hits = r.hits + h.count from unnest(@Keys::bytea[], @Counts::bigint[]) h(key, count) where r.key = h.key";

    const string PurgeSql = "delete from gateway.reply where (@Route::text is null or route = @Route) and (@OlderThan::timestamptz is null or created_at < @OlderThan)";

    readonly Db db;
    readonly WriteBehind<object> writer;

    public ReplyTable(Db db, IOptions<GatewayOptions> options, ILogger<ReplyTable> logger)
    {
        this.db = db;
        writer = new WriteBehind<object>("replies", options.Value.ReplyQueueBytes, WriteAsync, logger);
    }

    internal async Task<StoredReply?> FindAsync(ReplyKey key, DateTimeOffset now, CancellationToken cancel)
        => await db.FindAsync<Row>(FindSql, new { Key = key.ToBytes(), Now = now }, cancel) is { } row
            ? new StoredReply(key, row.Tenant, row.Route, row.Surface, row.Model, row.Body, row.CostMicros, row.CreatedAt, row.ExpiresAt)
            : null;

    internal void Put(StoredReply reply) => writer.TryAdd(reply, reply.SizeBytes);

    /// <summary>Counts one hit.</summary>
    internal void Hit(ReplyKey key) => writer.TryAdd(key, sizeBytes: 100);

    internal Task FlushAsync(CancellationToken cancel) => writer.FlushAsync(cancel);

    /// <summary>How many are gone.</summary>
    internal async Task<int> PurgeAsync(string? route, DateTimeOffset? olderThan, CancellationToken cancel)
    {
        await writer.FlushAsync(cancel);
        return await db.ExecuteAsync(PurgeSql, new { Route = route, OlderThan = olderThan }, cancel);
    }

    public Task StartAsync(CancellationToken cancellationToken) => writer.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => writer.StopAsync(cancellationToken);

    Task WriteAsync(IReadOnlyList<object> batch, CancellationToken cancel)
        => db.InTransactionAsync(
            async tx =>
            {
                foreach (var reply in batch.OfType<StoredReply>())
                {
                    await tx.ExecuteAsync(
                        PutSql,
                        new
                        {
                            Key = reply.Key.ToBytes(),
                            reply.Tenant,
                            reply.Route,
                            reply.Surface,
                            reply.ModelId,
                            Body = reply.Body.ToArray(),
                            Likeness = reply.Likeness?.Group.ToBytes(),
                            Embedding = reply.Likeness?.Vector,
                            reply.CostMicros,
                            reply.CreatedAt,
                            reply.ExpiresAt,
                        },
                        cancel);
                }

                var hits = batch.OfType<ReplyKey>().CountBy(key => key).ToList();
                if (hits.Count > 0)
                    await tx.ExecuteAsync(HitSql, new { Keys = hits.Select(hit => hit.Key.ToBytes()).ToArray(), Counts = hits.Select(hit => (long)hit.Value).ToArray() }, cancel);
            },
            cancel);

    sealed record Row(Guid Tenant, string Route, string Surface, string Model, byte[] Body, long CostMicros, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
}
