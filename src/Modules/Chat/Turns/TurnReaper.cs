using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Private;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Chat.Turns;

/// <summary>Closes turns whose node died: all text that was flushed is kept, the turn becomes interrupted and can be continued.</summary>
internal sealed partial class TurnReaper(
    Db db, TurnRegistry registry, IOutbox outbox, ConversationNews news, SealedTurns sealedTurns, IDatabaseServer server, TimeProvider clock, ILogger<TurnReaper> logger) : BackgroundService
{
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    const string OrphansSql = """
        select turn_id from chat.turn where status = 'running' and (@All or lease_until < now()) and not turn_id = any(@Mine)
        order by lease_until limit 100
        """;

    const string CloseSql = """
        update chat.turn set status = 'interrupted', error = @Error::jsonb, ended_at = @Now
        where turn_id = @TurnId and status = 'running' and (@All or lease_until < now())
        returning turn_id, owner_id, conversation_id, assistant_message_id, coalesce(model_id, '') as model_id
        """;

    const string KeepTextSql = """
        update chat.message m set status = 'interrupted', error = @Error::jsonb,
            text = m.text || coalesce((select string_agg(k.text, '' order by k.at) from chat.turn_chunk k where k.turn_id = @TurnId), '')
        where m.turn_id = @TurnId and m.role = 'assistant' and m.status = 'streaming'
        """;

    const string ForgetChunksSql = "delete from chat.turn_chunk where turn_id = @TurnId";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The embedded database serves one process only: whatever still runs in it when we start has lost its node.
        if (server.Embedded)
            await ReapAsync(all: true, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await ReapAsync(all: false, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException failure)
            {
                LogFailed(logger, failure.Message);
            }
        }
    }

    async Task ReapAsync(bool all, CancellationToken cancel)
    {
        var mine = registry.Open.Select(turn => turn.Id.Value).ToArray();
        foreach (var id in await db.QueryAsync<TurnId>(OrphansSql, new { All = all, Mine = mine }, cancel))
        {
            if (await CloseAsync(id, all, cancel) is not { } closed)
                continue;
            LogClosed(logger, id.Value);
            await news.ChangedAsync(closed.ConversationId, cancel);
        }

        foreach (var id in await sealedTurns.ReapAsync(all, cancel))
            LogClosed(logger, id.Value);
    }

    Task<Closed?> CloseAsync(TurnId id, bool all, CancellationToken cancel) => db.InTransactionAsync(async tx =>
    {
        var error = ChatJson.Write(ChatErrors.Interrupted.ToMessageError(Blame.Server));
        var args = new { TurnId = id, All = all, Error = error, Now = clock.GetUtcNow() };
        // The guard in the update decides between several nodes that noticed at once.
        if (await tx.FindAsync<Closed>(CloseSql, args, cancel) is not { } closed)
            return null;
        await tx.ExecuteAsync(KeepTextSql, args, cancel);
        await KeepPartsAsync(tx, id, closed.AssistantMessageId, cancel);
        await tx.ExecuteAsync(ForgetChunksSql, args, cancel);
        await outbox.PublishAsync(tx, new TurnCompleted(
            closed.OwnerId, closed.ConversationId, id, closed.AssistantMessageId, "interrupted", closed.ModelId), cancel);
        return closed;
    }, cancel);

    static async Task KeepPartsAsync(Tx tx, TurnId id, MessageId message, CancellationToken cancel)
    {
        var log = await tx.QueryAsync<PartLogEntry>(PartSql.Log, new { Id = id, Change = 0, Step = 0 }, cancel);
        if (log.Count == 0)
            return;
        var parts = new TurnParts();
        parts.Restore(PartJson.ReadAll((await tx.FindAsync<string>(PartSql.Of, new { Id = message }, cancel))!));
        foreach (var entry in log)
            parts.Replay(entry);
        var kept = parts.Whole.Select(part => part.State == MessagePart.Running ? part with { State = MessagePart.Stopped } : part).ToList();
        await tx.ExecuteAsync(PartSql.Keep, new { Parts = PartJson.Rows(kept), AssistantMessageId = message }, cancel);
        await tx.ExecuteAsync(PartSql.ForgetLog, new { TurnId = id }, cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {TurnId} had lost its node and was closed as interrupted")]
    static partial void LogClosed(ILogger logger, Guid turnId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for abandoned turns: {Reason}")]
    static partial void LogFailed(ILogger logger, string reason);

    sealed record Closed(TurnId TurnId, UserId OwnerId, ConversationId ConversationId, MessageId AssistantMessageId, string ModelId);
}
