using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>What a new turn is to answer.</summary>
/// <param name="AssistantMessage">The message that grows, or null for a new one below the person's.</param>
/// <param name="Before">Text that message already has.</param>
/// <param name="TitleText">Text an automatic title may be taken from.</param>
internal sealed record TurnPlan(MessageId UserMessage, MessageId? AssistantMessage, string? ModelId, string Before, string TitleText);

/// <summary>Begins turns: one transaction under the lock of the conversation, idempotent by the client's id, then hands over to the runner.</summary>
internal sealed class TurnStarter(Db db, TurnRunner runner, IPreferences preferences, IOptions<ChatOptions> options, TimeProvider clock)
{
    const string GrowMessageSql = """
        update chat.message set status = 'streaming', error = null, turn_id = @TurnId, model_id = coalesce(@ModelId, model_id) where message_id = @Id
        """;

    public MessageId NewMessageId() => Ids.New<MessageId>(clock);

    public async Task<Result<TurnRow>> StartAsync(
        Caller caller,
        Guid clientId,
        ConversationId conversationId,
        string? language,
        string? timeZone,
        Func<Tx, LockedConversation, TurnId, DateTimeOffset, Task<Result<TurnPlan>>> plan,
        CancellationToken cancel)
    {
        var known = await preferences.GetAsync(caller.UserId, cancel);
        var work = default(TurnWork);
        var begun = await db.InTransactionAsync<Result<TurnRow>>(async tx =>
        {
            var conversation = await tx.FindAsync<LockedConversation>(TurnSql.LockConversation, new { Id = conversationId, Owner = caller.UserId }, cancel);
            if (conversation is null)
                return ChatErrors.ConversationNotFound;
            if (await tx.FindAsync<TurnRow>(TurnSql.FindByClient, new { ClientId = clientId, Owner = caller.UserId }, cancel) is { } same)
                return same.ConversationId == conversationId ? same : ChatErrors.ClientIdReused;
            if (conversation.RunningTurnId is { } running)
                return ChatErrors.TurnRunning.With("turnId", running.Value);

            var now = clock.GetUtcNow();
            var turnId = Ids.New<TurnId>(clock);
            var planned = await plan(tx, conversation, turnId, now);
            if (!planned.TryGet(out var what, out var refused))
                return refused;

            var title = conversation is { Title: "", TitleSource: "auto" } ? TurnSql.TitleFrom(what.TitleText) : conversation.Title;
            var assistant = what.AssistantMessage ?? NewMessageId();
            if (what.AssistantMessage is null)
                await tx.ExecuteAsync(TurnSql.InsertMessage, new
                {
                    Id = assistant, ConversationId = conversationId, ParentId = what.UserMessage, Role = "assistant", Text = "",
                    Language = (string?)null, what.ModelId, Status = "streaming", TurnId = turnId, Now = now,
                }, cancel);
            else
                await tx.ExecuteAsync(GrowMessageSql, new { Id = assistant, TurnId = turnId, what.ModelId }, cancel);

            work = new TurnWork(
                new TurnEvent(turnId, conversationId, what.UserMessage, assistant, what.ModelId ?? "", title),
                caller.UserId, what.ModelId, what.Before, language ?? known.Locale ?? "en", timeZone ?? known.TimeZone, known.SkillsFirst);
            await tx.ExecuteAsync(TurnSql.Insert, new
            {
                TurnId = turnId, ConversationId = conversationId, Owner = caller.UserId, ClientId = clientId, UserMessageId = what.UserMessage,
                AssistantMessageId = assistant, what.ModelId, work.Language, work.TimeZone, BaseLength = what.Before.Length, Now = now, options.Value.Lease,
            }, cancel);
            await tx.ExecuteAsync(TurnSql.MoveHead, new { Head = assistant, Now = now, Title = title, Id = conversationId }, cancel);
            return new TurnRow(turnId, conversationId, caller.UserId, what.UserMessage, assistant, "running", what.ModelId, now, null, null, null, null, title);
        }, cancel);

        if (begun.Succeeded && work is not null)
            runner.Start(work);
        return begun;
    }
}
