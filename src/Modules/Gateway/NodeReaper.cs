using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway;

/// <summary>
/// Tidies up after nodes that died: their running calls are closed with the counts that were written last, and what they held of limits is
/// free again when their lease is over.
/// </summary>
internal sealed partial class NodeReaper(
    Db db, TrancheStore tranches, NodeIdentity node, IDatabaseServer server, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<NodeReaper> logger)
    : FlushLoop("gateway.node-reaper", Pace, clock, logger)
{
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    // Locked and skipped: two nodes that notice at once do not wait for each other.
    const string Sql = """
        with dead as (
            select node_id, seen_at from gateway.node
            where node_id <> @Node and (@All or seen_at < now() - @DeadAfter::interval) for update skip locked),
        closed as (
            update gateway.usage u set outcome = 'interrupted', blame = 'server', ended_at = greatest(d.seen_at, u.started_at)
            from dead d where u.node_id = d.node_id and u.outcome = 'running' returning 1),
        gone as (delete from gateway.node n using dead d where n.node_id = d.node_id)
        select count(*)::int from closed
        """;

    /// <param name="all">Whoever else is in the tables is dead.</param>
    internal async Task ReapAsync(bool all, CancellationToken cancel)
    {
        var closed = await db.FindAsync<int>(Sql, new { Node = node.Id, All = all, DeadAfter = options.Value.NodeDeadAfter }, cancel);
        if (closed > 0)
            LogClosed(Logger, closed);
        if (all || await tranches.AnyExpiredAsync(cancel))
            await tranches.ReleaseAsync(all, cancel);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The embedded database serves one process only: whatever is still held in it when we start has lost its node.
        if (server.Embedded)
            await TryAsync(cancel => ReapAsync(all: true, cancel), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task TickAsync(CancellationToken cancel)
    {
        // When the database was away for everybody, everybody looks dead until they have written again.
        var patience = options.Value.NodeDeadAfter > options.Value.LimitLease ? options.Value.NodeDeadAfter : options.Value.LimitLease;
        if (HealthyFor >= patience)
            await ReapAsync(all: false, cancel);
        else
            await tranches.AnyExpiredAsync(cancel);
    }

    protected override Task EndAsync(CancellationToken cancel) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} calls had lost their node and were closed as interrupted")]
    static partial void LogClosed(ILogger logger, int count);
}
