using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Messages;

/// <summary>The versions of a message with all they say, to read them side by side.</summary>
internal static class ListSiblings
{
    public sealed record Response(IReadOnlyList<Message> Items);

    const int Most = 50;

    // The message itself is of a conversation the person may read; what follows the same parent then is, too.
    const string Sql = $"""
        select {MessageRow.Columns}
        from (
            select v.* from chat.message b join chat.conversation c on c.conversation_id = b.conversation_id
                join chat.message v on v.message_id = any({MessageRow.Siblings})
            where b.message_id = @Message and b.conversation_id = @Id and {ChatAccess.View}
            order by v.created_at desc, v.message_id desc limit @Most) b
        order by b.created_at, b.message_id
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}/messages/{messageId:guid}/siblings", Handle)
        .WithName("Chat_ListSiblings").WithSummary("The versions of a message, in the order they were made; of more than 50 the newest")
        .WithExample(response: new Response([Message.ExampleAnswer]));

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Guid id, Guid messageId, Caller caller, Db db, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<MessageRow>(Sql, new { Id = id, Message = messageId, Person = caller.UserId, Most }, cancel);
        return rows.Count == 0
            ? ChatErrors.MessageNotFound.ToProblem()
            : TypedResults.Ok(new Response(await MessageRow.ShowAsync(db, caller.UserId, rows, cancel)));
    }
}
