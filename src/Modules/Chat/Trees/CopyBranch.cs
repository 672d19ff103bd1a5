using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Trees;

/// <summary>
/// Goes on elsewhere: a new conversation that begins with everything down to one message. Whoever may read it may; files of others are taken into their
/// own, for which the others' rows are held meanwhile.
/// </summary>
internal static class CopyBranch
{
    public sealed record Request(Guid MessageId);

    const string PathSql = """
        with recursive path as (
            select m.message_id, m.parent_id, m.status, 1 as step from chat.message m where m.message_id = @MessageId and m.conversation_id = @Id
            union all
            select p.message_id, p.parent_id, p.status, b.step + 1
            from path b cross join lateral (select * from chat.message m where m.message_id = b.parent_id offset 0) p)
        select message_id as id, status from path order by step desc
        """;

    const string ConversationCopySql = """
        insert into chat.conversation (conversation_id, owner_id, title, title_source, model_id, project_id, instructions, parameters, tags, category,
            head_message_id, created_at, updated_at)
        select @Copy, @Person, title, title_source, model_id, case when owner_id = @Person then project_id end, instructions, parameters, tags, category, @Head, @Now, @Now
        from chat.conversation where conversation_id = @Id
        """;

    const string MessagesSql = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, language, model_id, status, error, actions, citations, created_at)
        select n.made, @Copy, n.parent, m.role, m.text, m.language, m.model_id, m.status, m.error, m.actions, m.citations, m.created_at
        from unnest(@Ids::uuid[], @Made::uuid[], @Parents::uuid[]) as n(id, made, parent) join chat.message m on m.message_id = n.id
        """;

    const string PartsSql = """
        insert into chat.message_part (message_id, ordinal, kind, at, attachment_id, payload)
        select n.made, p.ordinal, p.kind, p.at, coalesce(f.made, p.attachment_id), p.payload
        from unnest(@Ids::uuid[], @Made::uuid[]) as n(id, made) join chat.message_part p on p.message_id = n.id
            left join unnest(@Files::uuid[], @FilesMade::uuid[]) as f(id, made) on f.id = p.attachment_id
        """;

    // One's own are in both conversations.
    const string OthersFilesSql = """
        select a.attachment_id as id, a.size_bytes from chat.attachment a
        where a.owner_id <> @Person and exists (select from chat.message_part p where p.attachment_id = a.attachment_id and p.message_id = any(@Ids))
        for share of a
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/copy", Handle).WithIdempotency().ReachesOthers()
        .WithName("Chat_CopyBranch").WithSummary("Begin a new conversation with everything down to a message")
        .WithExample(new Request(ExampleTalk.AnswerId.Value), ConversationSummary.Example);

    static async Task<Results<Created<ConversationSummary>, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpRequest http, Caller caller, Db db, IQuotas quotas, TimeProvider clock, CancellationToken cancel)
    {
        var copied = await db.InTransactionAsync(tx => CopyAsync(tx, id, request.MessageId, ConversationMade.IdFor(http, caller.UserId, clock), caller.UserId, quotas, clock, cancel), cancel);
        return copied.TryGet(out var copy, out var refused) ? TypedResults.Created($"/api/chat/conversations/{copy.Id.Value}", copy) : refused.ToProblem();
    }

    static async Task<Result<ConversationSummary>> CopyAsync(Tx tx, Guid id, Guid last, ConversationId copy, UserId person, IQuotas quotas, TimeProvider clock, CancellationToken cancel)
    {
        if (await ConversationMade.FindAsync(tx, copy, person, cancel) is { } before)
            return before;
        if (await tx.FindAsync<LockedConversation>(TurnSql.FindConversation, new { Id = id, Person = person }, cancel) is null)
            return ChatErrors.ConversationNotFound;
        var path = await tx.QueryAsync<Step>(PathSql, new { Id = id, MessageId = last }, cancel);
        if (path.Count == 0)
            return ChatErrors.MessageNotFound;
        if (path.Any(step => step.Status == "streaming"))
            return ChatErrors.TurnRunning;

        var ids = path.Select(step => step.Id.Value).ToArray();
        var taken = await CopiedFiles.TakeAsync(tx, await tx.QueryAsync<HeldFile>(OthersFilesSql, new { Person = person, Ids = ids }, cancel), person, quotas, clock, cancel);
        if (!taken.TryGet(out var files, out var full))
            return full;

        var made = path.Select(_ => Ids.New<MessageId>(clock)).ToList();
        var args = new
        {
            Id = id,
            Person = person,
            Copy = copy,
            Head = made[^1],
            Now = clock.GetUtcNow(),
            Ids = ids,
            Made = made.Select(copy => copy.Value).ToArray(),
            Parents = made.Select((_, at) => at == 0 ? (Guid?)null : made[at - 1].Value).ToArray(),
            files.Files,
            FilesMade = files.Made,
        };
        await tx.ExecuteAsync($"{ConversationCopySql}; {MessagesSql}; {PartsSql}", args, cancel);
        return (await tx.FindAsync<ConversationRow>(ConversationSql.FindCopy, args, cancel))!.ToSummary();
    }

    sealed record Step(MessageId Id, string Status);
}
