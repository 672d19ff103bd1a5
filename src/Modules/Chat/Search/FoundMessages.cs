using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Search;

/// <summary>A found message with its text, as far as a search reads it.</summary>
internal sealed record FoundMessage(
    Guid MessageId, Guid ConversationId, string Title, string Role, string? ModelId, DateTimeOffset CreatedAt, string Text);

/// <summary>Reads what was found, in the person's own scope, and leaves out what is in the bin or does not pass what the index cannot tell.</summary>
internal sealed class FoundMessages(Db db)
{
    /// <summary>UTF-16 code units of a text in which the words are shown.</summary>
    internal const int LongestText = 32_000;

    const string Sql = $"""
        select m.message_id, m.conversation_id, c.title, m.role, m.model_id, m.created_at, left(m.text, @Longest) as text
        from unnest(@Ids::uuid[]) with ordinality as f (id, place)
            join chat.message m on m.message_id = f.id
            join chat.conversation c on c.conversation_id = m.conversation_id
        where {ChatAccess.View} and c.deleted_at is null
            and (@Project::uuid is null or c.project_id = @Project) and (@Tag::text is null or @Tag = any(c.tags))
        order by f.place
        """;

    internal Task<IReadOnlyList<FoundMessage>> ReadAsync(UserId person, IEnumerable<Guid> ids, SearchFilter filter, CancellationToken cancel)
        => db.QueryAsync<FoundMessage>(
            Sql,
            new { Ids = ids.ToArray(), Person = person, Longest = LongestText, Project = filter.ProjectId, Tag = filter.Tag?.ToLowerInvariant() },
            cancel);

    // Through the newest messages only: a whole history read letter by letter takes seconds.
    const string LettersSql = """
        select m.message_id from (
            select i.message_id from chat.message_index i where i.owner_id = @Owner order by i.created_at desc, i.message_id desc limit @Most) recent
            join chat.message m on m.message_id = recent.message_id
            join chat.conversation c on c.conversation_id = m.conversation_id
        where c.deleted_at is null and position(lower(@Letters) in lower(m.text)) > 0
        order by m.created_at desc, m.message_id desc limit @Take
        """;

    internal const int NewestRead = 1_000;

    /// <summary>Those of the newest messages that hold these letters in this order, within words too.</summary>
    internal async Task<IReadOnlyList<FoundMessage>> WithLettersAsync(UserId owner, string letters, int take, CancellationToken cancel)
    {
        IReadOnlyList<Guid> ids;
        // Which they are is asked as the server: the rule of access for each of the many that do not match would take most of the time.
        using (RowScope.Server())
            ids = await db.QueryAsync<Guid>(LettersSql, new { Owner = owner, Letters = letters, Most = NewestRead, Take = take }, cancel);
        return ids.Count == 0 ? [] : await ReadAsync(owner, ids, SearchFilter.None, cancel);
    }
}
