using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Together;

/// <summary>
/// Who has a conversation open right now. Nothing of it is kept: every window says what it is doing when that changes and twice a minute, and
/// answers a newcomer who asks; a window that was not heard of for a minute is gone.
/// </summary>
internal static class Presence
{
    /// <param name="WindowId">One window of the person, made by it.</param>
    /// <param name="State"><c>here typing away gone</c>.</param>
    /// <param name="Draft">Which text they are writing: the id of a message, or that of the conversation for the question to come.</param>
    /// <param name="Ask">Whether the others shall say what they are doing.</param>
    public sealed record Request(
        [property: Required] Guid WindowId,
        [property: Required, RegularExpression("^(here|typing|away|gone)$")] string State,
        Guid? Draft = null,
        bool Ask = false);

    const string Sql = $"select c.live_version from chat.conversation c where c.conversation_id = @Id and {ChatAccess.View}";

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/presence", Handle)
        .WithName("Chat_SayPresence").WithSummary("Tell the people of a conversation what one is doing in it: the event chat.presence")
        .WithExample(new Request(ExampleTalk.ClientId, "typing", ExampleTalk.Conversation.Value));

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, ConversationNews news, CancellationToken cancel)
    {
        if (await db.FindAsync<int?>(Sql, new { Id = id, Person = caller.UserId }, cancel) is not { } version)
            return ChatErrors.ConversationNotFound.ToProblem();
        await news.TellAsync(
            id, version, "chat.presence",
            new { conversationId = id, userId = caller.UserId, windowId = request.WindowId, state = request.State, draft = request.Draft, ask = request.Ask }, cancel);
        return TypedResults.NoContent();
    }
}
