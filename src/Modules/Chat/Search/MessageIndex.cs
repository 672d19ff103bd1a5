using JeanTrail.Kernel.Data;

namespace JeanTrail.Chat.Search;

/// <summary>
/// Takes messages that came to rest into the index, a batch at a time, in the transaction that takes them off the list of what waits.
/// Several nodes may do so at once: none takes what another is at.
/// </summary>
internal sealed class MessageIndex(Db db)
{
    /// <summary>Messages of one owner that share a segment. A search reads at least one segment; more would make common words slower.</summary>
    internal const int SegmentSize = 4096;

    const int BatchSize = 250;

    /// <summary>Of a message's own text and of what its files say, each.</summary>
    const int LongestText = 200_000;

    // By id, which is by time for all that was said here: in any other order each batch would sort what an import left waiting.
    const string BatchSql = """
        select m.message_id, m.conversation_id, c.owner_id, m.role, m.model_id, m.created_at, left(m.text, @Longest) as text,
            exists (select from chat.message_part p where p.message_id = m.message_id and p.kind = 'image') as has_image,
            exists (select from chat.message_part p where p.message_id = m.message_id and p.kind = 'file') as has_file,
            (select string_agg(a.name || ' ' || coalesce(left(a.extracted, @Longest), ''), ' ') from chat.message_part p
                join chat.attachment a on a.attachment_id = p.attachment_id where p.message_id = m.message_id) as files
        from (select message_id from chat.unindexed order by message_id limit @Take for update skip locked) u
            join chat.message m on m.message_id = u.message_id
            join chat.conversation c on c.conversation_id = m.conversation_id
        order by m.created_at, m.message_id
        """;

    const string DoneSql = "delete from chat.unindexed where message_id = any(@Ids::uuid[])";

    const string ForgetSql = "delete from chat.message_index where message_id = any(@Ids::uuid[])";

    const string LastSegmentSql = """
        select segment, messages from chat.search_segment where owner_id = @Owner order by segment desc limit 1 for update
        """;

    const string NewSegmentSql = """
        insert into chat.search_segment (owner_id, messages, oldest_at, newest_at) values (@Owner, 0, @Oldest, @Newest) returning segment
        """;

    const string FillSegmentSql = """
        update chat.search_segment set messages = messages + @Count, oldest_at = least(oldest_at, @Oldest), newest_at = greatest(newest_at, @Newest)
        where segment = @Segment
        """;

    // A word's stem stands beside it only when it differs, marked, so that "runs" finds "running" and "run" is not stored twice.
    const string InsertSql = """
        insert into chat.message_index (message_id, owner_id, conversation_id, segment, created_at, words)
        select r.message_id, @Owner, r.conversation_id, @Segment, r.created_at, array_to_tsvector(array(
            select distinct @Prefix::text || each.word from (
                select word from string_to_table(r.plain, ' ') word
                union all select '~' || stem[1] from string_to_table(r.english, ' ') word, ts_lexize('english_stem', word) stem where stem[1] <> word
                union all select '~' || stem[1] from string_to_table(r.russian, ' ') word, ts_lexize('russian_stem', word) stem where stem[1] <> word
                union all select '~' || stem[1] from string_to_table(r.arabic, ' ') word, ts_lexize('arabic_stem', word) stem where stem[1] <> word
            ) each where each.word <> ''))
        from unnest(@Ids::uuid[], @Conversations::uuid[], @Times::timestamptz[], @Plain::text[], @English::text[], @Russian::text[], @Arabic::text[])
            as r (message_id, conversation_id, created_at, plain, english, russian, arabic)
        """;

    /// <summary>Indexes some of what waits; how many messages that were. None means there is nothing that another node is not at.</summary>
    internal Task<int> FillAsync(CancellationToken cancel) => db.InTransactionAsync(async tx =>
    {
        var rows = await tx.QueryAsync<Row>(BatchSql, new { Take = BatchSize, Longest = LongestText }, cancel);
        if (rows.Count == 0)
            return 0;
        var ids = rows.Select(row => row.MessageId).ToArray();
        await tx.ExecuteAsync(ForgetSql, new { Ids = ids }, cancel);
        foreach (var owned in rows.GroupBy(row => row.OwnerId))
            await AddAsync(tx, owned.Key, [.. owned], cancel);
        await tx.ExecuteAsync(DoneSql, new { Ids = ids }, cancel);
        return rows.Count;
    }, cancel);

    static async Task AddAsync(Tx tx, Guid owner, Row[] rows, CancellationToken cancel)
    {
        var (oldest, newest) = (rows.Min(row => row.CreatedAt), rows.Max(row => row.CreatedAt));
        var last = await tx.FindAsync<OpenSegment>(LastSegmentSql, new { Owner = owner }, cancel);
        var segment = last is { Messages: < SegmentSize } open
            ? open.Segment
            : await tx.FindAsync<int>(NewSegmentSql, new { Owner = owner, Oldest = oldest, Newest = newest }, cancel);
        var words = rows.Select(WordsOf).ToArray();
        await tx.ExecuteAsync(
            InsertSql,
            new
            {
                Owner = owner,
                Segment = segment,
                Prefix = IndexMarks.Prefix(segment),
                Ids = rows.Select(row => row.MessageId).ToArray(),
                Conversations = rows.Select(row => row.ConversationId).ToArray(),
                Times = rows.Select(row => row.CreatedAt).ToArray(),
                Plain = words.Select(each => each.Plain).ToArray(),
                English = words.Select(each => each.English).ToArray(),
                Russian = words.Select(each => each.Russian).ToArray(),
                Arabic = words.Select(each => each.Arabic).ToArray(),
            },
            cancel);
        await tx.ExecuteAsync(FillSegmentSql, new { Segment = segment, Count = rows.Length, Oldest = oldest, Newest = newest }, cancel);
    }

    static IndexedWords WordsOf(Row row)
    {
        List<string> marks = [IndexMarks.Role(row.Role), IndexMarks.Conversation(row.ConversationId)];
        if (row.ModelId is not null)
            marks.Add(IndexMarks.Model(row.ModelId));
        if (row.HasImage)
            marks.Add(IndexMarks.Image);
        if (row.HasFile)
            marks.Add(IndexMarks.File);
        if (row.Text.Contains("```", StringComparison.Ordinal) || row.Text.Contains("~~~", StringComparison.Ordinal))
            marks.Add(IndexMarks.Code);
        return IndexedWords.Of(row.Files is null ? [row.Text] : [row.Text, row.Files], marks);
    }

    sealed record OpenSegment(int Segment, int Messages);

    sealed record Row(
        Guid MessageId, Guid ConversationId, Guid OwnerId, string Role, string? ModelId, DateTimeOffset CreatedAt, string Text,
        bool HasImage, bool HasFile, string? Files);
}
