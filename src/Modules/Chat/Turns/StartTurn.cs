using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Turns;

/// <summary>The person says something: store it and the turn in one transaction, then answer with the turn's stream.</summary>
internal static class StartTurn
{
    /// <param name="ClientId">Made by the client; sending it again returns the same turn.</param>
    /// <param name="ParentMessageId">What it follows; absent for the head of the shown branch.</param>
    /// <param name="Language">Interface language, when it differs from the stored preference.</param>
    /// <param name="TimeZone">IANA zone of the device.</param>
    public sealed record Request(
        [property: Required] Guid ClientId,
        [property: Required, StringLength(100_000, MinimumLength = 1)] string Text,
        Guid? ParentMessageId = null,
        [property: StringLength(200)] string? ModelId = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null);

    const string ParentSql = "select 1 from chat.message where message_id = @Parent and conversation_id = @Id";

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/turns", Handle)
        .WithName("Chat_StartTurn").WithSummary("Say something and follow the answer")
        .WithExample(new Request(ExampleTalk.ClientId, ExampleTalk.Question, TimeZone: ExampleTalk.TimeZone)).WithStreamEvents(TurnEvents.All);

    static async Task<Results<SseResult, ProblemHttpResult>> Handle(Guid id, Request request, Caller caller, TurnStarter starter, TurnFollower follower, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(request.Text))
            return KernelErrors.BadRequest("The message is empty.").ToProblem();

        MessageId? after = request.ParentMessageId is { } given ? new MessageId(given) : null;
        var call = new TurnCall(new ConversationId(id), request.ClientId, after, null, request.Language, request.TimeZone);
        var started = await starter.StartAsync(caller, call, Plan, cancel);
        return started.TryGet(out var turn, out var error) ? SseStream.Respond(follower.FollowAsync(turn, TurnCursor.Start, cancel)) : error.ToProblem();

        async Task<Result<TurnPlan>> Plan(Tx tx, LockedConversation conversation)
        {
            if (after is not null && await tx.FindAsync<int?>(ParentSql, new { Parent = after, conversation.Id }, cancel) is null)
                return ChatErrors.MessageNotFound;
            return new TurnPlan(null, after ?? conversation.HeadMessageId, request.Text, null, request.ModelId ?? conversation.ModelId, "");
        }
    }
}
