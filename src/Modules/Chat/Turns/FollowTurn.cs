using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using System.Runtime.CompilerServices;

namespace JeanTrail.Chat.Turns;

/// <summary>Reading a turn: its state, and its stream again after a reload, a dropped connection or on another node.</summary>
internal static class FollowTurn
{
    /// <param name="Status"><c>running completed stopped interrupted failed</c>.</param>
    public sealed record Response(
        TurnId Id, ConversationId ConversationId, MessageId UserMessageId, MessageId AssistantMessageId, string Status, string? ModelId,
        DateTimeOffset StartedAt, DateTimeOffset? EndedAt, MessageError? Error);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/turns/{id:guid}", GetAsync).WithName("Chat_GetTurn").WithSummary("The state of a turn")
            .WithExample(response: new Response(
                ExampleTalk.Turn, ExampleTalk.Conversation, ExampleTalk.QuestionId, ExampleTalk.AnswerId, "completed", ExampleTalk.ModelId,
                ExampleTalk.AskedAt, ExampleTalk.AnsweredAt, null));
        routes.MapGet("/turns/{id:guid}/events", FollowAsync)
            .WithName("Chat_FollowTurn").WithSummary("Follow a turn from where the reader stands")
            .WithStreamEvents(TurnEvents.All);
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<TurnRow>(TurnSql.FindToRead, new { Id = id, Person = caller.UserId }, cancel) is { } turn
            ? TypedResults.Ok(new Response(
                turn.Id, turn.ConversationId, turn.UserMessageId, turn.AssistantMessageId, turn.Status, turn.ModelId, turn.StartedAt, turn.EndedAt,
                ChatJson.Read<MessageError>(turn.Error)))
            : ChatErrors.TurnNotFound.ToProblem();

    static async Task<Results<SseResult, ProblemHttpResult>> FollowAsync(
        Guid id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, string? after, Caller caller, Db db, TurnFollower follower,
        OpenReaders readers, CancellationToken cancel)
    {
        if (TurnCursor.Parse(string.IsNullOrEmpty(lastEventId) ? after : lastEventId) is not { } cursor)
            return KernelErrors.BadRequest("Last-Event-ID is not one that this stream gave out.").ToProblem();
        return await db.FindAsync<TurnRow>(TurnSql.FindToRead, new { Id = id, Person = caller.UserId }, cancel) is { } turn
            ? SseStream.Respond(WhileLetInAsync(turn, cursor, caller, follower, readers, cancel))
            : ChatErrors.TurnNotFound.ToProblem();
    }

    /// <summary>Ends when whoever reads is let out of the conversation.</summary>
    static async IAsyncEnumerable<StreamEvent> WhileLetInAsync(
        TurnRow turn, TurnCursor cursor, Caller caller, TurnFollower follower, OpenReaders readers, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = readers.Add(turn.ConversationId.Value, caller.UserId, cancel);
        await foreach (var item in follower.FollowAsync(turn, cursor, reader.Token))
            yield return item;
    }
}
