using JeanTrail.Chat.Marks;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using System.Runtime.CompilerServices;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>Reads conversations to hand them over: the skeleton of one at once, its words a few messages at a time.</summary>
internal sealed class ExportSource(Db db)
{
    const int Batch = 100;

    const string ConversationsSql = "select conversation_id from chat.conversation where owner_id = @Owner and deleted_at is null order by created_at, conversation_id";

    const string ConversationSql = $"""
        select c.conversation_id as id, c.title, c.title_source, c.model_id, c.head_message_id, c.created_at, c.updated_at, c.archived_at, c.instructions,
            c.parameters::text as parameters, to_json(c.tags)::text as tags, c.category, p.name as project_name, p.instructions as project_instructions
        from chat.conversation c left join chat.project p on p.project_id = c.project_id
        where c.conversation_id = @Id and {ChatAccess.View}
        """;

    const string SkeletonSql = $"""
        select m.message_id as id, m.parent_id as parent from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where m.conversation_id = @Id and {ChatAccess.View} order by m.created_at, m.message_id
        """;

    const string MessagesSql = """
        select m.message_id as id, m.parent_id, m.role,
            case when m.status = 'streaming'
                then m.text || coalesce((select string_agg(k.text, '' order by k.at) from chat.turn_chunk k where k.turn_id = m.turn_id), '')
                else m.text end as text,
            m.language, m.model_id, m.status, m.error::text as error, m.actions::text as actions, m.citations::text as citations, m.created_at
        from chat.message m where m.message_id = any(@Ids) and m.conversation_id = @Id
        """;

    const string CountSql = """
        select count(*) from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where c.conversation_id = any(@Ids) and c.owner_id = @Owner
        """;

    const string PartsSql = """
        select p.message_id, p.kind, p.at, p.payload::text as payload, p.attachment_id, a.name, a.media_type, a.size_bytes, a.width, a.height,
            a.extracted, a.origin, a.created_at as file_created_at, a.blob
        from chat.message_part p left join chat.attachment a on a.attachment_id = p.attachment_id
        where p.message_id = any(@Ids) order by p.message_id, p.ordinal
        """;

    public Task<IReadOnlyList<Guid>> ConversationsAsync(UserId owner, CancellationToken cancel) => db.QueryAsync<Guid>(ConversationsSql, new { Owner = owner }, cancel);

    /// <summary>Null when there is no such conversation.</summary>
    public async Task<ExportedTalk?> OpenAsync(Guid id, UserId person, ExportChoice choice, CancellationToken cancel)
    {
        var keys = new { Id = id, Person = person };
        if (await db.FindAsync<ExportedConversation>(ConversationSql, keys, cancel) is not { } conversation)
            return null;
        var skeleton = await db.QueryAsync<ExportedPlace>(SkeletonSql, keys, cancel);
        var order = choice.Whole ? InTreeOrder(skeleton) : Branch(skeleton, choice.Head ?? conversation.HeadMessageId);
        return new ExportedTalk(conversation, choice.Messages is { } only ? Only(skeleton, InTreeOrder(skeleton), only.ToHashSet()) : order);
    }

    /// <summary>A branch down to a message, and those of its places that the shown branch does not have. Null when there is no such conversation.</summary>
    public async Task<(ExportedTalk Branch, ExportedTalk Beyond)?> OpenBeyondShownAsync(Guid id, UserId person, Guid head, CancellationToken cancel)
    {
        var keys = new { Id = id, Person = person };
        if (await db.FindAsync<ExportedConversation>(ConversationSql, keys, cancel) is not { } conversation)
            return null;
        var skeleton = await db.QueryAsync<ExportedPlace>(SkeletonSql, keys, cancel);
        var branch = Branch(skeleton, head);
        return (new ExportedTalk(conversation, branch), new ExportedTalk(conversation, [.. branch.Except(Branch(skeleton, conversation.HeadMessageId))]));
    }

    /// <summary>How many messages would be handed over; of several conversations all that they have.</summary>
    public async Task<long> CountAsync(UserId owner, IReadOnlyList<Guid> ids, ExportedTalk? one, CancellationToken cancel)
        => one?.Places.Count ?? await db.FindAsync<long>(CountSql, new { Ids = ids.ToArray(), Owner = owner }, cancel);

    /// <summary>The messages of a conversation in the order of its places.</summary>
    public async IAsyncEnumerable<ExportedMessage> MessagesAsync(ExportedTalk talk, UserId owner, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var places in talk.Places.Chunk(Batch))
        {
            var ids = places.Select(place => place.Id).ToArray();
            var rows = (await db.QueryAsync<ExportedMessage>(MessagesSql, new { Ids = ids, talk.Conversation.Id }, cancel)).ToDictionary(row => row.Id);
            var parts = (await db.QueryAsync<ExportedPart>(PartsSql, new { Ids = ids }, cancel)).ToLookup(part => part.MessageId);
            var marks = await MarkSql.OfMessagesAsync(db, owner, ids.Select(MessageId.From), cancel);
            foreach (var place in places)
            {
                // One that was deleted in this moment is not there any more.
                if (rows.TryGetValue(place.Id, out var row))
                    yield return row with { ParentId = place.Parent, Parts = [.. parts[place.Id]], Marks = [.. marks[new MessageId(place.Id)]] };
            }
        }
    }

    static List<ExportedPlace> Branch(IReadOnlyList<ExportedPlace> skeleton, Guid? head)
    {
        var byId = skeleton.ToDictionary(place => place.Id);
        var branch = new List<ExportedPlace>();
        for (var at = head; at is { } id && byId.TryGetValue(id, out var place) && branch.Count <= skeleton.Count; at = place.Parent)
            branch.Add(place);
        branch.Reverse();
        return branch;
    }

    /// <summary>Each message before what follows it, siblings as they were made. Without recursion: ten thousand messages hang below each other.</summary>
    static List<ExportedPlace> InTreeOrder(IReadOnlyList<ExportedPlace> skeleton)
    {
        var children = skeleton.ToLookup(place => place.Parent);
        var ordered = new List<ExportedPlace>(skeleton.Count);
        var next = new Stack<ExportedPlace>(children[null].Reverse());
        while (next.TryPop(out var place))
        {
            ordered.Add(place);
            foreach (var child in children[place.Id].Reverse())
                next.Push(child);
        }

        return ordered;
    }

    static List<ExportedPlace> Only(IReadOnlyList<ExportedPlace> skeleton, List<ExportedPlace> order, HashSet<Guid> chosen)
    {
        var parents = skeleton.ToDictionary(place => place.Id, place => place.Parent);
        // Parents come first, so that each message knows its nearest chosen ancestor when it is reached.
        var nearest = new Dictionary<Guid, Guid?>(order.Count);
        foreach (var place in order)
            nearest[place.Id] = parents[place.Id] is { } parent ? chosen.Contains(parent) ? parent : nearest[parent] : null;
        return [.. order.Where(place => chosen.Contains(place.Id)).Select(place => place with { Parent = nearest[place.Id] })];
    }
}
