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
/// answers a newcomer who asks; a window that was not heard of for a minute is gone. The same goes for where somebody is in a text that is written
/// together: windows understand each other's carets, the server hands them on.
/// </summary>
internal static class Presence
{
    /// <param name="WindowId">One window of the person, made by it.</param>
    /// <param name="State"><c>here typing away gone</c>.</param>
    /// <param name="Draft">Which text they are writing: the id of a message, or that of the conversation for the question to come.</param>
    /// <param name="Ask">Whether the others shall say what they are doing.</param>
    /// <param name="Number">Counts what the window says. Requests overtake each other, and what it said before is passed over by whoever knows a later one.</param>
    /// <param name="Caret">Where they are in that text, without which it means nothing. Of somebody who may only read it is not told.</param>
    public sealed record Request(
        [property: Required] Guid WindowId,
        [property: Required, RegularExpression("^(here|typing|away|gone)$")] string State,
        Guid? Draft = null,
        bool Ask = false,
        int Number = 0,
        Caret? Caret = null);

    /// <summary>Two places in a text, which stay where they are in its words whatever is written around them.</summary>
    /// <param name="Anchor">Where the selection began: a Yjs relative position, as base64.</param>
    /// <param name="Head">Where the caret is, the same way. Equal to the anchor where nothing is selected.</param>
    public sealed record Caret(
        [property: Required, Base64String, StringLength(400)] string Anchor,
        [property: Required, Base64String, StringLength(400)] string Head);

    const string Sql = $"""
        select c.live_version, {ChatAccess.Edit} as may_write from chat.conversation c where c.conversation_id = @Id and {ChatAccess.View}
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/presence", Handle)
        .WithName("Chat_SayPresence").WithSummary("Tell the people of a conversation what one is doing in it: the event chat.presence")
        .WithExample(new Request(ExampleTalk.ClientId, "typing", ExampleTalk.Conversation.Value, Caret: new("AbPX/QkEAA==", "AbPX/QkJAA==")));

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, ConversationNews news, CancellationToken cancel)
    {
        if (request is { Caret: not null, Draft: null })
            return ChatErrors.CaretWithoutDraft.ToProblem();
        if (await db.FindAsync<Found>(Sql, new { Id = id, Person = caller.UserId }, cancel) is not { } found)
            return ChatErrors.ConversationNotFound.ToProblem();
        await news.TellAsync(
            id, found.LiveVersion, "chat.presence",
            new
            {
                conversationId = id,
                userId = caller.UserId,
                windowId = request.WindowId,
                state = request.State,
                draft = request.Draft,
                ask = request.Ask,
                number = request.Number,
                // Dropped and not refused: whose role was just taken back is still here, and their window learns of it a moment later.
                caret = found.MayWrite ? request.Caret : null,
            },
            cancel);
        return TypedResults.NoContent();
    }

    sealed record Found(int LiveVersion, bool MayWrite);
}
