using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Paging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Search;

/// <summary>
/// A search, from the words to a page of results: the index gives candidates, newest first; what is still there and passes is read, until the
/// page is full, everything was looked at, or the time that a search may take is over. A page says how far it looked.
/// </summary>
internal sealed class MessageSearch(
    Stems stems, SearchedConversations conversations, SegmentWalk segments, FoundMessages messages, MeaningSearch meanings, Snippets snippets,
    IOptions<ChatOptions> options, TimeProvider clock)
{
    /// <summary>As much as is counted.</summary>
    const int MostCounted = 100;

    static readonly Task<IReadOnlyList<Guid>?> NoMeaning = Task.FromResult<IReadOnlyList<Guid>?>(null);

    static readonly string[] AnyRole = [IndexMarks.Role("user"), IndexMarks.Role("assistant")];

    internal async Task<SearchMessages.Response> FindAsync(
        UserId owner, string text, SearchFilter filter, PageRequest page, bool meaning, CancellationToken cancel)
    {
        // PostgreSQL keeps no NUL in a text.
        text = text.Replace("\0", "", StringComparison.Ordinal);
        var deadline = clock.GetTimestamp() + (long)(options.Value.SearchTime.TotalSeconds * clock.TimestampFrequency);
        var scope = await conversations.FindAsync(owner, filter, cancel);
        // Beside the words, and only for the first page: what is near has no order in time.
        var near = meaning && page.Cursor is null && filter.Has is null && !string.IsNullOrWhiteSpace(text)
            ? meanings.FindAsync(owner, text, [.. scope.Shared.SelectMany(segment => segment).Distinct()], cancel)
            : NoMeaning;
        var query = await SearchQuery.ReadAsync(text, stems, cancel);
        var ask = Question(query, filter, scope);
        var read = new List<FoundMessage>();
        var place = Start(filter, page);
        (DateTimeOffset At, Guid Id)? next = place;
        var (counted, whole) = (0, false);
        DateTimeOffset? edge = null;
        do
        {
            var candidates = await segments.FindAsync(owner, ask, scope.SharedSegments, filter.From ?? DateTimeOffset.MinValue, place, MostCounted, deadline, cancel);
            edge = candidates.Edge;
            whole = edge is null && candidates.Found.Count < MostCounted;
            counted += candidates.Found.Count;
            foreach (var some in candidates.Found.Chunk(page.Limit + page.Limit / 2))
            {
                var passing = (await messages.ReadAsync(owner, some.Select(each => each.MessageId), filter, cancel)).Where(each => Snippets.HasPhrases(each.Text, query.Phrases));
                read.AddRange(passing);
                if (read.Count > page.Limit)
                    break;
            }

            place = candidates.Found.Count == MostCounted ? (candidates.Found[^1].CreatedAt, candidates.Found[^1].MessageId) : (edge ?? default, UuidOrder.Last);
            next = whole ? null : place;
        }
        while (!whole && read.Count < page.Limit && clock.GetTimestamp() < deadline);

        if (read.Count > page.Limit)
        {
            read.RemoveRange(page.Limit, read.Count - page.Limit);
            next = (read[^1].CreatedAt, read[^1].MessageId);
        }

        if (await near is { } ids)
            return await FuseAsync(owner, query, filter, read, ids, next, Math.Min(counted, MostCounted), whole, edge, cancel);
        return read.Count == 0 && whole && page.Cursor is null && text.Trim() is { Length: > 2 } letters && filter == SearchFilter.None
            ? await WithLettersAsync(owner, letters, page.Limit, cancel)
            : await RespondAsync(query, read, next, Math.Min(counted, MostCounted), whole, edge, cancel);
    }

    static (DateTimeOffset At, Guid Id) Start(SearchFilter filter, PageRequest page) => page.Cursor is { } cursor
        ? (cursor.At, cursor.Id)
        : (filter.To ?? DateTimeOffset.MaxValue, Guid.Empty);

    static Func<int, string?> Question(SearchQuery query, SearchFilter filter, SearchScope scope)
    {
        List<string[]> marks = [.. filter.Marks().Select(mark => new[] { mark })];
        if (marks.Count == 0 && query.Terms.Count == 0)
            marks.Add(AnyRole);
        return segment => scope.In(segment) is not { } named ? query.ForSegment(segment, marks)
            : named.Select(IndexMarks.Conversation).ToArray() is { Length: > 0 } some ? query.ForSegment(segment, [.. marks, some])
            : null;
    }

    async Task<SearchMessages.Response> RespondAsync(
        SearchQuery query, List<FoundMessage> read, (DateTimeOffset At, Guid Id)? next, int found, bool whole, DateTimeOffset? edge, CancellationToken cancel)
    {
        var shown = await snippets.CutAsync(query, [.. read.Select(each => each.Text)], cancel);
        return new(
            [.. read.Zip(shown, (each, snippet) => ItemOf(each, "words", snippet))],
            next is { } place ? new Cursor(place.At, place.Id).ToString() : null,
            next is null ? read.Count : found, whole, edge, Meaning: false);
    }

    /// <summary>
    /// One list of two, by reciprocal rank. All that the words found
    /// on this page stays on it, so that the pages after it need not know.
    /// </summary>
    async Task<SearchMessages.Response> FuseAsync(
        UserId owner, SearchQuery query, SearchFilter filter, List<FoundMessage> byWords, IReadOnlyList<Guid> near,
        (DateTimeOffset At, Guid Id)? next, int found, bool whole, DateTimeOffset? edge, CancellationToken cancel)
    {
        var byMeaning = (await messages.ReadAsync(owner, near, filter, cancel)).Where(filter.Passes).ToDictionary(each => each.MessageId);
        var words = byWords.ToDictionary(each => each.MessageId);
        var ranks = ReciprocalRank.Of(byWords.Select(each => each.MessageId), near.Where(byMeaning.ContainsKey));
        var fused = ranks.Select(each => (
                Message: words.GetValueOrDefault(each.Key) ?? byMeaning[each.Key], Score: each.Value,
                By: !words.ContainsKey(each.Key) ? "meaning" : byMeaning.ContainsKey(each.Key) ? "both" : "words"))
            .OrderByDescending(each => each.Score).ThenByDescending(each => each.Message.CreatedAt).ToList();
        var shown = await snippets.CutAsync(query, [.. fused.Select(each => each.Message.Text)], cancel);
        return new(
            [.. fused.Zip(shown, (each, snippet) => ItemOf(each.Message, each.By, snippet))],
            next is { } place ? new Cursor(place.At, place.Id).ToString() : null,
            next is null ? fused.Count : found, whole, edge, Meaning: true);
    }

    /// <summary>No word is like it: a piece of a word, then, or of code.</summary>
    async Task<SearchMessages.Response> WithLettersAsync(UserId owner, string letters, int limit, CancellationToken cancel)
    {
        var read = await messages.WithLettersAsync(owner, letters, limit, cancel);
        return new([.. read.Select(each => ItemOf(each, "letters", Snippets.CutLetters(each.Text, letters)))], null, read.Count, false, null, Meaning: false);
    }

    static SearchMessages.Item ItemOf(FoundMessage message, string by, Snippet snippet) => new(
        new ConversationId(message.ConversationId), message.Title, new MessageId(message.MessageId), message.Role, message.ModelId, message.CreatedAt, by,
        snippet.Text, snippet.Highlights);
}
