using Dapper;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>What a new turn is to answer.</summary>
/// <param name="Question">The person's message when it exists already; null to store <paramref name="NewText"/> as one.</param>
/// <param name="Parent">What the new message follows.</param>
/// <param name="Answer">The message that grows, or null for a new one below the person's.</param>
/// <param name="Before">Text that message already has.</param>
internal sealed record TurnPlan(MessageId? Question, MessageId? Parent, string NewText, MessageId? Answer, string? ModelId, string Before);

/// <summary>
/// Begins turns: one transaction under the lock of the conversation, idempotent by the client's id, then hands over to the runner. It stands
/// between the person and the first token, so it takes three round trips: read, write, commit.
/// </summary>
internal sealed class TurnStarter(Db db, TurnRunner runner, IModelGateway gateway, IPreferences preferences, IOptions<ChatOptions> options, TimeProvider clock)
{
    const int MaxMessages = 200;

    const string ReadSql = $"{TurnSql.LockConversation}; {TurnSql.FindByClient}; {TurnSql.FindRunning}";
    const string AskSql = $"{TurnSql.InsertQuestion}; {TurnSql.InsertAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}; {TurnSql.Branch}";
    const string AskAgainSql = $"{TurnSql.InsertAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}; {TurnSql.Branch}";
    const string GrowSql = $"{TurnSql.GrowAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}; {TurnSql.Branch}";

    public async Task<Result<TurnRow>> StartAsync(
        Caller caller,
        Guid clientId,
        ConversationId conversationId,
        string? language,
        string? timeZone,
        Func<Tx, LockedConversation, Task<Result<TurnPlan>>> plan,
        CancellationToken cancel)
    {
        var known = await preferences.GetAsync(caller.UserId, cancel);
        var (spoken, zone) = (language ?? known.Locale ?? "en", timeZone ?? known.TimeZone);
        // Known before the turn is written down, so that every reader of it, here and on other nodes, is told who answers.
        var usual = await gateway.DefaultModelAsync(caller.UserId, cancel);
        var work = default(TurnWork);
        var begun = await db.InTransactionAsync<Result<TurnRow>>(async tx =>
        {
            var keys = new { Id = conversationId, Owner = caller.UserId, ClientId = clientId };
            var (conversation, same, running) = await tx.QueryManyAsync(ReadSql, keys, async results => (
                await results.ReadSingleOrDefaultAsync<LockedConversation>(),
                await results.ReadSingleOrDefaultAsync<TurnRow>(),
                await results.ReadSingleOrDefaultAsync<TurnId?>()), cancel);
            if (conversation is null)
                return ChatErrors.ConversationNotFound;
            if (same is not null)
                return same.ConversationId == conversationId ? same : ChatErrors.ClientIdReused;
            if (running is { } other)
                return ChatErrors.TurnRunning.With("turnId", other.Value);
            var planned = await plan(tx, conversation);
            if (!planned.TryGet(out var what, out var refused))
                return refused;

            var now = clock.GetUtcNow();
            var modelId = what.ModelId ?? usual;
            var turn = new TurnEvent(
                Ids.New<TurnId>(clock), conversationId, what.Question ?? Ids.New<MessageId>(clock), what.Answer ?? Ids.New<MessageId>(clock), modelId,
                conversation is { Title: "", TitleSource: "auto" } ? TurnSql.TitleFrom(what.NewText) : conversation.Title);
            work = new TurnWork(turn, caller.UserId, modelId, what.Before, spoken, zone, known.SkillsFirst)
            {
                Branch = await WriteAsync(tx, turn, what, now),
            };
            return new TurnRow(turn.TurnId, conversationId, caller.UserId, turn.UserMessageId, turn.AssistantMessageId, "running", modelId, now, null, null, null, null, turn.Title);

            Task<List<BranchLine>> WriteAsync(Tx inside, TurnEvent begins, TurnPlan answer, DateTimeOffset at)
                => inside.QueryManyAsync(
                    answer.Question is null ? AskSql : answer.Answer is null ? AskAgainSql : GrowSql,
                    new
                    {
                        begins.TurnId, begins.ConversationId, begins.UserMessageId, begins.AssistantMessageId, begins.Title, Owner = caller.UserId, ClientId = clientId,
                        ParentId = answer.Parent, Text = answer.NewText, begins.ModelId, Language = spoken,
                        TimeZone = zone, BaseLength = answer.Before.Length, Now = at, options.Value.Lease, MaxMessages,
                    },
                    async results => (await results.ReadAsync<BranchLine>()).AsList(),
                    cancel);
        }, cancel);

        if (begun.Succeeded && work is not null)
            runner.Start(work);
        return begun;
    }
}
