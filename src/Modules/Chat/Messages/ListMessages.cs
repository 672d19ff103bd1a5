using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Messages;

internal static class ListMessages
{
    // Walks from the head (or from the parent of the last message of the page before) towards the root: the cost is the page, not the
    // conversation. Siblings are asked for in two ways because "is not distinct from" is answered by no index.
    internal const string Sql = """
        with recursive branch as (
            select m.*, 1 as step
            from chat.conversation c join chat.message m on m.conversation_id = c.conversation_id
            where c.conversation_id = @Id and c.owner_id = @Owner
                and m.message_id = coalesce((select p.parent_id from chat.message p where p.message_id = @Before and p.conversation_id = c.conversation_id),
                    case when @Before::uuid is null then c.head_message_id end)
            union all
            select p.*, b.step + 1
            from branch b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p
            where b.step < @Take)
        select b.message_id as id, b.parent_id, b.role,
            case when b.status = 'streaming'
                then b.text || coalesce((select string_agg(k.text, '' order by k.at) from chat.turn_chunk k where k.turn_id = b.turn_id), '')
                else b.text end as text,
            b.language, b.model_id, b.status, b.error::text as error, b.created_at, b.turn_id,
            array_to_json(case when b.parent_id is null
                then array(select s.message_id from chat.message s where s.conversation_id = b.conversation_id and s.parent_id is null order by s.created_at, s.message_id)
                else array(select s.message_id from chat.message s where s.parent_id = b.parent_id order by s.created_at, s.message_id) end)::text as sibling_ids,
            b.actions::text as actions, b.citations::text as citations
        from branch b order by b.step
        """;

    const string OwnedSql = "select 1 from chat.conversation where conversation_id = @Id and owner_id = @Owner";

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/messages", Handle)
        .WithName("Chat_ListMessages").WithSummary("The messages of the shown branch, newest first")
        .WithExample(response: Page.Whole<Message>([Message.ExampleAnswer, Message.ExampleQuestion]));

    static async Task<Results<Ok<Page<Message>>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, PageRequest page, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Row>(Sql, new { Id = id, Owner = caller.UserId, Before = page.Id, page.Take }, cancel);
        if (rows.Count == 0 && await db.FindAsync<int?>(OwnedSql, new { Id = id, Owner = caller.UserId }, cancel) is null)
            return ChatErrors.ConversationNotFound.ToProblem();
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id.Value), row => row.ToMessage()));
    }

    sealed record Row(
        MessageId Id, MessageId? ParentId, string Role, string Text, string? Language, string? ModelId, string Status, string? Error,
        DateTimeOffset CreatedAt, TurnId? TurnId, string SiblingIds, string Actions, string Citations)
    {
        public Message ToMessage() => new(
            Id, ParentId, Role, Text, Language, ModelId, Status, ChatJson.Read<MessageError>(Error), CreatedAt, TurnId,
            ChatJson.Read<List<MessageId>>(SiblingIds)!, ChatJson.Read<List<ClientAction>>(Actions)!, ChatJson.Read<List<Citation>>(Citations)!);
    }
}
