using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Search;

/// <summary>Where a found message stands, so that a client can go there: it pages from the newest and must know how far.</summary>
internal static class FindPlace
{
    /// <param name="Newer">How many messages of the shown branch follow it; null when it is on another branch.</param>
    public sealed record Response(int? Newer);

    const string SeenSql = $"""
        select m.created_at from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where m.message_id = @MessageId and c.conversation_id = @Id and {ChatAccess.View}
        """;

    // From the head towards the root. Nothing follows what is older than it, so the walk ends there also when it is on another branch.
    const string WalkSql = $"""
        with recursive branch as (
            select m.message_id, m.parent_id, m.created_at, 0 as step
            from chat.conversation c join chat.message m on m.message_id = c.head_message_id
            where c.conversation_id = @Id and {ChatAccess.View}
            union all
            select p.message_id, p.parent_id, p.created_at, b.step + 1
            from branch b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p
            where b.message_id <> @MessageId and b.created_at >= @At)
        select step from branch where message_id = @MessageId
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/messages/{messageId:guid}/place", Handle)
        .WithName("Chat_FindPlace").WithSummary("How far from the newest a message of the shown branch is")
        .WithExample(response: new Response(42));

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Guid messageId, Caller caller, Db db, CancellationToken cancel)
    {
        var keys = new { Id = id, MessageId = messageId, Person = caller.UserId };
        return await db.FindAsync<DateTimeOffset?>(SeenSql, keys, cancel) is { } at
            ? TypedResults.Ok(new Response(await db.FindAsync<int?>(WalkSql, new { keys.Id, keys.MessageId, keys.Person, At = at }, cancel)))
            : ChatErrors.MessageNotFound.ToProblem();
    }
}
