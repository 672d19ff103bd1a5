using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Chat.Search;

/// <summary>Finds the messages of one conversation that share the most telling words with a text: a word tells the more, the fewer messages hold it.</summary>
internal sealed class WordsInConversation(Db db, Stems stems)
{
    /// <summary>Of the text; each is asked for in each segment that holds some of the conversation.</summary>
    const int MostTerms = 24;

    const string SegmentsSql = "select distinct segment from chat.message_index where conversation_id = @Conversation";

    // Inverse document frequency as in Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009). What more than a tenth of
    // the messages hold is what the conversation is about, and tells none of them from the others.
    const string FindSql = """
        with known as (select count(*) as messages from chat.message_index where conversation_id = @Conversation),
        hit as (
            select asked.term, i.message_id from unnest(@Terms::int[], @Queries::text[]) as asked (term, query)
                cross join lateral (select message_id from chat.message_index where words @@ asked.query::tsquery offset 0) i),
        weight as (
            select h.term, ln(1 + (k.messages - count(*) + 0.5) / (count(*) + 0.5)) as telling from hit h cross join known k
            group by h.term, k.messages having count(*) <= greatest(3, k.messages / 10))
        select h.message_id from hit h join weight w on w.term = h.term group by h.message_id order by sum(w.telling) desc, h.message_id desc limit @Most
        """;

    /// <summary>The best first. The caller has seen to it that whoever asks may read the conversation.</summary>
    internal async Task<IReadOnlyList<Guid>> FindAsync(ConversationId conversation, string text, int most, CancellationToken cancel)
    {
        var terms = await SearchQuery.TermsAsync(text, MostTerms, stems, cancel);
        if (terms.Count == 0)
            return [];
        // Row security lets no statement of a person use an index of words.
        using var scope = RowScope.Server();
        var segments = await db.QueryAsync<int>(SegmentsSql, new { Conversation = conversation }, cancel);
        var here = IndexMarks.Conversation(conversation.Value);
        var asked = segments.SelectMany(segment => terms.Select((term, place) => (Place: place, Query: SearchQuery.ForSegment(segment, term, here)))).ToList();
        return asked.Count == 0 ? [] : await db.QueryAsync<Guid>(
            FindSql, new { Conversation = conversation, Terms = asked.Select(each => each.Place).ToArray(), Queries = asked.Select(each => each.Query).ToArray(), Most = most }, cancel);
    }
}
