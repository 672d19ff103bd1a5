using JeanTrail.Chat.Together;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Trees;

/// <summary>Cuts a branch off, and lets it grow again where it was: what is cut lies in the bin as a conversation of its own.</summary>
internal static class PruneBranch
{
    /// <param name="ConversationId">What was cut off, in the bin.</param>
    /// <param name="HeadMessageId">The last message of the branch that is shown now.</param>
    public sealed record Response(ConversationId ConversationId, MessageId HeadMessageId);

    /// <param name="ConversationId">A branch that was pruned from this conversation.</param>
    public sealed record GraftRequest(Guid ConversationId);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapDelete("/conversations/{id:guid}/messages/{messageId:guid}", PruneAsync)
            .WithName("Chat_PruneBranch").WithSummary("Cut off a message and everything below it; it can be put back for 30 days")
            .WithExample(response: new Response(ExampleTalk.Conversation, ExampleTalk.AnswerId));
        routes.MapPost("/conversations/{id:guid}/graft", GraftAsync)
            .WithName("Chat_GraftBranch").WithSummary("Put a pruned branch back where it was, and show it")
            .WithExample(new GraftRequest(ExampleTalk.Conversation.Value));
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> PruneAsync(
        Guid id, Guid messageId, Caller caller, Pruning pruning, ConversationNews news, CancellationToken cancel)
    {
        var pruned = await pruning.PruneAsync(id, messageId, caller.UserId, cancel);
        if (!pruned.TryGet(out var response, out var refused))
            return refused.ToProblem();
        await news.ChangedAsync(new ConversationId(id), cancel);
        return TypedResults.Ok(response);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> GraftAsync(
        Guid id, GraftRequest request, Caller caller, Pruning pruning, ConversationNews news, CancellationToken cancel)
    {
        if (await pruning.GraftAsync(id, request.ConversationId, caller.UserId, cancel) is { } refused)
            return refused.ToProblem();
        await news.ChangedAsync(new ConversationId(id), cancel);
        return TypedResults.NoContent();
    }

    /// <summary>
    /// What is cut off becomes the owner's, whoever of the conversation cut it: so it runs past the row policies, once the conversation was
    /// locked by the person's right to change it.
    /// </summary>
    internal sealed class Pruning(Db db, TimeProvider clock)
    {
        const string ActorSql = "select set_config('jeantrail.actor', @Person::text, true)";

        const string FindSql = "select message_id as id, parent_id, left(text, 400) as text from chat.message where message_id = @MessageId and conversation_id = @Id";

        const string Below = """
            recursive below as (
                select m.message_id, m.parent_id, m.created_at from chat.message m where m.message_id = @MessageId
                union all
                select k.message_id, k.parent_id, k.created_at from below b cross join lateral (select * from chat.message m where m.parent_id = b.message_id offset 0) k)
            """;

        const string HoldsHeadSql = "with " + Below + " select exists (select from below b join chat.conversation c on c.head_message_id = b.message_id where c.conversation_id = @Id)";

        const string EndSql = "with " + Below + """
             select b.message_id from below b where not exists (select from below k where k.parent_id = b.message_id)
            order by b.created_at desc, b.message_id desc limit 1
            """;

        // Where the branch that is shown goes on without what was cut off: the end that was written last below the message it hung on, else anywhere.
        const string NewHeadSql = """
            with recursive beside as (
                select m.message_id, m.parent_id, m.created_at from chat.message m
                where m.conversation_id = @Id and m.message_id <> @MessageId and (m.message_id = @Parent or (@Parent::uuid is null and m.parent_id is null))
                union all
                select k.message_id, k.parent_id, k.created_at
                from beside b cross join lateral (select * from chat.message m where m.parent_id = b.message_id and m.message_id <> @MessageId offset 0) k)
            select b.message_id from beside b where not exists (select from beside k where k.parent_id = b.message_id)
            order by b.created_at desc, b.message_id desc limit 1
            """;

        const string BinSql = """
            insert into chat.conversation (conversation_id, owner_id, title, model_id, head_message_id, created_at, updated_at, deleted_at,
                pruned_from, pruned_parent_id, pruned_at_root)
            select @Pruned, owner_id, @Title, model_id, @End, @Now, @Now, @Now, @Id, @Parent::uuid, @Parent::uuid is null
            from chat.conversation where conversation_id = @Id
            """;

        const string MoveSql = "with " + Below + """
            , turns as (
                update chat.turn t set conversation_id = @To from below b where t.assistant_message_id = b.message_id)
            update chat.message m set conversation_id = @To, parent_id = case when m.message_id = @MessageId then @NewParent::uuid else m.parent_id end
            from below b where m.message_id = b.message_id
            """;

        const string ShowSql = "update chat.conversation set head_message_id = @Head, updated_at = @Now where conversation_id = @Id";

        // The message it hung on may be gone, or have been pruned itself.
        const string PrunedSql = """
            select c.head_message_id, c.pruned_parent_id as parent_id, m.message_id as root_id
            from chat.conversation c join chat.message m on m.conversation_id = c.conversation_id and m.parent_id is null
            where c.conversation_id = @Pruned and c.pruned_from = @Id
              and (c.pruned_at_root or exists (select from chat.message p where p.message_id = c.pruned_parent_id and p.conversation_id = @Id))
              and not exists (select from chat.turn t where t.conversation_id = c.conversation_id and t.status = 'running')
            for update of c
            """;

        const string ForgetSql = "delete from chat.conversation where conversation_id = @Pruned";

        internal Task<Result<Response>> PruneAsync(Guid id, Guid messageId, UserId person, CancellationToken cancel)
            => WithinAsync(tx => PruneAsync(tx, id, messageId, person, cancel), cancel);

        /// <summary>Null when it is back.</summary>
        internal Task<Error?> GraftAsync(Guid id, Guid pruned, UserId person, CancellationToken cancel)
            => WithinAsync(tx => GraftAsync(tx, id, pruned, person, cancel), cancel);

        async Task<T> WithinAsync<T>(Func<Tx, Task<T>> work, CancellationToken cancel)
        {
            using (RowScope.Server())
                return await db.InTransactionAsync(work, cancel);
        }

        async Task<Result<Response>> PruneAsync(Tx tx, Guid id, Guid messageId, UserId person, CancellationToken cancel)
        {
            if (!(await LockAsync(tx, id, person, cancel)).TryGet(out var conversation, out var refused))
                return refused;
            if (await tx.FindAsync<Cut>(FindSql, new { Id = id, MessageId = messageId }, cancel) is not { } cut)
                return ChatErrors.MessageNotFound;
            var at = new { Id = id, MessageId = messageId, Parent = cut.ParentId };
            if (await tx.FindAsync<MessageId?>(NewHeadSql, at, cancel) is not { } beside)
                return ChatErrors.WholeConversation;

            var holdsHead = await tx.FindAsync<bool>(HoldsHeadSql, at, cancel);
            var pruned = Ids.New<ConversationId>(clock);
            var now = clock.GetUtcNow();
            var end = holdsHead ? conversation.HeadMessageId : await tx.FindAsync<MessageId?>(EndSql, at, cancel);
            await tx.ExecuteAsync(BinSql, new { at.Id, at.Parent, Pruned = pruned, Title = TurnSql.TitleFrom(cut.Text), End = end, Now = now }, cancel);
            await tx.ExecuteAsync(MoveSql, new { at.MessageId, To = pruned, NewParent = (Guid?)null }, cancel);
            if (holdsHead)
                await tx.ExecuteAsync(ShowSql, new { at.Id, Head = beside, Now = now }, cancel);
            return new Response(pruned, holdsHead ? beside : conversation.HeadMessageId ?? beside);
        }

        async Task<Error?> GraftAsync(Tx tx, Guid id, Guid pruned, UserId person, CancellationToken cancel)
        {
            if (!(await LockAsync(tx, id, person, cancel)).TryGet(out _, out var refused))
                return refused;
            var cut = (await tx.QueryAsync<Branch>(PrunedSql, new { Id = id, Pruned = pruned }, cancel)).ToList();
            // Beginnings that were added to it since make it a conversation of its own.
            if (cut is not [var branch])
                return ChatErrors.NothingToGraft;
            await tx.ExecuteAsync(MoveSql, new { MessageId = branch.RootId, To = new ConversationId(id), NewParent = branch.ParentId }, cancel);
            await tx.ExecuteAsync(ShowSql, new { Id = id, Head = branch.HeadMessageId, Now = clock.GetUtcNow() }, cancel);
            await tx.ExecuteAsync(ForgetSql, new { Pruned = pruned }, cancel);
            return null;
        }

        static async Task<Result<LockedConversation>> LockAsync(Tx tx, Guid id, UserId person, CancellationToken cancel)
        {
            await tx.ExecuteAsync(ActorSql, new { Person = person }, cancel);
            if (await tx.FindAsync<LockedConversation>(TurnSql.LockConversation, new { Id = id, Person = person }, cancel) is not { } conversation)
                return await ChatAccess.RefusalAsync(tx, id, person, ChatRole.Edit, cancel);
            return await tx.FindAsync<TurnId?>(TurnSql.FindRunning, new { Id = id }, cancel) is { } running
                ? ChatErrors.TurnRunning.With("turnId", running.Value)
                : conversation;
        }

        sealed record Cut(MessageId Id, MessageId? ParentId, string Text);

        sealed record Branch(MessageId HeadMessageId, MessageId? ParentId, MessageId RootId);
    }
}
