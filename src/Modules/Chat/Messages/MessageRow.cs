using JeanTrail.Chat.Marks;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Messages;

/// <summary>A message as it is read, with what it came to so far if it is still being written.</summary>
internal sealed record MessageRow(
    MessageId Id, MessageId? ParentId, string Role, string Text, string? Language, string? ModelId, string Status, string? Error,
    DateTimeOffset CreatedAt, TurnId? TurnId, bool Pinned, string SiblingIds, string Actions, string Citations, string Parts, int Comments, UserId? AuthorId)
{
    /// <summary>The ids of what follows the same parent as <c>b</c>. Asked for in two ways because "is not distinct from" is answered by no index.</summary>
    public const string Siblings = """
        case when b.parent_id is null
            then array(select s.message_id from chat.message s where s.conversation_id = b.conversation_id and s.parent_id is null order by s.created_at, s.message_id)
            else array(select s.message_id from chat.message s where s.parent_id = b.parent_id order by s.created_at, s.message_id) end
        """;

    /// <summary>Of messages <c>b</c>.</summary>
    public const string Columns = $"""
        b.message_id as id, b.parent_id, b.role,
            case when b.status = 'streaming'
                then b.text || coalesce((select string_agg(k.text, '' order by k.at) from chat.turn_chunk k where k.turn_id = b.turn_id), '')
                else b.text end as text,
            b.language, b.model_id, b.status, b.error::text as error, b.created_at, b.turn_id, b.pinned_at is not null as pinned,
            array_to_json({Siblings})::text as sibling_ids,
            b.actions::text as actions, b.citations::text as citations,
            chat.message_parts(b.message_id)::text as parts,
            (select count(*) from chat.share_comment k where k.message_id = b.message_id)::int as comments,
            case when b.role = 'user' then (select t.owner_id from chat.turn t where t.turn_id = b.turn_id) end as author_id
        """;

    /// <summary>The messages as they are shown to <paramref name="owner"/>, in the order of the rows.</summary>
    internal static async Task<IReadOnlyList<Message>> ShowAsync(Db db, UserId owner, IReadOnlyList<MessageRow> rows, CancellationToken cancel)
    {
        var marks = await MarkSql.OfMessagesAsync(db, owner, rows.Select(row => row.Id), cancel);
        var messages = new List<Message>(rows.Count);
        foreach (var row in rows)
        {
            // What the parts of a growing message came to is in its turn's log; few grow at once.
            var log = row is { Status: "streaming", TurnId: not null } ? await db.QueryAsync<PartLogEntry>(PartSql.Log, new { Id = row.TurnId, Change = 0, Step = 0 }, cancel) : [];
            messages.Add(row.ToMessage(log, [.. marks[row.Id]]));
        }

        return messages;
    }

    Message ToMessage(IReadOnlyList<PartLogEntry> log, IReadOnlyList<Mark> marks) => new(
        Id, ParentId, Role, Text, Language, ModelId, Status, ChatJson.Read<MessageError>(Error), CreatedAt, TurnId,
        ChatJson.Read<List<MessageId>>(SiblingIds)!, ChatJson.Read<List<ClientAction>>(Actions)!, ChatJson.Read<List<Citation>>(Citations)!, PartsWith(log), Pinned, marks, Comments, AuthorId);

    IReadOnlyList<MessagePart> PartsWith(IReadOnlyList<PartLogEntry> log)
    {
        var before = PartJson.ReadAll(Parts);
        if (log.Count == 0)
            return before;
        var parts = new TurnParts();
        parts.Restore(before);
        foreach (var entry in log)
            parts.Replay(entry);
        return parts.Whole;
    }
}
