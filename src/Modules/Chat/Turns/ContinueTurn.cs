using System.ComponentModel.DataAnnotations;
using JeanTrail.Chat.Messages;
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

/// <summary>Takes up an answer again: where it broke off (continue), or from the beginning as a sibling (regenerate).</summary>
internal static class ContinueTurn
{
    public sealed record Request(
        [property: Required] Guid ClientId,
        [property: Required] Guid MessageId,
        [property: StringLength(200)] string? ModelId = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null);

    /// <param name="Together">
    /// Writes it beside what is being written in this conversation already, up to four at once: to compare models. What is shown stays.
    /// </param>
    public sealed record RegenerateRequest(
        [property: Required] Guid ClientId,
        [property: Required] Guid MessageId,
        [property: StringLength(200)] string? ModelId = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null,
        bool Together = false);

    const string AnswerSql = """
        select m.message_id as id, m.parent_id, m.role, m.status, m.text, m.model_id, p.text as question,
            chat.message_parts(m.message_id)::text as parts
        from chat.message m left join chat.message p on p.message_id = m.parent_id
        where m.message_id = @MessageId and m.conversation_id = @Id
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/conversations/{id:guid}/turns/continue",
                (Guid id, Request request, Caller caller, TurnStarter starter, TurnFollower follower, CancellationToken cancel)
                    => HandleAsync(id, request, grow: true, together: false, caller, starter, follower, cancel))
            .WithName("Chat_ContinueTurn").WithSummary("Continue an answer that broke off")
            .WithExample(new Request(ExampleTalk.ClientId, ExampleTalk.AnswerId.Value, TimeZone: ExampleTalk.TimeZone)).WithStreamEvents(TurnEvents.All);
        routes.MapPost("/conversations/{id:guid}/turns/regenerate",
                (Guid id, RegenerateRequest request, Caller caller, TurnStarter starter, TurnFollower follower, CancellationToken cancel)
                    => HandleAsync(
                        id, new(request.ClientId, request.MessageId, request.ModelId, request.Language, request.TimeZone), grow: false, request.Together,
                        caller, starter, follower, cancel))
            .WithName("Chat_RegenerateTurn").WithSummary("Answer again, beside the earlier answer")
            .WithExample(new RegenerateRequest(ExampleTalk.ClientId, ExampleTalk.AnswerId.Value, TimeZone: ExampleTalk.TimeZone)).WithStreamEvents(TurnEvents.All);
    }

    static async Task<Results<SseResult, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, bool grow, bool together, Caller caller, TurnStarter starter, TurnFollower follower, CancellationToken cancel)
    {
        var before = 0;
        var call = new TurnCall(new ConversationId(id), request.ClientId, null, new MessageId(request.MessageId), request.Language, request.TimeZone, together);
        var started = await starter.StartAsync(caller, call, Plan, cancel);
        return started.TryGet(out var turn, out var error)
            ? SseStream.Respond(follower.FollowAsync(turn, TurnCursor.After(before), cancel))
            : error.ToProblem();

        async Task<Result<TurnPlan>> Plan(Tx tx, LockedConversation conversation)
        {
            var answer = await tx.FindAsync<Answer>(AnswerSql, new { request.MessageId, conversation.Id }, cancel);
            if (answer is null)
                return ChatErrors.MessageNotFound;
            if (answer.Role != "assistant" || answer.ParentId is not { } question)
                return ChatErrors.NotAnAnswer;
            if (!grow)
                return new TurnPlan(question, null, answer.Question ?? "", null, request.ModelId ?? conversation.ModelId, "");
            if (answer.Status == "complete")
                return ChatErrors.NothingToContinue;
            before = answer.Text.Length;
            return new TurnPlan(question, null, answer.Question ?? "", answer.Id, request.ModelId ?? answer.ModelId ?? conversation.ModelId, answer.Text) { PartsBefore = PartJson.ReadAll(answer.Parts) };
        }
    }

    sealed record Answer(MessageId Id, MessageId? ParentId, string Role, string Status, string Text, string? ModelId, string? Question, string Parts);
}
