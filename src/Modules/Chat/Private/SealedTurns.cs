using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Private;

/// <summary>Writes down how private turns ended: the whole answer in one box where it is known, and what was written of it where its node was lost.</summary>
internal sealed class SealedTurns(Db db, TurnRegistry registry, PrivateNews news, TimeProvider clock)
{
    const string MessageSql = """
        update chat.private_message set box = @Box, status = @MessageStatus, model_id = @ModelId
        where message_id = @AssistantMessageId and turn_id = @TurnId
        """;

    const string TurnSql = """
        update chat.private_turn set status = @Status, input_tokens = @InputTokens, output_tokens = @OutputTokens, model_id = @ModelId, ended_at = @Now
        where turn_id = @TurnId
        """;

    const string ForgetPiecesSql = "delete from chat.private_piece where turn_id = @TurnId";

    const string TouchSql = "update chat.private_conversation set updated_at = @Now where conversation_id = @ConversationId";

    // The pieces stay: nobody here can put together what is in them.
    const string ReapSql = """
        with closed as (
            update chat.private_turn set status = 'interrupted', ended_at = @Now
            where status = 'running' and (@All or lease_until < now()) and not turn_id = any(@Mine)
            returning turn_id, owner_id, conversation_id, assistant_message_id),
        kept as (
            update chat.private_message m set status = 'interrupted' from closed
            where m.message_id = closed.assistant_message_id and m.turn_id = closed.turn_id)
        select turn_id as id, owner_id, conversation_id from closed
        """;

    public Task SaveAsync(TurnWork work, TurnBuffer buffer, TurnEnding ending, CancellationToken cancel) => db.InTransactionAsync(async tx =>
    {
        var (actions, citations) = buffer.Extras;
        var answer = new PrivateText(buffer.Text) { Parts = buffer.Parts, Actions = actions, Citations = citations, Error = ending.Error };
        var row = new
        {
            work.Turn.TurnId,
            work.Turn.ConversationId,
            work.Turn.AssistantMessageId,
            Box = SealedBox.Seal(work.SealedTo!, BoxPlace.Message(work.Turn.AssistantMessageId.Value), ChatJson.Write(answer)),
            ending.Status,
            MessageStatus = ending.Status == "completed" ? "complete" : ending.Status,
            ending.ModelId,
            ending.Usage?.InputTokens,
            ending.Usage?.OutputTokens,
            Now = clock.GetUtcNow(),
        };
        await tx.ExecuteAsync($"{MessageSql}; {TurnSql}; {ForgetPiecesSql}; {TouchSql}", row, cancel);
    }, cancel);

    public Task TellAsync(TurnWork work, CancellationToken cancel) => news.ChangedAsync(work.Owner, work.Turn.ConversationId, cancel);

    /// <summary>Closes turns whose node died; the statement decides between several nodes that noticed at once.</summary>
    /// <param name="all">Nobody else works on this database.</param>
    public async Task<IReadOnlyList<TurnId>> ReapAsync(bool all, CancellationToken cancel)
    {
        var mine = registry.Private.Select(turn => turn.Id.Value).ToArray();
        var closed = await db.QueryAsync<Closed>(ReapSql, new { All = all, Mine = mine, Now = clock.GetUtcNow() }, cancel);
        foreach (var turn in closed)
            await news.ChangedAsync(turn.OwnerId, turn.ConversationId, cancel);
        return [.. closed.Select(turn => turn.Id)];
    }

    sealed record Closed(TurnId Id, UserId OwnerId, ConversationId ConversationId);
}
