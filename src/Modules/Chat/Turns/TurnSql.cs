using System.Globalization;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Turns;

/// <summary>The statements that several steps of a turn share.</summary>
internal static class TurnSql
{
    public const string Insert = """
        insert into chat.turn (turn_id, conversation_id, owner_id, client_id, user_message_id, assistant_message_id, model_id, language, time_zone,
            status, base_length, started_at, lease_until)
        values (@TurnId, @ConversationId, @Owner, @ClientId, @UserMessageId, @AssistantMessageId, @ModelId, @Language, @TimeZone,
            'running', @BaseLength, @Now, now() + @Lease)
        """;

    public const string Select = """
        select t.turn_id as id, t.conversation_id, t.owner_id, t.user_message_id, t.assistant_message_id, t.status, t.model_id, t.started_at, t.ended_at,
            t.error::text as error, t.input_tokens, t.output_tokens, c.title
        from chat.turn t join chat.conversation c on c.conversation_id = t.conversation_id
        """;

    public const string FindOwned = Select + " where t.turn_id = @Id and t.owner_id = @Owner";

    public const string FindByClient = Select + " where t.client_id = @ClientId and t.owner_id = @Owner";

    /// <summary>The lock under which a conversation's turns begin: two at once would both find none running.</summary>
    public const string LockConversation = """
        select c.conversation_id as id, c.title, c.title_source, c.model_id, c.head_message_id
        from chat.conversation c
        where c.conversation_id = @Id and c.owner_id = @Owner and c.deleted_at is null
        for update
        """;

    /// <summary>Asked after the lock was had, in a statement of its own: the locking one still sees what was there before it waited.</summary>
    public const string FindRunning = "select turn_id from chat.turn where conversation_id = @Id and status = 'running'";

    public const string InsertQuestion = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, status, turn_id, created_at)
        values (@UserMessageId, @ConversationId, @ParentId, 'user', @Text, 'complete', @TurnId, @Now)
        """;

    public const string InsertAnswer = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, model_id, status, turn_id, created_at)
        values (@AssistantMessageId, @ConversationId, @UserMessageId, 'assistant', '', @ModelId, 'streaming', @TurnId, @Now)
        """;

    public const string GrowAnswer = """
        update chat.message set status = 'streaming', error = null, turn_id = @TurnId, model_id = coalesce(@ModelId, model_id)
        where message_id = @AssistantMessageId
        """;

    public const string MoveHead = """
        update chat.conversation set head_message_id = @AssistantMessageId, updated_at = @Now, title = @Title where conversation_id = @ConversationId
        """;

    /// <summary>
    /// What a model is told of the conversation, newest first: from the question of @Answer, else from @Parent, else from the head, towards
    /// the root. An empty answer (stopped before its first word) tells it nothing. <c>offset 0</c> keeps each step a look-up by key: joined,
    /// the planner prefers to read the whole table once for each message.
    /// </summary>
    public const string Branch = """
        with recursive branch as (
            select m.message_id, m.parent_id, m.role, m.text, 1 as step
            from chat.message m
            where m.conversation_id = @Id and m.message_id = case when @Answer::uuid is not null
                then (select a.parent_id from chat.message a where a.message_id = @Answer)
                else coalesce(@Parent::uuid, (select c.head_message_id from chat.conversation c where c.conversation_id = @Id)) end
            union all
            select p.message_id, p.parent_id, p.role, p.text, b.step + 1
            from branch b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p
            where b.step < @MaxMessages)
        select role, text from branch where text <> '' order by step
        """;

    /// <summary>The first words of a request as a title: one line, at most 60 characters, never half a pair.</summary>
    public static string TitleFrom(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= 60)
            return line;
        var cut = line.LastIndexOf(' ', 58);
        var whole = new StringInfo(line);
        return (cut > 30 ? line[..cut] : whole.SubstringByTextElements(0, Math.Min(48, whole.LengthInTextElements))) + "…";
    }
}

internal sealed record TurnRow(
    TurnId Id, ConversationId ConversationId, UserId OwnerId, MessageId UserMessageId, MessageId AssistantMessageId, string Status, string? ModelId,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Error, long? InputTokens, long? OutputTokens, string Title);

internal sealed record BranchLine(string Role, string Text);

internal sealed record LockedConversation(
    ConversationId Id, string Title, string TitleSource, string? ModelId, MessageId? HeadMessageId);
