using System.Globalization;
using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Search;

/// <summary>Among which messages is looked.</summary>
/// <param name="From">Not older than this.</param>
/// <param name="To">Older than this.</param>
/// <param name="Has"><c>image file code</c>.</param>
internal sealed record SearchFilter(DateTimeOffset? From, DateTimeOffset? To, string? ModelId, Guid? ProjectId, string? Tag, string? Role, string? Has)
{
    internal static readonly SearchFilter None = new(null, null, null, null, null, null, null);

    /// <summary>Whether it says anything that the message itself does not tell.</summary>
    internal bool OfConversation => ProjectId is not null || Tag is not null;

    /// <summary>For what was not found through the index of words; what a message holds besides text, only that can tell.</summary>
    internal bool Passes(FoundMessage message) => Has is null && (Role is null || message.Role == Role) && (ModelId is null || message.ModelId == ModelId)
        && (From is null || message.CreatedAt >= From) && (To is null || message.CreatedAt < To);

    /// <summary>What the index must hold of a message beside the words.</summary>
    internal List<string> Marks()
    {
        var marks = new List<string>();
        if (Role is not null)
            marks.Add(IndexMarks.Role(Role));
        if (ModelId is not null)
            marks.Add(IndexMarks.Model(ModelId));
        if (Has is not null)
            marks.Add($":{Has}");
        return marks;
    }
}

/// <summary>Where is looked: by segment, the conversations it is asked for by name.</summary>
/// <param name="Own">Of the person's own; null when all of them are meant, or too many to name.</param>
/// <param name="Shared">Of those that others share with them.</param>
internal sealed record SearchScope(ILookup<int, Guid>? Own, ILookup<int, Guid> Shared)
{
    internal int[] SharedSegments { get; } = [.. Shared.Select(segment => segment.Key)];

    /// <summary>Those to ask a segment for; null for all, none when there is nothing to look for in it.</summary>
    internal IEnumerable<Guid>? In(int segment) => Shared.Contains(segment) ? Shared[segment] : Own?[segment];
}

/// <summary>
/// The conversations of a project or tag, and those that others share, the last used of them. When the own are few the index is asked for them by name;
/// when they are many nearly every message is in one, and what is not is left out afterwards.
/// </summary>
internal sealed class SearchedConversations(Db db)
{
    const int Few = 300;

    // By their keys: asked for with "or", the planner reads all conversations.
    const string SharedSql = $"""
        select c.conversation_id from chat.conversation c
        where c.conversation_id = any(array(
                select m.conversation_id from chat.member m where m.user_id = @Person
                union
                select s.conversation_id from kernel.place_person k
                    join chat.project p on p.workspace_id = k.place_id join chat.conversation s on s.project_id = p.project_id
                where k.user_id = @Person and s.owner_id <> @Person))
            and c.owner_id <> @Person and c.deleted_at is null and (@Project::uuid is null or c.project_id = @Project)
            and (@Tag::text is null or @Tag = any(c.tags)) and {ChatAccess.View}
        order by c.updated_at desc limit @Few
        """;

    const string ProjectSql = """
        select conversation_id from chat.conversation where owner_id = @Owner and project_id = @Project and deleted_at is null limit @Take
        """;

    const string TagSql = """
        select w.conversation_id from chat.conversation_words w join chat.conversation c on c.conversation_id = w.conversation_id
        where w.words @@ @Query::tsquery and w.owner_id = @Owner and c.deleted_at is null and (@Project::uuid is null or c.project_id = @Project) limit @Take
        """;

    const string SegmentsSql = "select distinct segment, conversation_id from chat.message_index where conversation_id = any(@Ids::uuid[])";

    internal async Task<SearchScope> FindAsync(UserId person, SearchFilter filter, CancellationToken cancel)
        => new(await OwnAsync(person, filter, cancel), await SharedAsync(person, filter, cancel));

    async Task<ILookup<int, Guid>> SharedAsync(UserId person, SearchFilter filter, CancellationToken cancel)
    {
        // This tells where there is something of what the person may read, and no text: that is read in the person's own scope.
        using var scope = RowScope.Server();
        var ids = await db.QueryAsync<Guid>(SharedSql, new { Person = person, Project = filter.ProjectId, Tag = filter.Tag?.ToLowerInvariant(), Few }, cancel);
        return await SegmentsAsync(ids, cancel);
    }

    async Task<ILookup<int, Guid>?> OwnAsync(UserId owner, SearchFilter filter, CancellationToken cancel)
    {
        if (!filter.OfConversation)
            return null;
        var ids = filter.Tag is null
            ? await db.QueryAsync<Guid>(ProjectSql, new { Owner = owner, Project = filter.ProjectId, Take = Few + 1 }, cancel)
            : await TaggedAsync(owner, filter, cancel);
        if (ids.Count > Few)
            return null;
        return await SegmentsAsync(ids, cancel);
    }

    async Task<ILookup<int, Guid>> SegmentsAsync(IReadOnlyList<Guid> ids, CancellationToken cancel)
        => (ids.Count == 0 ? [] : await db.QueryAsync<Row>(SegmentsSql, new { Ids = ids.ToArray() }, cancel)).ToLookup(row => row.Segment, row => row.ConversationId);

    async Task<IReadOnlyList<Guid>> TaggedAsync(UserId owner, SearchFilter filter, CancellationToken cancel)
    {
        // Row security does not let a person's statements use an index of words. This one tells ids of the owner's, and no text.
        using (RowScope.Server())
            return await db.QueryAsync<Guid>(TagSql, new { Owner = owner, Query = TagQuery(owner, filter.Tag!), Project = filter.ProjectId, Take = Few + 1 }, cancel);
    }

    internal static string TagQuery(UserId owner, string tag)
        => SearchQuery.Lexeme(string.Create(CultureInfo.InvariantCulture, $"{owner.Value}/"), "#" + tag.ToLowerInvariant());

    sealed record Row(int Segment, Guid ConversationId);
}
