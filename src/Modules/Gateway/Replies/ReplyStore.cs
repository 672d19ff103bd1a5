using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway.Replies;

/// <summary>Kept replies on two levels: the memory of this node, and the database that all nodes share.</summary>
internal sealed partial class ReplyStore : IDisposable
{
    const string PurgeChannel = "gateway.replies";

    readonly ReplyMemory memory;
    readonly ReplyTable table;
    readonly LikenessIndex likeness;
    readonly IBroadcast broadcast;
    readonly TimeProvider clock;
    readonly ILogger<ReplyStore> logger;
    readonly IDisposable listening;
    readonly string self;
    int epoch;

    public ReplyStore(
        ReplyMemory memory, ReplyTable table, LikenessIndex likeness, IBroadcast broadcast, NodeIdentity node, TimeProvider clock, ILogger<ReplyStore> logger)
    {
        self = node.Id.ToString();
        (this.memory, this.table, this.likeness, this.broadcast, this.clock, this.logger) = (memory, table, likeness, broadcast, clock, logger);
        listening = broadcast.Listen(PurgeChannel, (from, _) =>
        {
            // Whatever was purged: the rest is still in the database. What this node purged it has forgotten already, and its own
            // message would throw away a reply that was asked for since.
            if (from != self)
                Forget();
            return Task.CompletedTask;
        });
    }

    /// <summary>Changes with every purge: a reply that was under way before one is not kept after it.</summary>
    internal int Epoch => Volatile.Read(ref epoch);

    internal StoredReply? FindInMemory(ReplyKey key) => memory.Find(key);

    internal async ValueTask<StoredReply?> FindAsync(ReplyKey key, CancellationToken cancel)
    {
        if (memory.Find(key) is { } near)
            return near;
        try
        {
            var before = Epoch;
            var far = await table.FindAsync(key, clock.GetUtcNow(), cancel);
            if (far is not null && before == Epoch)
                memory.Put(far);
            return far;
        }
        catch (NpgsqlException failure)
        {
            // Without its memory the gateway still works: the model answers.
            LogUnreadable(logger, failure.Message);
            return null;
        }
    }

    /// <param name="asOf">The <see cref="Epoch"/> when the reply was asked for.</param>
    internal void Put(StoredReply reply, int asOf)
    {
        if (asOf != Epoch)
            return;
        memory.Put(reply);
        table.Put(reply);
        if (reply.Likeness is { } mark)
            likeness.Add(mark, reply.Key, reply.ExpiresAt);
    }

    internal void Hit(ReplyKey key) => table.Hit(key);

    /// <summary>Forgets replies, on all nodes. Returns how many were in the database.</summary>
    /// <param name="route">Null: of all routes.</param>
    /// <param name="olderThan">Null: of any age.</param>
    internal async Task<int> PurgeAsync(string? route, DateTimeOffset? olderThan, CancellationToken cancel)
    {
        Forget();
        var gone = await table.PurgeAsync(route, olderThan, cancel);
        // Again, for what was read from the database while it was being purged.
        Forget();
        await broadcast.SendAsync(PurgeChannel, self, cancel);
        return gone;
    }

    public void Dispose() => listening.Dispose();

    void Forget()
    {
        Interlocked.Increment(ref epoch);
        memory.Clear();
        likeness.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept replies cannot be read: {Reason}")]
    static partial void LogUnreadable(ILogger logger, string reason);
}
