using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Conversations;

/// <summary>A conversation as lists and headers show it.</summary>
/// <param name="TitleSource"><c>auto</c> until the person names it, then <c>manual</c>.</param>
/// <param name="ModelId">The model chosen for this conversation, or null for the person's default.</param>
/// <param name="HeadMessageId">The last message of the branch that is shown.</param>
/// <param name="RunningTurnId">The turn that is being answered right now.</param>
internal sealed record ConversationSummary(
    ConversationId Id,
    string Title,
    string TitleSource,
    string? ModelId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ArchivedAt,
    DateTimeOffset? DeletedAt,
    MessageId? HeadMessageId,
    TurnId? RunningTurnId)
{
    internal static ConversationSummary Example { get; } = new(
        ExampleTalk.Conversation, ExampleTalk.Title, "manual", ExampleTalk.ModelId, ExampleTalk.BegunAt, ExampleTalk.AnsweredAt, null, null, ExampleTalk.AnswerId, null);
}

internal static class ConversationSql
{
    /// <summary>Selects <see cref="ConversationSummary"/>; the caller adds the <c>where</c>.</summary>
    public const string Select = """
        select c.conversation_id as id, c.title, c.title_source, c.model_id, c.created_at, c.updated_at, c.archived_at, c.deleted_at,
            c.head_message_id, t.turn_id as running_turn_id
        from chat.conversation c
        left join chat.turn t on t.conversation_id = c.conversation_id and t.status = 'running'
        """;
}
