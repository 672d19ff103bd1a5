using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Memory;

/// <summary>Something Jean keeps about the person, or proposes to.</summary>
/// <param name="Kind"><c>identity preference people work plan other</c>.</param>
/// <param name="ProjectId">Where it is told; null for everywhere.</param>
/// <param name="ConversationId">Where it was said, while that is there.</param>
/// <param name="State"><c>proposed kept dismissed expired</c>.</param>
/// <param name="DeletedAt">When it was forgotten; it can be brought back for 30 days.</param>
internal sealed record MemoryFact(
    MemoryId Id, string Text, string Kind, Guid? ProjectId, ConversationId? ConversationId, MessageId? MessageId, string State, DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? DeletedAt)
{
    internal static MemoryFact Example { get; } = new(
        new MemoryId(new Guid("019cebb2-7d10-7a4c-9f83-e6c1b05d2a97")), "Likes lighthouses.", "preference", null, ExampleTalk.Conversation, ExampleTalk.QuestionId, "kept",
        null, ExampleTalk.AnsweredAt, ExampleTalk.AnsweredAt, null);
}

internal static class MemoryRules
{
    public const int LongestText = 400;

    /// <summary>More than a person reads through, and than a search has to.</summary>
    public const int MostKept = 500;

    public const int MostProposed = 50;

    public const string Kinds = "^(identity|preference|people|work|plan|other)$";

    public static bool IsKind(string kind) => new RegularExpressionAttribute(Kinds).IsValid(kind);

    public static readonly TimeSpan KeepForgottenFor = TimeSpan.FromDays(30);

    /// <summary>One line, without what could end the block it is told in.</summary>
    public static string Clean(string text)
        => string.Join(' ', text.Replace('\0', ' ').Replace('<', '‹').Replace('>', '›').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

internal static class MemorySql
{
    /// <summary>Selects <see cref="MemoryFact"/>; the caller adds the <c>where</c>.</summary>
    public const string Select = """
        select k.memory_id as id, k.text, k.kind, k.project_id, k.conversation_id, k.message_id, k.state, k.expires_at, k.created_at, k.updated_at, k.deleted_at
        from chat.memory k
        """;

    public const string FindOwned = Select + " where k.memory_id = @Id and k.owner_id = @Owner";

    /// <summary>Whether the person wants to be remembered.</summary>
    public const string IsOn = "select not exists (select from chat.memory_off where owner_id = @Owner)";

    /// <summary>Makes changes of one person's memory take turns, so that it can be counted.</summary>
    public const string Lock = "select pg_advisory_xact_lock(hashtextextended('chat.memory ' || @Owner::uuid::text, 0))";

    /// <summary>What is there of it already, in any state and however it is spelt: what was dismissed is not proposed again.</summary>
    public const string FindSame = Select + """
         where k.owner_id = @Owner and k.deleted_at is null and chat.plain(k.text) = chat.plain(@Text) and k.project_id is not distinct from @ProjectId::uuid
        order by k.updated_at desc limit 1
        """;

    public const string Count = "select count(*)::int from chat.memory where owner_id = @Owner and state = @State and deleted_at is null";

    public const string Insert = """
        insert into chat.memory (memory_id, owner_id, text, kind, project_id, conversation_id, message_id, state, expires_at, created_at, updated_at)
        select @Id, @Owner, @Text, @Kind, @ProjectId, @ConversationId, @MessageId, @State, @ExpiresAt, @Now, @Now
        where @ProjectId::uuid is null or exists (select from chat.project where project_id = @ProjectId and owner_id = @Owner)
        """;

    public const string Keep = "update chat.memory set state = 'kept', updated_at = @Now, deleted_at = null where memory_id = @Id and owner_id = @Owner";
}
