using System.Globalization;
using System.Runtime.CompilerServices;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Chat.Private;

/// <summary>Reading a private turn by whoever did not ask for it on this very connection, as sealed pieces; and stopping one.</summary>
internal static class FollowPrivateTurn
{
    /// <summary>What a running answer grew by, sealed for <c>piece:{turn}:{number}</c>.</summary>
    internal sealed record PieceEvent(int Number, string Box);

    /// <param name="Status"><c>running completed stopped interrupted failed</c>.</param>
    public sealed record Response(
        TurnId Id, ConversationId ConversationId, MessageId UserMessageId, MessageId AssistantMessageId, string Status, string? ModelId,
        DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

    internal static readonly StreamEventShape Piece = new("piece", typeof(PieceEvent), "More of the answer, sealed: for readers other than the one who asked.");

    internal static readonly StreamEventShape[] Events = [.. TurnEvents.All, Piece];

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/private/turns/{id:guid}", GetAsync).WithName("Chat_GetPrivateTurn").WithSummary("The state of a private turn")
            .WithExample(response: new Response(
                ExampleTalk.Turn, ExampleTalk.Conversation, ExampleTalk.QuestionId, ExampleTalk.AnswerId, "completed", ExampleTalk.ModelId,
                ExampleTalk.AskedAt, ExampleTalk.AnsweredAt));
        routes.MapGet("/private/turns/{id:guid}/events", FollowAsync)
            .WithName("Chat_FollowPrivateTurn").WithSummary("Follow a private turn by its sealed pieces, from where the reader stands")
            .WithStreamEvents([TurnEvents.Turn, Piece, TurnEvents.Done]);
        routes.MapPost("/private/turns/{id:guid}/stop", StopAsync)
            .WithName("Chat_StopPrivateTurn").WithSummary("Stop an answer; what was written is kept");
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<PrivateTurnRow>(PrivateTurnRow.Find, new { Id = id, Owner = caller.UserId }, cancel) is { } turn
            ? TypedResults.Ok(new Response(
                turn.Id, turn.ConversationId, turn.UserMessageId, turn.AssistantMessageId, turn.Status, turn.ModelId, turn.StartedAt, turn.EndedAt))
            : ChatErrors.TurnNotFound.ToProblem();

    static async Task<Results<SseResult, ProblemHttpResult>> FollowAsync(
        Guid id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, Caller caller, Db db, PrivateTurnReader reader, CancellationToken cancel)
    {
        var number = -1;
        if (!string.IsNullOrEmpty(lastEventId) && !int.TryParse(lastEventId, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            return KernelErrors.BadRequest("Last-Event-ID is not one that this stream gave out.").ToProblem();
        return await db.FindAsync<PrivateTurnRow>(PrivateTurnRow.Find, new { Id = id, Owner = caller.UserId }, cancel) is { } turn
            ? SseStream.Respond(reader.FollowAsync(turn, number, cancel))
            : ChatErrors.TurnNotFound.ToProblem();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> StopAsync(
        Guid id, Caller caller, Db db, TurnRegistry registry, IBroadcast broadcast, CancellationToken cancel)
    {
        if (await db.FindAsync<PrivateTurnRow>(PrivateTurnRow.Find, new { Id = id, Owner = caller.UserId }, cancel) is not { } turn)
            return ChatErrors.TurnNotFound.ToProblem();
        if (turn.Status == "running" && !registry.Stop(turn.Id))
            await broadcast.SendAsync(StopListener.Channel, turn.Id.Value.ToString(), cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>Reads private turns: in plain for the one who asks, sealed for everybody else and everywhere else.</summary>
internal sealed class PrivateTurnReader(Db db, TurnFollower follower, IBroadcast broadcast)
{
    // The state first: what ends between the two has its last pieces read by nobody, and needs none, for the whole is in the message.
    const string StateSql = "select t.status, t.model_id from chat.private_turn t where t.turn_id = @Id";

    const string PiecesSql = """
        select p.number, translate(encode(p.box, 'base64'), e'\n', '') as box from chat.private_piece p
        where p.turn_id = @Id and p.number > @After order by p.number
        """;

    /// <summary>The answer as it is written, and in plain also when it is written already, to the connection that asked for it.</summary>
    public IAsyncEnumerable<StreamEvent> ReadOwnAsync(RunningTurn running, CancellationToken cancel)
        => follower.ReadAsync(running.Buffer, running.Buffer.Resolve(TurnCursor.After(running.Buffer.BeginsAt) with { Extras = 0 }), cancel);

    /// <summary>Its pieces after a number, as long as it runs. When it ended in order they are gone and the message has the whole.</summary>
    public async IAsyncEnumerable<StreamEvent> FollowAsync(PrivateTurnRow turn, int after, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var wake = new TurnWake(broadcast, SealedLog.Channel, turn.Id);
        yield return new StreamEvent(
            TurnEvents.Turn.Event, new TurnEvent(turn.Id, turn.ConversationId, turn.UserMessageId, turn.AssistantMessageId, turn.ModelId ?? "", ""), Id(after));
        while (true)
        {
            var (state, pieces) = await ReadAsync(turn.Id, after, cancel);
            foreach (var piece in pieces)
            {
                after = piece.Number;
                yield return new StreamEvent(FollowPrivateTurn.Piece.Event, piece, Id(after));
            }

            if (state is { Status: not "running" } ended)
            {
                yield return new StreamEvent(TurnEvents.Done.Event, new DoneEvent(ended.Status, null, null, "", ended.ModelId), Id(after));
                yield break;
            }

            await wake.WaitAsync(cancel);
        }
    }

    /// <summary>A database that is away for a moment has nothing new.</summary>
    async Task<(State? State, IReadOnlyList<FollowPrivateTurn.PieceEvent> Pieces)> ReadAsync(TurnId id, int after, CancellationToken cancel)
    {
        try
        {
            // Forgotten with its conversation while it was read.
            var state = await db.FindAsync<State>(StateSql, new { Id = id }, cancel) ?? new State("interrupted", null);
            return (state, await db.QueryAsync<FollowPrivateTurn.PieceEvent>(PiecesSql, new { Id = id, After = after }, cancel));
        }
        catch (NpgsqlException) when (!cancel.IsCancellationRequested)
        {
            return (null, []);
        }
    }

    static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    sealed record State(string Status, string? ModelId);
}
