using Dapper;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat.Conversations;

/// <summary>The small changes: title, model, archive, delete with undo, branch. Each is one guarded update; zero rows is a refusal.</summary>
internal static class ChangeConversation
{
    public sealed record TitleRequest([property: Required, StringLength(120, MinimumLength = 1)] string Title);

    public sealed record ModelRequest([property: StringLength(200)] string? ModelId);

    public sealed record HeadRequest(Guid MessageId);

    const string RenameSql = "update chat.conversation c set title = @Title, title_source = 'manual' where c.conversation_id = @Id and " + ChatAccess.Edit;
    const string ModelSql = "update chat.conversation c set model_id = @ModelId where c.conversation_id = @Id and " + ChatAccess.Edit;
    const string ArchiveSql = "update chat.conversation set archived_at = coalesce(archived_at, @Now) where conversation_id = @Id and owner_id = @Owner and deleted_at is null";
    const string UnarchiveSql = "update chat.conversation set archived_at = null where conversation_id = @Id and owner_id = @Owner and deleted_at is null";
    const string DeleteSql = "update chat.conversation set deleted_at = coalesce(deleted_at, @Now) where conversation_id = @Id and owner_id = @Owner";
    const string RestoreSql = "update chat.conversation set deleted_at = null where conversation_id = @Id and owner_id = @Owner";
    // Down to the end that was written last. A question and its answer are made in the same instant, so an end is told by what follows it, not by its time.
    const string HeadSql = $"""
        with recursive below as (
            select m.message_id, m.parent_id, m.created_at
            from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
            where m.message_id = @MessageId and c.conversation_id = @Id and {ChatAccess.Edit}
            union all
            select k.message_id, k.parent_id, k.created_at
            from below b cross join lateral (select * from chat.message m where m.parent_id = b.message_id offset 0) k)
        update chat.conversation c set head_message_id = leaf.message_id
        from (
            select b.message_id from below b where not exists (select 1 from below k where k.parent_id = b.message_id)
            order by b.created_at desc, b.message_id desc limit 1) leaf
        where c.conversation_id = @Id and {ChatAccess.Edit}
            and not exists (select 1 from chat.turn t where t.conversation_id = c.conversation_id and t.status = 'running')
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        var one = routes.MapGroup("/conversations/{id:guid}");
        one.MapPut("/title", (Guid id, TitleRequest request, Caller caller, ConversationChanges changes, CancellationToken cancel)
                => changes.ApplyAsync(RenameSql, ChatRole.Edit, id, caller, new { request.Title }, cancel))
            .WithName("Chat_RenameConversation").WithSummary("Rename a conversation")
            .WithExample(new TitleRequest(ExampleTalk.Title));
        one.MapPut("/model", (Guid id, ModelRequest request, Caller caller, ConversationChanges changes, CancellationToken cancel)
                => changes.ApplyAsync(ModelSql, ChatRole.Edit, id, caller, new { request.ModelId }, cancel))
            .WithName("Chat_ChooseModel").WithSummary("Choose the model of a conversation; null follows the default")
            .WithExample(new ModelRequest(ExampleTalk.ModelId));
        one.MapPut("/head", (Guid id, HeadRequest request, Caller caller, ConversationChanges changes, CancellationToken cancel)
                => changes.ApplyAsync(HeadSql, ChatRole.Edit, id, caller, new { request.MessageId }, cancel))
            .WithName("Chat_SwitchBranch").WithSummary("Show the branch of a message, down to what was said last below it")
            .WithExample(new HeadRequest(ExampleTalk.AnswerId.Value));
        one.MapPost("/archive", OfOwner(ArchiveSql)).WithName("Chat_ArchiveConversation").WithSummary("Archive a conversation");
        one.MapPost("/unarchive", OfOwner(UnarchiveSql)).WithName("Chat_UnarchiveConversation").WithSummary("Take a conversation out of the archive");
        one.MapDelete("", OfOwner(DeleteSql)).WithName("Chat_DeleteConversation").WithSummary("Delete a conversation; it can be restored for 30 days");
        one.MapPost("/restore", OfOwner(RestoreSql)).WithName("Chat_RestoreConversation").WithSummary("Undo the deletion of a conversation");
    }

    static Func<Guid, Caller, ConversationChanges, CancellationToken, Task<Results<NoContent, ProblemHttpResult>>> OfOwner(string sql)
        => (id, caller, changes, cancel) => changes.ApplyAsync(sql, ChatRole.Owner, id, caller, null, cancel);
}

/// <summary>Applies one guarded change to a conversation and tells its people.</summary>
internal sealed class ConversationChanges(Db db, ConversationNews news, TimeProvider clock)
{
    public async Task<Results<NoContent, ProblemHttpResult>> ApplyAsync(string sql, ChatRole needed, Guid id, Caller caller, object? values, CancellationToken cancel)
    {
        var args = new DynamicParameters(values);
        args.AddDynamicParams(new { Id = id, Owner = caller.UserId, Person = caller.UserId, Now = clock.GetUtcNow() });
        if (await db.ExecuteAsync(sql, args, cancel) == 0)
            return (await ChatAccess.RefusalAsync(db, id, caller.UserId, needed, cancel)).ToProblem();
        await news.ChangedAsync(new ConversationId(id), cancel);
        return TypedResults.NoContent();
    }
}
