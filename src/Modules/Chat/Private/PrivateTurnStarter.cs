using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Private;

/// <summary>What came with the request for a private turn.</summary>
/// <param name="Way">What was said before, oldest first, opened by the browser: the server cannot read it from its own rows.</param>
internal sealed record PrivateCall(ConversationId Conversation, Guid ClientId, IReadOnlyList<PrivateLine> Way, string? ModelId, string? Language, string? TimeZone);

/// <param name="Role"><c>user assistant</c>.</param>
internal sealed record PrivateLine(string Role, string Text);

/// <summary>What a new private turn is to answer; as <see cref="TurnPlan"/>.</summary>
/// <param name="Text">Of a new question; null for one that is there.</param>
internal sealed record PrivatePlan(MessageId? Question, MessageId? Parent, string? Text, MessageId? Answer, string? ModelId)
{
    /// <summary>What the answer already has.</summary>
    public PrivateText? Before { get; init; }
}

/// <summary>
/// Begins private turns as <see cref="TurnStarter"/> begins others: idempotent, one at a time, within the quota. What is written down is sealed
/// before it reaches a statement.
/// </summary>
internal sealed class PrivateTurnStarter(
    Db db, TurnRunner runner, TurnSurroundings around, IQuotas quotas, IOptions<ChatOptions> options, TimeProvider clock)
{
    /// <summary>UTF-16 code units of the way. Models that read more are few, and a request must end.</summary>
    const int LongestWay = 900_000;

    const string LockSql = """
        select c.conversation_id as id, c.title is null as untitled, c.model_id, c.head_message_id, k.public_key
        from chat.private_conversation c join chat.private_key k on k.owner_id = c.owner_id
        where c.conversation_id = @Id and c.owner_id = @Owner for update of c
        """;

    const string FindByClientSql = PrivateTurnRow.Select + " where t.client_id = @ClientId and t.owner_id = @Owner";

    const string RunningSql = "select turn_id from chat.private_turn where conversation_id = @Id and status = 'running'";

    const string QuestionSql = """
        insert into chat.private_message (message_id, conversation_id, parent_id, role, status, box, turn_id, created_at)
        values (@UserMessageId, @ConversationId, @ParentId, 'user', 'complete', @QuestionBox, @TurnId, @Now)
        """;

    const string AnswerSql = """
        insert into chat.private_message (message_id, conversation_id, parent_id, role, model_id, status, turn_id, created_at)
        values (@AssistantMessageId, @ConversationId, @UserMessageId, 'assistant', @ModelId, 'streaming', @TurnId, @Now)
        """;

    // What the turn before it left in pieces is in this box as well: the browser put it together.
    const string GrowSql = """
        update chat.private_message set status = 'streaming', box = @BeforeBox, model_id = @ModelId, turn_id = @TurnId
        where message_id = @AssistantMessageId
        """;

    const string ForgetPiecesSql = """
        delete from chat.private_piece p using chat.private_turn t where t.turn_id = p.turn_id and t.assistant_message_id = @AssistantMessageId
        """;

    const string TurnSql = """
        insert into chat.private_turn (turn_id, conversation_id, owner_id, client_id, user_message_id, assistant_message_id, model_id, status, started_at, lease_until)
        values (@TurnId, @ConversationId, @Owner, @ClientId, @UserMessageId, @AssistantMessageId, @ModelId, 'running', @Now, now() + @Lease)
        """;

    const string HeadSql = """
        update chat.private_conversation set head_message_id = @AssistantMessageId, title = coalesce(title, @TitleBox), updated_at = @Now
        where conversation_id = @ConversationId
        """;

    /// <summary>The turn, and when it began just now what it says.</summary>
    public async Task<Result<(PrivateTurnRow Turn, RunningTurn? Running)>> StartAsync(
        Caller caller, PrivateCall call, Func<Tx, LockedPrivate, Task<Result<PrivatePlan>>> plan, CancellationToken cancel)
    {
        if (call.Way.Sum(line => (long)line.Text.Length) > LongestWay)
            return ChatErrors.PrivateTooLong;
        var usual = await around.OfAsync(caller.UserId, call.Language, call.TimeZone, cancel);
        RunningTurn? running = null;
        try
        {
            var begun = await db.InTransactionAsync(BeginAsync, cancel);
            if (running is not null)
                runner.Confirm(running);
            return begun;
        }
        catch
        {
            running?.Abandon();
            throw;
        }

        async Task<Result<(PrivateTurnRow, RunningTurn?)>> BeginAsync(Tx tx)
        {
            var keys = new { Id = call.Conversation, Owner = caller.UserId, call.ClientId };
            var (conversation, same, already) = await tx.QueryManyAsync($"{LockSql}; {FindByClientSql}; {RunningSql}", keys, async results => (
                await results.ReadSingleOrDefaultAsync<LockedPrivate>(),
                await results.ReadSingleOrDefaultAsync<PrivateTurnRow>(),
                await results.ReadSingleOrDefaultAsync<TurnId?>()), cancel);
            if (conversation is null)
                return ChatErrors.ConversationNotFound;
            if (same is not null)
                return same.ConversationId == call.Conversation ? (same, null) : ChatErrors.ClientIdReused;
            if (already is { } other)
                return ChatErrors.TurnRunning.With("turnId", other.Value);
            if (!(await plan(tx, conversation)).TryGet(out var what, out var refused))
                return refused;
            if (await quotas.TryTakeAsync(tx, caller.UserId, QuotaMeter.Requests, 1, cancel) is { } exhausted)
                return exhausted;

            var now = clock.GetUtcNow();
            var modelId = what.ModelId ?? conversation.ModelId ?? usual.UsualModel;
            var turn = new TurnEvent(
                Ids.New<TurnId>(clock), call.Conversation, what.Question ?? Ids.New<MessageId>(clock), what.Answer ?? Ids.New<MessageId>(clock), modelId, "");
            await StoreAsync(tx, caller, call, conversation, what, turn, now, cancel);
            running = runner.Begin(new TurnWork(turn, caller.UserId, what.Before?.Text ?? "", usual.Language, usual.TimeZone, usual.SkillsFirst)
            {
                Branch = BranchOf(call.Way, what.Text),
                PartsBefore = what.Before?.Parts ?? [],
                SealedTo = conversation.PublicKey,
            });
            return (new PrivateTurnRow(turn.TurnId, call.Conversation, turn.UserMessageId, turn.AssistantMessageId, "running", modelId, now, null), running);
        }
    }

    async Task StoreAsync(
        Tx tx, Caller caller, PrivateCall call, LockedPrivate conversation, PrivatePlan what, TurnEvent turn, DateTimeOffset now, CancellationToken cancel)
    {
        var key = conversation.PublicKey;
        var row = new
        {
            turn.TurnId,
            turn.ConversationId,
            turn.UserMessageId,
            turn.AssistantMessageId,
            Owner = caller.UserId,
            call.ClientId,
            ParentId = what.Parent,
            QuestionBox = what.Text is { } text ? SealedBox.Seal(key, BoxPlace.Message(turn.UserMessageId.Value), ChatJson.Write(new PrivateText(text))) : null,
            BeforeBox = what.Before is { } before ? SealedBox.Seal(key, BoxPlace.Message(turn.AssistantMessageId.Value), ChatJson.Write(before)) : null,
            TitleBox = conversation.Untitled && what.Text is { } first
                ? SealedBox.Seal(key, BoxPlace.Title(turn.ConversationId.Value), Turns.TurnSql.TitleFrom(first)) : null,
            turn.ModelId,
            Now = now,
            options.Value.Lease,
        };
        var said = what.Text is not null ? $"{QuestionSql}; {AnswerSql}" : what.Answer is not null ? $"{GrowSql}; {ForgetPiecesSql}" : AnswerSql;
        await tx.ExecuteAsync($"{said}; {TurnSql}; {HeadSql}", row, cancel);
    }

    /// <summary>Newest first, as the context builder wants it. Empty answers tell a model nothing.</summary>
    List<BranchLine> BranchOf(IReadOnlyList<PrivateLine> way, string? question)
    {
        var lines = way.Where(line => line.Text.Length > 0).Select((line, place) => new BranchLine(Ids.New<MessageId>(clock), line.Role, line.Text, Pinned: false, null, way.Count - place)).ToList();
        if (question is not null)
            lines.Add(new BranchLine(Ids.New<MessageId>(clock), "user", question, Pinned: false, null, Step: 0));
        lines.Reverse();
        return lines;
    }
}

internal sealed record LockedPrivate(ConversationId Id, bool Untitled, string? ModelId, MessageId? HeadMessageId, byte[] PublicKey);

internal sealed record PrivateTurnRow(
    TurnId Id, ConversationId ConversationId, MessageId UserMessageId, MessageId AssistantMessageId, string Status, string? ModelId,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public const string Select = """
        select t.turn_id as id, t.conversation_id, t.user_message_id, t.assistant_message_id, t.status, t.model_id, t.started_at, t.ended_at from chat.private_turn t
        """;

    public const string Find = Select + " where t.turn_id = @Id and t.owner_id = @Owner";
}
