using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Conversations;

internal static class GetConversation
{
    const string Sql = ConversationSql.Select + " where c.conversation_id = @Id and " + ChatAccess.View;

    internal static void Map(RouteGroupBuilder routes) => routes.MapGet("/conversations/{id:guid}", Handle)
        .WithName("Chat_GetConversation").WithSummary("One conversation")
        .WithExample(response: ConversationSummary.Example);

    static async Task<Results<Ok<ConversationSummary>, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<ConversationRow>(Sql, new { Id = id, Person = caller.UserId }, cancel) is { } found
            ? TypedResults.Ok(found.ToSummary())
            : ChatErrors.ConversationNotFound.ToProblem();
}
