using JeanTrail.Chat.Messages;
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

namespace JeanTrail.Chat.Private;

/// <summary>The messages of the shown branch, as sealed boxes.</summary>
internal static class PrivateMessages
{
    /// <param name="Role"><c>user assistant</c>.</param>
    /// <param name="Status"><c>complete streaming stopped interrupted failed</c>.</param>
    /// <param name="Box">Sealed for <c>message:{id}</c>, as base64; null while all of it is in the pieces.</param>
    /// <param name="Pieces">What its turn added to the box: it runs, or its server was lost.</param>
    /// <param name="SiblingIds">What follows the same message, this one among them, in the order they were made.</param>
    public sealed record Sealed(
        MessageId Id, MessageId? ParentId, string Role, string Status, string? ModelId, string? Box, IReadOnlyList<Piece> Pieces, IReadOnlyList<MessageId> SiblingIds,
        TurnId? TurnId, DateTimeOffset CreatedAt);

    /// <param name="Box">Sealed for <c>piece:{turn}:{number}</c>, as base64.</param>
    public sealed record Piece(int Number, string Box);

    // Walks from the head towards the root: the cost is the page.
    const string Sql = """
        with recursive branch as (
            select m.*, 1 as step
            from chat.private_conversation c join chat.private_message m on m.conversation_id = c.conversation_id
            where c.conversation_id = @Id and c.owner_id = @Owner
                and m.message_id = coalesce((select p.parent_id from chat.private_message p where p.message_id = @Before and p.conversation_id = c.conversation_id),
                    case when @Before::uuid is null then c.head_message_id end)
            union all
            select p.*, b.step + 1
            from branch b cross join lateral (select * from chat.private_message m where m.message_id = b.parent_id offset 0) p
            where b.step < @Take)
        select b.message_id as id, b.parent_id, b.role, b.status, b.model_id, translate(encode(b.box, 'base64'), e'\n', '') as box, b.turn_id, b.created_at,
            coalesce((select json_agg(json_build_object('number', p.number, 'box', translate(encode(p.box, 'base64'), e'\n', '')) order by p.number)
                from chat.private_piece p where p.turn_id = b.turn_id and b.role = 'assistant'), '[]')::text as pieces,
            array_to_json(case when b.parent_id is null
                then array(select s.message_id from chat.private_message s where s.conversation_id = b.conversation_id and s.parent_id is null order by s.created_at, s.message_id)
                else array(select s.message_id from chat.private_message s where s.parent_id = b.parent_id order by s.created_at, s.message_id) end)::text as sibling_ids
        from branch b order by b.step
        """;

    const string SeenSql = "select 1 from chat.private_conversation where conversation_id = @Id and owner_id = @Owner";

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/private/conversations/{id:guid}/messages", Handle)
        .WithName("Chat_ListPrivateMessages").WithSummary("The messages of the shown branch of a private conversation, newest first, sealed")
        .WithExample(response: Page.Whole<Sealed>(
        [
            new(ExampleTalk.AnswerId, ExampleTalk.QuestionId, "assistant", "complete", ExampleTalk.ModelId, PrivateConversations.ExampleBox, [], [ExampleTalk.AnswerId], ExampleTalk.Turn, ExampleTalk.AskedAt),
            new(ExampleTalk.QuestionId, null, "user", "complete", null, PrivateConversations.ExampleBox, [], [ExampleTalk.QuestionId], ExampleTalk.Turn, ExampleTalk.AskedAt),
        ]));

    static async Task<Results<Ok<Page<Sealed>>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, PageRequest page, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Row>(Sql, new { Id = id, Owner = caller.UserId, Before = page.Id, page.Take }, cancel);
        if (rows.Count == 0 && await db.FindAsync<int?>(SeenSql, new { Id = id, Owner = caller.UserId }, cancel) is null)
            return ChatErrors.ConversationNotFound.ToProblem();
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id.Value), row => row.Shown()));
    }

    sealed record Row(
        MessageId Id, MessageId? ParentId, string Role, string Status, string? ModelId, string? Box, TurnId? TurnId, DateTimeOffset CreatedAt, string Pieces, string SiblingIds)
    {
        internal Sealed Shown()
            => new(Id, ParentId, Role, Status, ModelId, Box, ChatJson.Read<List<Piece>>(Pieces)!, ChatJson.Read<List<MessageId>>(SiblingIds)!, TurnId, CreatedAt);
    }
}
