using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Sharing;

/// <summary>A link as its owner sees it. What opens it was shown once and is not known any more.</summary>
/// <param name="Level"><c>read comment copy</c>; each may what the one before it may.</param>
/// <param name="Follows">Whether it shows what is said later; otherwise it ends where it ended when it was made.</param>
/// <param name="Reasoning">Whether it shows what the model thought.</param>
/// <param name="Tools">Whether it shows which tools were called, with what, and what they answered.</param>
/// <param name="Files">Whether it shows pictures and files.</param>
/// <param name="Views">How often somebody else opened it.</param>
internal sealed record Share(
    ShareId Id, ConversationId ConversationId, string Title, string Level, bool Follows, bool Reasoning, bool Tools, bool Files,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, bool Expired, long Views, DateTimeOffset? LastViewedAt, int Comments)
{
    internal static Share Example { get; } = new(
        new ShareId(new Guid("019cebb0-1a20-7f3b-9c41-2d7e5a8b6c90")), ExampleTalk.Conversation, ExampleTalk.Title, "comment", Follows: false,
        Reasoning: false, Tools: false, Files: true, ExampleTalk.AnsweredAt, ExampleTalk.AnsweredAt.AddDays(30), Expired: false, 3, ExampleTalk.AnsweredAt.AddHours(2), 1);
}

/// <summary>What somebody said about a message of a shared conversation.</summary>
/// <param name="AuthorName">As they were called when they wrote it.</param>
/// <param name="Mine">Whether whoever asks wrote it.</param>
internal sealed record Comment(CommentId Id, MessageId MessageId, string AuthorName, string Text, DateTimeOffset CreatedAt, bool Mine)
{
    internal static Comment Example { get; } = new(
        new CommentId(new Guid("019cebb1-44c8-7d02-8a6f-b3c1e9d75f28")), ExampleTalk.AnswerId, "Mia", "It opens at one in summer.", ExampleTalk.AnsweredAt.AddHours(2), Mine: false);
}

internal static class ShareSql
{
    const string Select = """
        select s.share_id as id, s.conversation_id, c.title, s.level, s.end_message_id is null as follows, s.with_reasoning as reasoning,
            s.with_tools as tools, s.with_files as files, s.created_at, s.expires_at, coalesce(s.expires_at <= @Now, false) as expired, s.views, s.last_viewed_at,
            (select count(*) from chat.share_comment k where k.share_id = s.share_id)::int as comments
        from chat.share s join chat.conversation c on c.conversation_id = s.conversation_id
        """;

    /// <summary>The person's links that were not revoked, newest first.</summary>
    public const string List = Select + """
         where s.owner_id = @Owner and s.revoked_at is null and c.deleted_at is null and (@Conversation::uuid is null or s.conversation_id = @Conversation)
        order by s.created_at desc, s.share_id desc limit 500
        """;

    public const string FindOwned = Select + " where s.share_id = @Id and s.owner_id = @Owner";

    /// <summary>What is shown of a conversation, from its end to its beginning.</summary>
    public const string Path = """
        recursive path as (
            select m.message_id, m.parent_id
            from chat.conversation c cross join lateral (
                select * from chat.message l where l.message_id = coalesce(@End::uuid, c.head_message_id) offset 0) m
            where c.conversation_id = @Conversation and m.conversation_id = c.conversation_id
            union all
            select p.message_id, p.parent_id
            from path b cross join lateral (select m.message_id, m.parent_id from chat.message m where m.message_id = b.parent_id offset 0) p)
        """;
}
