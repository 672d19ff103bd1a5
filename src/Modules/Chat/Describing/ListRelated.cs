using JeanTrail.Chat.Conversations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Describing;

/// <summary>Conversations about the same things, as far as shared words tell.</summary>
internal static class ListRelated
{
    const int Most = 6;

    const string OwnedSql = "select terms from chat.conversation_words where conversation_id = @Id and owner_id = @Owner";

    // Two shared words at least, and among a thousand: a word that everything shares relates nothing.
    const string RelatedSql = """
        select near.conversation_id from (
            select w.conversation_id, (select count(*) from unnest(w.terms) term where term = any(@Terms::text[])) as shared
            from chat.conversation_words w where w.words @@ @Query::tsquery and w.owner_id = @Owner and w.conversation_id <> @Id limit 1000) near
            join chat.conversation c on c.conversation_id = near.conversation_id
        where near.shared > 1 and c.deleted_at is null
        order by near.shared desc, c.updated_at desc, c.conversation_id desc limit @Most
        """;

    const string ReadSql = ConversationSql.Select + """
         where c.conversation_id = any(@Ids::uuid[]) and c.owner_id = @Owner order by array_position(@Ids::uuid[], c.conversation_id)
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/related", Handle)
        .WithName("Chat_ListRelatedConversations").WithSummary("Conversations about the same things")
        .WithExample(response: Page.Whole<ConversationSummary>([ConversationSummary.Example]));

    static async Task<Results<Ok<Page<ConversationSummary>>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, CancellationToken cancel)
    {
        if (await db.FindAsync<string[]>(OwnedSql, new { Id = id, Owner = caller.UserId }, cancel) is not { } terms)
            return ChatErrors.ConversationNotFound.ToProblem();
        if (terms.Length == 0)
            return TypedResults.Ok(Page.Whole<ConversationSummary>([]));
        var query = string.Join(" | ", terms.Select(term => Search.SearchQuery.Lexeme($"{caller.UserId.Value}/", "~" + term)));
        IReadOnlyList<Guid> ids;
        // Row security keeps a person's statements from using an index of words. This one gives ids of the owner's alone.
        using (RowScope.Server())
            ids = await db.QueryAsync<Guid>(RelatedSql, new { Id = id, Owner = caller.UserId, Terms = terms, Query = query, Most }, cancel);
        var rows = await db.QueryAsync<ConversationRow>(ReadSql, new { Ids = ids.ToArray(), Owner = caller.UserId, Person = caller.UserId }, cancel);
        return TypedResults.Ok(Page.Whole<ConversationSummary>([.. rows.Select(row => row.ToSummary())]));
    }
}
