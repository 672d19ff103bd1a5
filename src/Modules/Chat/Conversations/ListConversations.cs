using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Conversations;

internal static class ListConversations
{
    const string OnePage = " and (@Before::timestamptz is null or (c.updated_at, c.conversation_id) < (@Before, @BeforeId)) order by c.updated_at desc, c.conversation_id desc limit @Take";

    // One statement per view, so that each is answered by its partial index.
    const string ActiveSql = ConversationSql.Select + " where c.owner_id = @Owner and c.deleted_at is null and c.archived_at is null" + OnePage;
    const string ArchivedSql = ConversationSql.Select + " where c.owner_id = @Owner and c.deleted_at is null and c.archived_at is not null" + OnePage;
    const string DeletedSql = ConversationSql.Select + " where c.owner_id = @Owner and c.deleted_at is not null" + OnePage;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations", Handle)
        .WithName("Chat_ListConversations").WithSummary("List conversations, the last used first")
        .WithExample(response: Page.Whole<ConversationSummary>([ConversationSummary.Example]));

    static async Task<Ok<Page<ConversationSummary>>> Handle(
        Caller caller, Db db, PageRequest page, CancellationToken cancel,
        [RegularExpression("^(active|archived|deleted)$")] string view = "active")
    {
        var sql = view switch
        {
            "archived" => ArchivedSql,
            "deleted" => DeletedSql,
            _ => ActiveSql,
        };
        var rows = await db.QueryAsync<ConversationSummary>(sql,
            new { Owner = caller.UserId, Before = page.At, BeforeId = page.Id, page.Take }, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.UpdatedAt, row.Id.Value)));
    }
}
