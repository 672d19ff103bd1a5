using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Search;

/// <summary>A message that the index found.</summary>
internal sealed record Candidate(Guid MessageId, DateTimeOffset CreatedAt)
{
    internal static readonly Comparer<Candidate> NewestFirst = Comparer<Candidate>.Create((left, right) => left.CreatedAt != right.CreatedAt
        ? right.CreatedAt.CompareTo(left.CreatedAt)
        : UuidOrder.Compare(right.MessageId, left.MessageId));
}

/// <summary>PostgreSQL orders UUIDs by their bytes, as they are written.</summary>
internal static class UuidOrder
{
    internal static readonly Guid Last = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    internal static int Compare(Guid left, Guid right)
    {
        Span<byte> lefts = stackalloc byte[16], rights = stackalloc byte[16];
        left.TryWriteBytes(lefts, bigEndian: true, out _);
        right.TryWriteBytes(rights, bigEndian: true, out _);
        return lefts.SequenceCompareTo(rights);
    }
}

/// <param name="Found">Newest first; no more than were asked for.</param>
/// <param name="Edge">Everything after it was looked at; null when everything was.</param>
internal sealed record Candidates(IReadOnlyList<Candidate> Found, DateTimeOffset? Edge);

/// <summary>
/// Asks a person's segments, and those that hold what others share with them, for what matches, from the newest on, and stops when there is enough or time is up. Segments may overlap in time
/// (after an import, say), so something counts as found only when nothing newer can be in those that are left.
/// </summary>
internal sealed class SegmentWalk(Db db, TimeProvider clock)
{
    /// <summary>Segments asked at once; few first, because common words are found there.</summary>
    static readonly int[] Steps = [2, 6, 24, 64];

    const string SegmentsSql = """
        select segment as id, newest_at from chat.search_segment
        where (owner_id = @Owner or segment = any(@Shared)) and oldest_at <= @Before and newest_at >= @After order by newest_at desc, segment desc
        """;

    // The inner offset keeps everything but the words from the planner: it would walk all messages in their order, hoping to meet enough that match,
    // or read the index of that order whole to narrow down what the words have found. A segment's words are its owner's, and of shared ones the
    // question names the conversations.
    const string FindSql = """
        select found.message_id, found.created_at
        from unnest(@Queries::text[]) query cross join lateral (
            select i.message_id, i.created_at
            from (select message_id, segment, owner_id, created_at from chat.message_index where words @@ query::tsquery offset 0) i
            where (i.owner_id = @Owner or i.segment = any(@Shared)) and i.created_at >= @After and (i.created_at, i.message_id) < (@Before, @BeforeId)
            order by i.created_at desc, i.message_id desc limit @Most) found
        order by found.created_at desc, found.message_id desc limit @Most
        """;

    /// <param name="question">What to ask a segment; null leaves it out.</param>
    /// <param name="shared">Segments of others, of which questions name the conversations that the person may read.</param>
    /// <param name="before">Only what is older than this place.</param>
    /// <param name="enough">How many are wanted, and no more than how many are counted.</param>
    internal async Task<Candidates> FindAsync(
        UserId owner, Func<int, string?> question, int[] shared, DateTimeOffset after, (DateTimeOffset At, Guid Id) before, int enough, long deadline, CancellationToken cancel)
    {
        // Row security keeps a person's statements from using an index of words, because the comparison is not marked as one that tells nothing
        // about rows it refuses. These give ids of what the person may read; their texts are read in the person's own scope.
        using var scope = RowScope.Server();
        var segments = await db.QueryAsync<Segment>(SegmentsSql, new { Owner = owner, Shared = shared, Before = before.At, After = after }, cancel);
        var found = new List<Candidate>();
        for (int at = 0, step = 0; at < segments.Count; step++)
        {
            var next = Math.Min(segments.Count, at + Steps[Math.Min(step, Steps.Length - 1)]);
            string[] queries = [.. Enumerable.Range(at, next - at).Select(i => question(segments[i].Id)).OfType<string>()];
            if (queries.Length > 0)
                found.AddRange(await db.QueryAsync<Candidate>(
                    FindSql, new { Queries = queries, Owner = owner, Shared = shared, After = after, Before = before.At, BeforeId = before.Id, Most = enough }, cancel));
            at = next;
            if (at == segments.Count)
                break;
            // What is left may be newer than this.
            var edge = segments[at].NewestAt;
            if (edge >= before.At)
                continue;
            var sure = found.Count(each => each.CreatedAt > edge);
            if (sure >= enough || clock.GetTimestamp() > deadline)
                return new Candidates([.. found.Where(each => each.CreatedAt > edge).Order(Candidate.NewestFirst).Take(enough)], edge);
        }

        return new Candidates([.. found.Order(Candidate.NewestFirst).Take(enough)], null);
    }

    sealed record Segment(int Id, DateTimeOffset NewestAt);
}
