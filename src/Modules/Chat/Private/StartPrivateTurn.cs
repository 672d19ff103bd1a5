using System.ComponentModel.DataAnnotations;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
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

namespace JeanTrail.Chat.Private;

/// <summary>
/// Turns of a private conversation: something said, said in other words, answered again, gone on with. The browser sends what was said before,
/// which only it can read; the answer goes to it in plain, over the connection that asked, and to the database sealed.
/// </summary>
internal static class StartPrivateTurn
{
    /// <summary>Something said before.</summary>
    /// <param name="Role"><c>user assistant</c>.</param>
    public sealed record Said([property: Required, RegularExpression("^(user|assistant)$")] string Role, [property: Required(AllowEmptyStrings = true), StringLength(1_000_000)] string Text);

    /// <param name="ClientId">Made by the client; sending it again returns the same turn.</param>
    /// <param name="Way">What was said before, oldest first: as much of its end as the model may be told.</param>
    /// <param name="ParentMessageId">What it follows; absent at the beginning.</param>
    public sealed record Request(
        [property: Required] Guid ClientId,
        [property: Required, StringLength(100_000)] string Text,
        [property: Required, MaxLength(200)] IReadOnlyList<Said> Way,
        Guid? ParentMessageId = null,
        [property: StringLength(200)] string? ModelId = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null);

    /// <param name="Way">To the question that is answered, which is its last.</param>
    /// <param name="MessageId">The answer beside which another is wanted.</param>
    public sealed record AgainRequest(
        [property: Required] Guid ClientId,
        [property: Required] Guid MessageId,
        [property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<Said> Way,
        [property: StringLength(200)] string? ModelId = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null);

    /// <param name="MessageId">The answer that broke off.</param>
    /// <param name="TurnId">Its turn, as it was read: what has gone on since is not overwritten.</param>
    /// <param name="Text">What it has come to.</param>
    /// <param name="Parts">As they were opened.</param>
    public sealed record ContinueRequest(
        [property: Required] Guid ClientId,
        [property: Required] Guid MessageId,
        [property: Required] Guid TurnId,
        [property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<Said> Way,
        [property: Required(AllowEmptyStrings = true), StringLength(1_000_000)] string Text,
        [property: MaxLength(200)] IReadOnlyList<MessagePart>? Parts = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null);

    const string ParentSql = "select role from chat.private_message where message_id = @Parent and conversation_id = @Id";

    const string AnswerSql = """
        select m.message_id as id, m.parent_id, m.role, m.status, m.turn_id, m.model_id from chat.private_message m where m.message_id = @MessageId and m.conversation_id = @Id
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        var turns = routes.MapGroup("/private/conversations/{id:guid}/turns");
        turns.MapPost("", StartAsync)
            .WithName("Chat_StartPrivateTurn").WithSummary("Say something in a private conversation and follow the answer")
            .WithExample(new Request(ExampleTalk.ClientId, ExampleTalk.Question, [], TimeZone: ExampleTalk.TimeZone)).WithStreamEvents(FollowPrivateTurn.Events);
        turns.MapPost("/regenerate", AgainAsync)
            .WithName("Chat_RegeneratePrivateTurn").WithSummary("Answer again, beside the earlier answer")
            .WithExample(new AgainRequest(ExampleTalk.ClientId, ExampleTalk.AnswerId.Value, [new Said("user", ExampleTalk.Question)])).WithStreamEvents(FollowPrivateTurn.Events);
        turns.MapPost("/continue", ContinueAsync)
            .WithName("Chat_ContinuePrivateTurn").WithSummary("Continue an answer that broke off")
            .WithExample(new ContinueRequest(
                ExampleTalk.ClientId, ExampleTalk.AnswerId.Value, ExampleTalk.Turn.Value, [new Said("user", ExampleTalk.Question)], "Begin at the")).WithStreamEvents(FollowPrivateTurn.Events);
    }

    static Task<Results<SseResult, ProblemHttpResult>> StartAsync(
        Guid id, Request request, Caller caller, PrivateTurnStarter starter, PrivateTurnReader reader, CancellationToken cancel)
    {
        return AnswerAsync(id, request.ClientId, request.Way, request.ModelId, request.Language, request.TimeZone, caller, starter, reader, Plan, cancel);

        async Task<Result<PrivatePlan>> Plan(Tx tx, LockedPrivate conversation)
        {
            if (request.ParentMessageId is { } parent)
            {
                if (await tx.FindAsync<string>(ParentSql, new { Parent = parent, conversation.Id }, cancel) is not { } role)
                    return ChatErrors.MessageNotFound;
                if (role != "assistant")
                    return ChatErrors.NotAnAnswer;
            }

            MessageId? after = request.ParentMessageId is { } given ? new MessageId(given) : null;
            return new PrivatePlan(null, after, TurnBuffer.Clean(request.Text), null, request.ModelId);
        }
    }

    static Task<Results<SseResult, ProblemHttpResult>> AgainAsync(
        Guid id, AgainRequest request, Caller caller, PrivateTurnStarter starter, PrivateTurnReader reader, CancellationToken cancel)
    {
        return AnswerAsync(id, request.ClientId, request.Way, request.ModelId, request.Language, request.TimeZone, caller, starter, reader, Plan, cancel);

        async Task<Result<PrivatePlan>> Plan(Tx tx, LockedPrivate conversation)
            => (await FindAsync(tx, conversation, request.MessageId, cancel)).TryGet(out var answer, out var refused)
                ? new PrivatePlan(answer.ParentId, null, null, null, request.ModelId)
                : refused;
    }

    static Task<Results<SseResult, ProblemHttpResult>> ContinueAsync(
        Guid id, ContinueRequest request, Caller caller, PrivateTurnStarter starter, PrivateTurnReader reader, CancellationToken cancel)
    {
        return AnswerAsync(id, request.ClientId, request.Way, null, request.Language, request.TimeZone, caller, starter, reader, Plan, cancel);

        async Task<Result<PrivatePlan>> Plan(Tx tx, LockedPrivate conversation)
        {
            if (!(await FindAsync(tx, conversation, request.MessageId, cancel)).TryGet(out var answer, out var refused))
                return refused;
            if (answer.Status == "complete")
                return ChatErrors.NothingToContinue;
            if (answer.TurnId?.Value != request.TurnId)
                return ChatErrors.PrivateStale;
            return new PrivatePlan(answer.ParentId, null, null, answer.Id, answer.ModelId) { Before = new PrivateText(TurnBuffer.Clean(request.Text)) { Parts = request.Parts ?? [] } };
        }
    }

    static async Task<Result<Answer>> FindAsync(Tx tx, LockedPrivate conversation, Guid message, CancellationToken cancel)
    {
        if (await tx.FindAsync<Answer>(AnswerSql, new { MessageId = message, conversation.Id }, cancel) is not { } answer)
            return ChatErrors.MessageNotFound;
        return answer.Role == "assistant" ? answer : ChatErrors.NotAnAnswer;
    }

    static async Task<Results<SseResult, ProblemHttpResult>> AnswerAsync(
        Guid id, Guid clientId, IReadOnlyList<Said> way, string? modelId, string? language, string? timeZone, Caller caller, PrivateTurnStarter starter, PrivateTurnReader reader,
        Func<Tx, LockedPrivate, Task<Result<PrivatePlan>>> plan, CancellationToken cancel)
    {
        var call = new PrivateCall(new ConversationId(id), clientId, [.. way.Select(said => new PrivateLine(said.Role, TurnBuffer.Clean(said.Text)))], modelId, language, timeZone);
        return (await starter.StartAsync(caller, call, plan, cancel)).TryGet(out var begun, out var error)
            ? SseStream.Respond(begun.Running is { } running ? reader.ReadOwnAsync(running, cancel) : reader.FollowAsync(begun.Turn, -1, cancel))
            : error.ToProblem();
    }

    sealed record Answer(MessageId Id, MessageId? ParentId, string Role, string Status, TurnId? TurnId, string? ModelId);
}
