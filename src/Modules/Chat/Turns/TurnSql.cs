using JeanTrail.Chat.Context;
using JeanTrail.Chat.Memory;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;
using System.Globalization;

namespace JeanTrail.Chat.Turns;

/// <summary>The statements that several steps of a turn share.</summary>
internal static class TurnSql
{
    public const string Insert = """
        insert into chat.turn (turn_id, conversation_id, owner_id, client_id, user_message_id, assistant_message_id, model_id, language, time_zone,
            status, lane, base_length, started_at, lease_until)
        values (@TurnId, @ConversationId, @Owner, @ClientId, @UserMessageId, @AssistantMessageId, @ModelId, @Language, @TimeZone,
            'running', @Lane, @BaseLength, @Now, now() + @Lease)
        """;

    public const string Select = """
        select t.turn_id as id, t.conversation_id, t.owner_id, t.user_message_id, t.assistant_message_id, t.status, t.model_id, t.started_at, t.ended_at,
            t.error::text as error, t.input_tokens, t.output_tokens, c.title
        from chat.turn t join chat.conversation c on c.conversation_id = t.conversation_id
        """;

    /// <summary>For those who may read the conversation.</summary>
    public const string FindToRead = Select + " where t.turn_id = @Id and " + ChatAccess.View;

    /// <summary>For those who may say something in it.</summary>
    public const string FindToStop = Select + " where t.turn_id = @Id and " + ChatAccess.Edit;

    public const string FindByClient = Select + " where t.client_id = @ClientId and t.owner_id = @Owner";

    const string Setting = """
        select c.conversation_id as id, c.title, c.title_source, c.model_id, c.head_message_id, c.instructions, coalesce(p.instructions, '') as project_instructions,
            c.parameters::text as parameters, chat.is_shared(c) as together
        from chat.conversation c left join chat.project p on p.project_id = c.project_id
        """;

    /// <summary>The lock under which a conversation's turns begin: two at once would both find none running.</summary>
    public const string LockConversation = $"{Setting} where c.conversation_id = @Id and {ChatAccess.Edit} for update of c";

    /// <summary>The same, to look at.</summary>
    public const string FindConversation = $"{Setting} where c.conversation_id = @Id and c.deleted_at is null and {ChatAccess.View}";

    /// <summary>Asked after the lock was had, in a statement of its own: the locking one still sees what was there before it waited.</summary>
    public const string FindRunning = "select turn_id as id, lane from chat.turn where conversation_id = @Id and status = 'running'";

    public const string InsertQuestion = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, status, turn_id, created_at)
        values (@UserMessageId, @ConversationId, @ParentId, 'user', @Text, 'complete', @TurnId, @Now)
        """;

    /// <summary>What came with the question, in the order it was attached.</summary>
    public const string InsertAttachments = """
        insert into chat.message_part (message_id, ordinal, kind, at, attachment_id)
        select @UserMessageId, (g.place - 1)::integer, case when a.width is not null then 'image' else 'file' end, 0, a.attachment_id
        from unnest(@AttachmentIds::uuid[]) with ordinality as g(id, place)
            join chat.attachment a on a.attachment_id = g.id and a.owner_id = @Owner
        """;

    public const string InsertAnswer = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, model_id, status, turn_id, created_at)
        values (@AssistantMessageId, @ConversationId, @UserMessageId, 'assistant', '', @ModelId, 'streaming', @TurnId, @Now)
        """;

    public const string GrowAnswer = """
        update chat.message set status = 'streaming', error = null, turn_id = @TurnId, model_id = @ModelId
        where message_id = @AssistantMessageId
        """;

    public const string MoveHead = """
        update chat.conversation set head_message_id = @AssistantMessageId, updated_at = @Now, title = @Title where conversation_id = @ConversationId
        """;

    /// <summary>Where the branch ends that a model is told: before @Beside, else at @Parent, else at the head.</summary>
    const string End = """
        m.conversation_id = @Id and m.message_id = case when @Beside::uuid is not null
                then (select b.parent_id from chat.message b where b.message_id = @Beside)
                else coalesce(@Parent::uuid, (select c.head_message_id from chat.conversation c where c.conversation_id = @Id)) end
        """;

    /// <summary>
    /// What a model is told of the conversation, newest first. An empty answer (stopped before its first word) tells it nothing.
    /// <c>offset 0</c> keeps each step a look-up by key: joined, the planner prefers to read the whole table once for each message.
    /// </summary>
    public const string Branch = $"""
        with recursive branch as (
            select m.message_id, m.parent_id, m.role, m.text, m.pinned_at, 1 as step
            from chat.message m
            where {End}
            union all
            select p.message_id, p.parent_id, p.role, p.text, p.pinned_at, b.step + 1
            from branch b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p
            where b.step < @MaxMessages),
        told as (
            select b.*, case when b.role = 'user' then (select jsonb_agg(jsonb_build_object(
                    'id', a.attachment_id, 'name', a.name, 'mediaType', a.media_type, 'sizeBytes', a.size_bytes, 'width', a.width, 'height', a.height,
                    'blob', a.blob, 'webp', a.webp_blob, 'textLength', a.extracted_length, 'transcript', a.transcript) order by q.ordinal)
                from chat.message_part q join chat.attachment a on a.attachment_id = q.attachment_id
                where q.message_id = b.message_id)::text end as attachments
            from branch b)
        select message_id as id, role, text, pinned_at is not null as pinned, attachments, step from told where text <> '' or attachments is not null order by step
        """;

    /// <summary>Summaries of the conversation, the last made first.</summary>
    public const string Summaries = """
        select s.message_id, s.text from chat.context_summary s where s.conversation_id = @Id order by s.created_at desc limit 20
        """;

    /// <summary>What is pinned on the way to the root, however far; looked for only where something is.</summary>
    public const string PinnedOnBranch = $"""
        with recursive way as (
            select m.message_id, m.parent_id, 1 as step from chat.message m
            where {End} and exists (select from chat.message pinned where pinned.conversation_id = @Id and pinned.pinned_at is not null)
            union all
            select p.message_id, p.parent_id, w.step + 1
            from way w cross join lateral (select m.message_id, m.parent_id from chat.message m where m.message_id = w.parent_id offset 0) p
            where w.step < 20000)
        select m.message_id as id, m.role, m.text, true as pinned, null::text as attachments, w.step
        from way w join chat.message m on m.message_id = w.message_id
        where m.pinned_at is not null and m.text <> '' order by w.step limit 50
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

/// <summary>A message as a model may be told it.</summary>
/// <param name="Step">How far it is from the end of the branch.</param>
/// <param name="Attachments">JSON of its <see cref="LineAttachment"/>s.</param>
internal sealed record BranchLine(MessageId Id, string Role, string Text, bool Pinned, string? Attachments, int Step)
{
    public IReadOnlyList<LineAttachment> Files { get; } = Attachments is null ? [] : ChatJson.Read<List<LineAttachment>>(Attachments)!;
}

/// <param name="Webp">The picture's copy.</param>
/// <param name="TextLength">UTF-16 code units, roughly, of the text found in it.</param>
/// <param name="Transcript">Of recordings, the state of <see cref="TranscriptView"/>.</param>
internal sealed record LineAttachment(
    AttachmentId Id, string Name, string MediaType, long SizeBytes, int? Width, int? Height, string Blob, string? Webp, int? TextLength, string? Transcript = null);

/// <param name="Together">Whether others are in it.</param>
internal sealed record LockedConversation(
    ConversationId Id, string Title, string TitleSource, string? ModelId, MessageId? HeadMessageId, string Instructions, string ProjectInstructions, string Parameters,
    bool Together)
{
    public ContextSetting SettingWith(
        IReadOnlyList<KnownSummary> summaries, IReadOnlyList<BranchLine> branch, IReadOnlyList<BranchLine> pinned, IReadOnlyList<ToldFact> facts)
    {
        // Of several, the one that reaches furthest on this branch.
        var known = branch.Select(line => summaries.FirstOrDefault(summary => summary.MessageId == line.Id)).FirstOrDefault(summary => summary is not null);
        return new ContextSetting(Instructions, ProjectInstructions, ChatJson.Read<ModelParameters>(Parameters) ?? ModelParameters.None, known, pinned)
        {
            Facts = ToldMemory.Choose(facts, branch.Count > 0 ? branch[0].Text : ""),
        };
    }
}
