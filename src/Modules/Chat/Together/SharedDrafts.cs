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
/// Texts that several people write at once: what a message is to say instead, named by its id, and the question to come, by that of the
/// conversation. Each is a Yjs document of which the server keeps the updates and hands them on; clients merge them, in any order and however often, to the same text.
/// </summary>
internal static class SharedDrafts
{
    /// <summary>Of one draft. A client that reads as many puts them together to one.</summary>
    const int MostUpdates = 2_000;

    const int MostBytes = 2_000_000;

    /// <summary>Larger ones are not sent along; whoever hears of them fetches them.</summary>
    const int SentAlong = 3_000;

    /// <param name="Update">A Yjs update, version 1, as base64.</param>
    /// <param name="WindowId">Comes back with the event, so that a window knows its own.</param>
    /// <param name="Replaces">The update holds everything up to this position, which is forgotten.</param>
    public sealed record Request([property: Required, Base64String, StringLength(400_000)] string Update, [property: Required] Guid WindowId, long? Replaces = null);

    /// <param name="Position">Later updates have higher ones.</param>
    public sealed record Response(long Position);

    public sealed record Piece(long Position, string Update);

    /// <param name="Items">In the order they came.</param>
    public sealed record Draft(IReadOnlyList<Piece> Items);

    const string ReadSql = $"""
        select u.position, translate(encode(u.update, 'base64'), e'\n', '') as update from chat.draft_update u join chat.conversation c on c.conversation_id = u.conversation_id
        where u.conversation_id = @Id and u.draft = @Draft and u.position > @After and {ChatAccess.View} order by u.position
        """;

    // Under the lock of the draft, so that positions become visible in their order: a reader that knows one knows all before it.
    const string FindSql = $"""
        select c.live_version, count(u.position)::int as updates, coalesce(sum(length(u.update)), 0)::bigint as bytes
        from chat.conversation c left join chat.draft_update u on u.conversation_id = c.conversation_id and u.draft = @Draft and u.position > @Replaced
        where c.conversation_id = @Id and {ChatAccess.Edit} group by c.live_version
        """;

    const string LockSql = "select pg_advisory_xact_lock(hashtextextended(@Id::text || @Draft::text, 5))";
    const string ForgetSql = "delete from chat.draft_update where conversation_id = @Id and draft = @Draft and position <= @Replaced";
    const string InsertSql = "insert into chat.draft_update (conversation_id, draft, by_id, update) values (@Id, @Draft, @Person, @Update) returning position";

    internal static void Map(RouteGroupBuilder routes)
    {
        const string Route = "/conversations/{id:guid}/drafts/{draft:guid}";
        routes.MapGet(Route, ReadAsync)
            .WithName("Chat_ReadDraft").WithSummary("A text that is written together: its Yjs updates, or those after a position")
            .WithExample(response: new Draft([new Piece(71, "AQGz1/0JAAQBBHRleHQCSGkA")]));
        routes.MapPost(Route, WriteAsync)
            .WithName("Chat_WriteDraft").WithSummary("Add an update to a text that is written together; the others hear of it as chat.draft")
            .WithExample(new Request("AQGz1/0JAAQBBHRleHQCSGkA", ExampleTalk.ClientId), new Response(72));
    }

    static async Task<Results<Ok<Draft>, ProblemHttpResult>> ReadAsync(Guid id, Guid draft, Caller caller, Db db, CancellationToken cancel, long after = 0)
        => await ChatAccess.RoleAsync(db, id, caller.UserId, cancel) is null
            ? ChatErrors.ConversationNotFound.ToProblem()
            : TypedResults.Ok(new Draft(await db.QueryAsync<Piece>(ReadSql, new { Id = id, Draft = draft, After = after, Person = caller.UserId }, cancel)));

    static async Task<Results<Ok<Response>, ProblemHttpResult>> WriteAsync(
        Guid id, Guid draft, Request request, Caller caller, Db db, ConversationNews news, CancellationToken cancel)
    {
        var update = Convert.FromBase64String(request.Update);
        var written = await db.InTransactionAsync<Result<(long Position, int LiveVersion)>>(async tx =>
        {
            var row = new { Id = id, Draft = draft, Person = caller.UserId, Update = update, Replaced = request.Replaces ?? 0 };
            await tx.ExecuteAsync(LockSql, row, cancel);
            if (await tx.FindAsync<Found>(FindSql, row, cancel) is not { } found)
                return await ChatAccess.RefusalAsync(tx, id, caller.UserId, ChatRole.Edit, cancel);
            if (found.Updates >= MostUpdates || found.Bytes + update.Length > MostBytes)
                return ChatErrors.DraftTooLong;
            if (row.Replaced > 0)
                await tx.ExecuteAsync(ForgetSql, row, cancel);
            return (await tx.FindAsync<long>(InsertSql, row, cancel), found.LiveVersion);
        }, cancel);
        if (!written.TryGet(out var at, out var refused))
            return refused.ToProblem();
        await news.TellAsync(
            id, at.LiveVersion, "chat.draft",
            new
            {
                conversationId = id,
                draft,
                position = at.Position,
                windowId = request.WindowId,
                userId = caller.UserId,
                update = request.Update.Length <= SentAlong ? request.Update : null,
            },
            cancel);
        return TypedResults.Ok(new Response(at.Position));
    }

    sealed record Found(int LiveVersion, int Updates, long Bytes);
}
