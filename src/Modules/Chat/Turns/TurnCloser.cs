using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Private;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Messaging;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Chat.Turns;

/// <summary>
/// Writes down how a turn ended: the whole text, the status and the event, in one transaction. While the database is away it tries
/// again; readers are told the end only after it is safe.
/// </summary>
internal sealed partial class TurnCloser(
    Db db, IOutbox outbox, ConversationNews news, SealedTurns sealedTurns, TimeProvider clock, ILogger<TurnCloser> logger)
{
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2);
    static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    const string MessageSql = """
        update chat.message set text = @Text, status = @MessageStatus, error = @Error::jsonb, model_id = @ModelId,
            actions = @Actions::jsonb, citations = @Citations::jsonb
        where message_id = @AssistantMessageId and turn_id = @TurnId
        """;

    const string TurnEndSql = """
        update chat.turn set status = @Status, error = @Error::jsonb, input_tokens = @InputTokens, output_tokens = @OutputTokens,
            model_id = @ModelId, ended_at = @Now
        where turn_id = @TurnId
        """;

    const string ForgetChunksSql = "delete from chat.turn_chunk where turn_id = @TurnId";

    const string TouchSql = "update chat.conversation set updated_at = @Now where conversation_id = @ConversationId";

    public async Task CloseAsync(TurnWork work, TurnBuffer buffer, TurnEnding ending)
    {
        var started = clock.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(200);
        while (true)
        {
            // Its own short token: what was said must be saved although the turn itself was cancelled.
            using var deadline = new CancellationTokenSource(OneTry, clock);
            try
            {
                await (work.SealedTo is null ? SaveAsync(work, buffer, ending, deadline.Token) : sealedTurns.SaveAsync(work, buffer, ending, deadline.Token));
                break;
            }
            catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or TimeoutException)
            {
                if (clock.GetElapsedTime(started) > GiveUpAfter)
                {
                    // The lease runs out and the reaper closes the turn with the text that was flushed.
                    LogGaveUp(logger, failure, work.Turn.TurnId.Value);
                    break;
                }

                await Task.Delay(pause, clock);
                pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 2, 5_000));
            }
        }

        buffer.Finish(new DoneEvent(ending.Status, ending.Error, ending.Usage, work.Turn.Title, ending.ModelId));
        await NotifyAsync(work);
    }

    Task SaveAsync(TurnWork work, TurnBuffer buffer, TurnEnding ending, CancellationToken cancel) => db.InTransactionAsync(async tx =>
    {
        var (actions, citations) = buffer.Extras;
        var row = new
        {
            work.Turn.TurnId,
            work.Turn.ConversationId,
            work.Turn.AssistantMessageId,
            buffer.Text,
            ending.Status,
            ending.ModelId,
            MessageStatus = ending.Status == "completed" ? "complete" : ending.Status,
            Error = ending.Error is null ? null : ChatJson.Write(ending.Error),
            Actions = ChatJson.Write(actions),
            Citations = ChatJson.Write(citations),
            ending.Usage?.InputTokens,
            ending.Usage?.OutputTokens,
            Now = clock.GetUtcNow(),
            Parts = PartJson.Rows(buffer.Parts),
        };
        await tx.ExecuteAsync($"{MessageSql}; {PartSql.Keep}; {TurnEndSql}; {ForgetChunksSql}; {PartSql.ForgetLog}; {TouchSql}", row, cancel);
        await outbox.PublishAsync(tx, new TurnCompleted(
            work.Owner, work.Turn.ConversationId, work.Turn.TurnId, work.Turn.AssistantMessageId, ending.Status, ending.ModelId), cancel);
    }, cancel);

    async Task NotifyAsync(TurnWork work)
    {
        using var deadline = new CancellationTokenSource(OneTry, clock);
        try
        {
            await (work.SealedTo is null ? news.ChangedAsync(work.Turn.ConversationId, deadline.Token) : sealedTurns.TellAsync(work, deadline.Token));
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            // Best effort: the person's other windows read the state when they are next looked at.
            LogNotNotified(logger, failure, work.Turn.TurnId.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of turn {TurnId} could not be saved; it will be closed with what was flushed")]
    static partial void LogGaveUp(ILogger logger, Exception exception, Guid turnId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Turn {TurnId} ended, but its person's windows were not told")]
    static partial void LogNotNotified(ILogger logger, Exception exception, Guid turnId);
}

internal static class TurnErrorMapping
{
    /// <summary>An error as a message keeps it.</summary>
    public static MessageError ToMessageError(this Error error, Blame blame)
        => new(error.Code, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(error.Status), error.Detail, blame switch
        {
            Blame.Upstream => "upstream",
            Blame.Client => "client",
            _ => "server",
        });
}
