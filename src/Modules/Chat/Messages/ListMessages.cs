using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Messages;

internal static class ListMessages
{
    // Walks from the head (or from the parent of the last message of the page before) towards the root: the cost is the page, not the
    // conversation. "offset 0" keeps each step a look-up by key: joined, the planner reads the whole conversation to find its end.
    internal const string Sql = $"""
        with recursive branch as (
            select m.*, 1 as step
            from chat.conversation c cross join lateral (
                select * from chat.message l
                where l.message_id = case when @Before::uuid is null then c.head_message_id
                    else (select p.parent_id from chat.message p where p.message_id = @Before and p.conversation_id = c.conversation_id) end
                offset 0) m
            where c.conversation_id = @Id and {ChatAccess.View} and m.conversation_id = c.conversation_id
            union all
            select p.*, b.step + 1
            from branch b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p
            where b.step < @Take)
        select {MessageRow.Columns}
        from branch b order by b.step
        """;

    const string SeenSql = "select 1 from chat.conversation c where c.conversation_id = @Id and " + ChatAccess.View;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/messages", Handle)
        .WithName("Chat_ListMessages").WithSummary("The messages of the shown branch, newest first")
        .WithExample(response: Page.Whole<Message>([Message.ExampleAnswer, Message.ExampleQuestion]));

    static async Task<Results<Ok<Page<Message>>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, PageRequest page, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<MessageRow>(Sql, new { Id = id, Person = caller.UserId, Before = page.Id, page.Take }, cancel);
        if (rows.Count == 0 && await db.FindAsync<int?>(SeenSql, new { Id = id, Person = caller.UserId }, cancel) is null)
            return ChatErrors.ConversationNotFound.ToProblem();
        var shown = (await MessageRow.ShowAsync(db, caller.UserId, [.. rows.Take(page.Limit)], cancel)).ToDictionary(message => message.Id);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id.Value), row => shown[row.Id]));
    }
}
