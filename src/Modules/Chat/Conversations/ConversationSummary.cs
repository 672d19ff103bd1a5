using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Conversations;

/// <summary>A conversation as lists and headers show it.</summary>
/// <param name="TitleSource"><c>auto</c> until the person names it, then <c>manual</c>.</param>
/// <param name="ModelId">The model chosen for this conversation, or null for the person's default.</param>
/// <param name="HeadMessageId">The last message of the branch that is shown.</param>
/// <param name="RunningTurnId">The turn that is being answered right now.</param>
/// <param name="Role">What whoever asks is in it: <c>owner admin edit view</c>.</param>
/// <param name="People">How many are in it.</param>
/// <param name="Category">What kind of talk it is, as Jean sees it: <c>code writing learning work planning health money travel creative chat</c>; null until she has.</param>
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
    TurnId? RunningTurnId,
    Guid? ProjectId,
    IReadOnlyList<string> Tags,
    string? Category,
    string Role = "owner",
    int People = 1)
{
    internal static ConversationSummary Example { get; } = new(
        ExampleTalk.Conversation, ExampleTalk.Title, "manual", ExampleTalk.ModelId, ExampleTalk.BegunAt, ExampleTalk.AnsweredAt, null, null, ExampleTalk.AnswerId, null,
        null, ["travel", "riga"], "travel");
}

/// <summary>As the database has it: Dapper cannot match an array to a constructor's parameter.</summary>
internal sealed record ConversationRow(
    ConversationId Id, string Title, string TitleSource, string? ModelId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ArchivedAt,
    DateTimeOffset? DeletedAt, MessageId? HeadMessageId, TurnId? RunningTurnId, Guid? ProjectId, string Tags, string? Category, string Role, int People)
{
    public ConversationSummary ToSummary() => new(
        Id, Title, TitleSource, ModelId, CreatedAt, UpdatedAt, ArchivedAt, DeletedAt, HeadMessageId, RunningTurnId, ProjectId,
        Tags == "[]" ? [] : ChatJson.Read<List<string>>(Tags)!, Category, Role, People);
}

internal static class ConversationSql
{
    /// <summary>Selects <see cref="ConversationRow"/> as <c>@Person</c> sees it; the caller adds the <c>where</c>.</summary>
    public const string Select = """
        select c.conversation_id as id, c.title, c.title_source, c.model_id, c.created_at, c.updated_at, c.archived_at, c.deleted_at,
            c.head_message_id, t.turn_id as running_turn_id, c.project_id, array_to_json(c.tags)::text as tags, c.category,
            chat.role_of(c, @Person) as role, 1 + case when chat.is_shared(c) then (select count(*) from chat.others(c)) else 0 end::int as people
        from chat.conversation c
        left join chat.turn t on t.conversation_id = c.conversation_id and t.status = 'running' and t.lane = 0
        """;

    /// <summary>A copy that the person made.</summary>
    public const string FindCopy = Select + " where c.conversation_id = @Copy and c.owner_id = @Person";
}
