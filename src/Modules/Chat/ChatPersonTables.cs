using JeanTrail.Kernel.Privacy;

namespace JeanTrail.Chat;

/// <summary>What this module holds of a person. Messages, turns and their pieces go with the conversation.</summary>
internal static class ChatPersonTables
{
    const string EraseSql = "delete from chat.conversation where owner_id = @User";
    const string ExportSql = "select (to_jsonb(c) - 'owner_id')::text from chat.conversation c where c.owner_id = @User order by c.created_at";

    const string ExportMessagesSql = """
        select to_jsonb(m)::text from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where c.owner_id = @User order by m.conversation_id, m.created_at
        """;

    const string EraseTurnsSql = "delete from chat.turn where owner_id = @User";

    // A team's stays with the team.
    const string EraseProjectsSql = """
        with forgotten as (update chat.project set owner_id = null where owner_id = @User and workspace_id is not null)
        delete from chat.project where owner_id = @User and workspace_id is null
        """;

    const string ExportProjectsSql = "select (to_jsonb(p) - 'owner_id')::text from chat.project p where p.owner_id = @User order by p.created_at";

    const string EraseAttachmentsSql = "delete from chat.attachment where owner_id = @User";
    const string ExportAttachmentsSql = "select (to_jsonb(a) - 'owner_id')::text from chat.attachment a where a.owner_id = @User order by a.created_at";

    const string ExportPartsSql = """
        select to_jsonb(p)::text from chat.message_part p join chat.message m on m.message_id = p.message_id
            join chat.conversation c on c.conversation_id = m.conversation_id
        where c.owner_id = @User order by p.message_id, p.ordinal
        """;

    // Made of the messages, so there is nothing in it to give.
    const string EraseIndexSql = "delete from chat.message_index where owner_id = @User";
    const string EraseVectorsSql = "delete from chat.message_vector where owner_id = @User";
    const string EraseSegmentsSql = "delete from chat.search_segment where owner_id = @User";
    const string EraseConversationWordsSql = "delete from chat.conversation_words where owner_id = @User";

    const string ExportSummariesSql = """
        select to_jsonb(s)::text from chat.context_summary s join chat.conversation c on c.conversation_id = s.conversation_id
        where c.owner_id = @User order by s.conversation_id, s.created_at
        """;

    const string EraseMarksSql = "delete from chat.mark where owner_id = @User";
    const string ExportMarksSql = "select (to_jsonb(k) - 'owner_id')::text from chat.mark k where k.owner_id = @User order by k.created_at";

    const string EraseTemplatesSql = "delete from chat.template where owner_id = @User";
    const string ExportTemplatesSql = "select (to_jsonb(t) - 'owner_id')::text from chat.template t where t.owner_id = @User order by t.created_at";

    const string EraseSharesSql = "delete from chat.share where owner_id = @User";
    const string ExportSharesSql = "select (to_jsonb(s) - 'owner_id' - 'token_hash')::text from chat.share s where s.owner_id = @User order by s.created_at";

    const string EraseCommentsSql = "delete from chat.share_comment where author_id = @User";
    const string ExportCommentsSql = "select (to_jsonb(k) - 'author_id')::text from chat.share_comment k where k.author_id = @User order by k.created_at";

    const string EraseMemorySql = "delete from chat.memory where owner_id = @User";
    const string ExportMemorySql = "select (to_jsonb(k) - 'owner_id')::text from chat.memory k where k.owner_id = @User order by k.created_at";
    const string EraseMemoryOffSql = "delete from chat.memory_off where owner_id = @User";
    const string ExportMemoryOffSql = "select (to_jsonb(o) - 'owner_id')::text from chat.memory_off o where o.owner_id = @User";

    // A row with an upload stays until PurgeImports has removed that from the disk; nothing else of it does.
    const string EraseImportsSql = """
        with gone as (delete from chat.import where owner_id = @User and blob is null)
        update chat.import set state = 'cancelled', file_name = '', report = '{}', source = null, created_at = to_timestamp(0) where owner_id = @User and blob is not null
        """;

    const string ExportImportsSql = "select (to_jsonb(i) - 'owner_id' - 'blob')::text from chat.import i where i.owner_id = @User order by i.created_at";

    const string EraseMemberSql = "delete from chat.member where user_id = @User";
    const string ExportMemberSql = "select (to_jsonb(p) - 'user_id' - 'invited_by')::text from chat.member p where p.user_id = @User order by p.joined_at";
    const string EraseInvitationsSql = "delete from chat.invitation where invited_by = @User";
    const string ExportInvitationsSql = "select (to_jsonb(i) - 'invited_by' - 'token_hash')::text from chat.invitation i where i.invited_by = @User order by i.created_at";

    // What was changed stays in the history of a conversation that is others'; who did it does not.
    const string EraseChangesSql = """
        with forgotten as (update chat.member set invited_by = null where invited_by = @User),
            told as (delete from chat.change where coalesce(after, before) ->> 'userId' = @User::text)
        update chat.change set by_id = null where by_id = @User
        """;

    const string ExportChangesSql = "select (to_jsonb(h) - 'by_id')::text from chat.change h where h.by_id = @User order by h.place";
    const string EraseDraftsSql = "update chat.draft_update set by_id = null where by_id = @User";

    // Sealed, also for the server: they leave as they lie here. The rest goes with the key.
    const string ErasePrivateSql = "delete from chat.private_key where owner_id = @User";
    const string ExportPrivateKeySql = "select (to_jsonb(k) - 'owner_id')::text from chat.private_key k where k.owner_id = @User";
    const string ErasePrivateConversationsSql = "delete from chat.private_conversation where owner_id = @User";
    const string ExportPrivateSql = "select (to_jsonb(c) - 'owner_id')::text from chat.private_conversation c where c.owner_id = @User order by c.created_at";
    const string ErasePrivateTurnsSql = "delete from chat.private_turn where owner_id = @User";

    const string ExportPrivateMessagesSql = """
        select to_jsonb(m)::text from chat.private_message m join chat.private_conversation c on c.conversation_id = m.conversation_id
        where c.owner_id = @User order by m.conversation_id, m.created_at
        """;

    internal static readonly PersonTable[] All =
    [
        new("chat.private_key", ErasePrivateSql, ExportPrivateKeySql),
        new("chat.private_conversation", ErasePrivateConversationsSql, ExportPrivateSql),
        new("chat.private_message", Export: ExportPrivateMessagesSql),
        new("chat.private_turn", ErasePrivateTurnsSql),
        new("chat.conversation", EraseSql, ExportSql),
        new("chat.message", Export: ExportMessagesSql),
        new("chat.message_part", Export: ExportPartsSql),
        new("chat.context_summary", Export: ExportSummariesSql),
        new("chat.mark", EraseMarksSql, ExportMarksSql),
        new("chat.template", EraseTemplatesSql, ExportTemplatesSql),
        new("chat.share", EraseSharesSql, ExportSharesSql),
        new("chat.share_comment", EraseCommentsSql, ExportCommentsSql),
        new("chat.memory", EraseMemorySql, ExportMemorySql),
        new("chat.memory_off", EraseMemoryOffSql, ExportMemoryOffSql),
        new("chat.member", EraseMemberSql, ExportMemberSql),
        new("chat.invitation", EraseInvitationsSql, ExportInvitationsSql),
        new("chat.change", EraseChangesSql, ExportChangesSql),
        new("chat.draft_update", EraseDraftsSql),
        new("chat.import", EraseImportsSql, ExportImportsSql),
        new("chat.turn", EraseTurnsSql),
        new("chat.attachment", EraseAttachmentsSql, ExportAttachmentsSql),
        new("chat.project", EraseProjectsSql, ExportProjectsSql),
        new("chat.message_index", EraseIndexSql),
        new("chat.search_segment", EraseSegmentsSql),
        new("chat.message_vector", EraseVectorsSql),
        new("chat.conversation_words", EraseConversationWordsSql),
    ];
}
