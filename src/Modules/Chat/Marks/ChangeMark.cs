using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Marks;

/// <summary>Changes the words of a note or the colour of a highlight, and takes marks away.</summary>
internal static class ChangeMark
{
    /// <param name="Words">New words of a note.</param>
    /// <param name="Value">New colour of a highlight.</param>
    public sealed record Request([property: StringLength(MarkRules.MaxWords)] string? Words = null, [property: StringLength(16)] string? Value = null);

    const string WithMessageSql = """
        select k.kind, m.role, m.text, k.range_start as start, k.range_end as "end", m.conversation_id, m.message_id, m.model_id
        from chat.mark k join chat.message m on m.message_id = k.message_id
        where k.mark_id = @Id and k.owner_id = @Owner
        """;

    const string ChangeSql = """
        update chat.mark set words = @Words, value = @Value, updated_at = @Now
        where mark_id = @Id and owner_id = @Owner and kind in ('note', 'highlight')
        """;

    const string RemoveSql = "delete from chat.mark where mark_id = @Id and owner_id = @Owner";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPut("/marks/{id:guid}", HandleChange)
            .WithName("Chat_ChangeMark").WithSummary("Change a note's words or a highlight's colour")
            .WithExample(new Request(Mark.Example.Words));
        routes.MapDelete("/marks/{id:guid}", HandleRemove).WithName("Chat_RemoveMark").WithSummary("Take a mark away");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> HandleChange(
        Guid id, Request request, Caller caller, Db db, IRealtime realtime, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindAsync<Marked>(WithMessageSql, new { Id = id, Owner = caller.UserId }, cancel) is not { } mark)
            return ChatErrors.MarkNotFound.ToProblem();
        var words = request.Words?.Trim() ?? "";
        if (mark.Kind is not ("note" or "highlight"))
            return KernelErrors.BadRequest("Only notes and highlights can be changed.").ToProblem();
        if (MarkRules.Fault(mark.Kind, request.Value, null, words, mark.Start, mark.End, mark.Role, mark.Text) is { } fault)
            return KernelErrors.BadRequest(fault).ToProblem();
        if (await db.ExecuteAsync(ChangeSql, new { Id = id, Owner = caller.UserId, Words = words, request.Value, Now = clock.GetUtcNow() }, cancel) == 0)
            return ChatErrors.MarkNotFound.ToProblem();
        await realtime.ConversationChangedAsync(caller.UserId, mark.ConversationId, cancel);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> HandleRemove(Guid id, Caller caller, Db db, IOutbox outbox, IRealtime realtime, CancellationToken cancel)
    {
        var removed = await db.InTransactionAsync(async tx =>
        {
            var mark = await tx.FindAsync<Marked>(WithMessageSql, new { Id = id, Owner = caller.UserId }, cancel);
            if (mark is null || await tx.ExecuteAsync(RemoveSql, new { Id = id, Owner = caller.UserId }, cancel) == 0)
                return null;
            if (mark.Kind == "rating")
                await outbox.PublishAsync(tx, new AnswerRated(caller.UserId, mark.ConversationId, mark.MessageId, "none", null, mark.ModelId), cancel);
            return mark;
        }, cancel);
        if (removed is null)
            return ChatErrors.MarkNotFound.ToProblem();
        await realtime.ConversationChangedAsync(caller.UserId, removed.ConversationId, cancel);
        return TypedResults.NoContent();
    }

    sealed record Marked(string Kind, string Role, string Text, int? Start, int? End, ConversationId ConversationId, MessageId MessageId, string? ModelId);
}
