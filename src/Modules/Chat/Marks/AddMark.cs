using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat.Marks;

/// <summary>Leaves a mark. The same reaction, and a second rating or bookmark, change the one that is there.</summary>
internal static class AddMark
{
    /// <param name="Value">The emoji of a reaction, <c>up</c> or <c>down</c> of a rating, the colour of a highlight (<c>amber green teal rose</c>).</param>
    /// <param name="Reason">Of a rating; up: <c>correct helpful clear well-written other</c>, down: <c>wrong not-helpful unclear too-long ignored-instructions unsafe other</c>.</param>
    /// <param name="Start">UTF-16 range of the message's text, for highlights and notes.</param>
    public sealed record Request(
        [property: Required, RegularExpression("^(reaction|rating|highlight|note|bookmark)$")] string Kind,
        [property: StringLength(16)] string? Value = null,
        [property: StringLength(40)] string? Reason = null,
        [property: StringLength(MarkRules.MaxWords)] string? Words = null,
        int? Start = null,
        int? End = null);

    // Makes marks that a person leaves on one message take turns, so that they can be counted. Not a lock on the message: whoever reads it may
    // mark it, and only those who may change it can lock it.
    const string LockSql = "select pg_advisory_xact_lock(hashtextextended(@Owner::text || @Message::text, 7))";

    const string MessageSql = $"""
        select m.conversation_id, m.role, case when m.status = 'streaming' then null else m.text end as text, m.model_id,
            (select count(*) from chat.mark k where k.message_id = m.message_id and k.owner_id = @Owner)::int as marks
        from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where m.message_id = @Message and {ChatAccess.View} and c.deleted_at is null
        """;

    const string ReactionSql = """
        insert into chat.mark (mark_id, message_id, owner_id, kind, value, created_at, updated_at)
        values (@Id, @Message, @Owner, 'reaction', @Value, @Now, @Now)
        on conflict (message_id, owner_id, value) where kind = 'reaction' do update set updated_at = excluded.updated_at
        returning mark_id
        """;

    const string SingleSql = """
        insert into chat.mark (mark_id, message_id, owner_id, kind, value, reason, words, created_at, updated_at)
        values (@Id, @Message, @Owner, @Kind, @Value, @Reason, @Words, @Now, @Now)
        on conflict (message_id, owner_id, kind) where kind in ('rating', 'bookmark')
            do update set value = excluded.value, reason = excluded.reason, words = excluded.words, updated_at = excluded.updated_at
        returning mark_id
        """;

    const string FreeSql = """
        insert into chat.mark (mark_id, message_id, owner_id, kind, value, words, range_start, range_end, created_at, updated_at)
        values (@Id, @Message, @Owner, @Kind, @Value, @Words, @Start, @End, @Now, @Now)
        returning mark_id
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/messages/{id:guid}/marks", Handle)
        .WithName("Chat_AddMark").WithSummary("Leave a mark on a message: reaction, rating, highlight, note or bookmark")
        .WithExample(new Request("note", Words: Mark.Example.Words, Start: Mark.Example.Start, End: Mark.Example.End), Mark.Example);

    static async Task<Results<Ok<Mark>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, IOutbox outbox, IRealtime realtime, TimeProvider clock, CancellationToken cancel)
    {
        var added = await db.InTransactionAsync<Result<(Mark Mark, ConversationId Conversation)>>(async tx =>
        {
            var keys = new { Message = id, Owner = caller.UserId, Person = caller.UserId };
            await tx.ExecuteAsync(LockSql, keys, cancel);
            if (await tx.FindAsync<Target>(MessageSql, keys, cancel) is not { } message)
                return ChatErrors.MessageGone;
            var words = request.Words?.Trim() ?? "";
            if (MarkRules.Fault(request.Kind, request.Value, request.Reason, words, request.Start, request.End, message.Role, message.Text) is { } fault)
                return KernelErrors.BadRequest(fault);
            if (message.Marks >= MarkRules.MaxPerMessage)
                return ChatErrors.TooManyMarks;
            var sql = request.Kind switch
            {
                "reaction" => ReactionSql,
                "rating" or "bookmark" => SingleSql,
                _ => FreeSql,
            };
            var mark = await tx.FindAsync<MarkId>(sql, new
            {
                Id = Ids.New<MarkId>(clock),
                Message = id,
                Owner = caller.UserId,
                request.Kind,
                request.Value,
                request.Reason,
                Words = words,
                request.Start,
                request.End,
                Now = clock.GetUtcNow(),
            }, cancel);
            if (request.Kind == "rating")
                await outbox.PublishAsync(tx, new AnswerRated(caller.UserId, message.ConversationId, new MessageId(id), request.Value!, request.Reason, message.ModelId), cancel);
            return ((await tx.FindAsync<Mark>(MarkSql.FindOwned, new { Id = mark, Owner = caller.UserId }, cancel))!, message.ConversationId);
        }, cancel);
        if (!added.TryGet(out var made, out var error))
            return error.ToProblem();
        await realtime.ConversationChangedAsync(caller.UserId, made.Conversation, cancel);
        return TypedResults.Ok(made.Mark);
    }

    sealed record Target(ConversationId ConversationId, string Role, string? Text, string? ModelId, int Marks);
}
