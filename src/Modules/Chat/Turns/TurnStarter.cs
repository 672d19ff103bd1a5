using Dapper;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>What came with the request for a turn.</summary>
/// <param name="ClientId">Made by the client; the same one means the same turn.</param>
/// <param name="Parent">What a new message follows; null for the head.</param>
/// <param name="Answer">The answer to continue or to give anew; null when something new is said.</param>
internal sealed record TurnCall(ConversationId Conversation, Guid ClientId, MessageId? Parent, MessageId? Answer, string? Language, string? TimeZone);

/// <summary>What a new turn is to answer.</summary>
/// <param name="Question">The person's message when it exists already; null to store <paramref name="NewText"/> as one.</param>
/// <param name="Parent">What the new message follows.</param>
/// <param name="Answer">The message that grows, or null for a new one below the person's.</param>
/// <param name="Before">Text that message already has.</param>
internal sealed record TurnPlan(MessageId? Question, MessageId? Parent, string NewText, MessageId? Answer, string? ModelId, string Before);

/// <summary>
/// Begins turns: one transaction under the lock of the conversation, idempotent by the client's id. It stands between the person and the
/// first token, so it takes three round trips (read, write, commit), and the answer begins beside the last two: nothing of it is shown,
/// kept or done before they are through.
/// </summary>
internal sealed class TurnStarter(Db db, TurnRunner runner, IModelGateway gateway, IPreferences preferences, IOptions<ChatOptions> options, TimeProvider clock)
{
    const int MaxMessages = 200;

    const string ReadSql = $"{TurnSql.LockConversation}; {TurnSql.FindByClient}; {TurnSql.FindRunning}; {TurnSql.Branch}";
    const string AskSql = $"{TurnSql.InsertQuestion}; {TurnSql.InsertAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}";
    const string AskAgainSql = $"{TurnSql.InsertAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}";
    const string GrowSql = $"{TurnSql.GrowAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}";

    public async Task<Result<TurnRow>> StartAsync(Caller caller, TurnCall call, Func<Tx, LockedConversation, Task<Result<TurnPlan>>> plan, CancellationToken cancel)
    {
        var known = await preferences.GetAsync(caller.UserId, cancel);
        var (language, zone) = (call.Language ?? known.Locale ?? "en", call.TimeZone ?? known.TimeZone);
        // Known before the turn is written down, so that every reader of it, here and on other nodes, is told who answers.
        var usual = await gateway.DefaultModelAsync(caller.UserId, cancel);
        RunningTurn? running = null;
        try
        {
            var begun = await db.InTransactionAsync(BeginAsync, cancel);
            if (running is not null)
                runner.Confirm(running);
            return begun;
        }
        catch
        {
            if (running is not null)
                TurnRunner.Abandon(running);
            throw;
        }

        async Task<Result<TurnRow>> BeginAsync(Tx tx)
        {
            var keys = new { Id = call.Conversation, Owner = caller.UserId, call.ClientId, call.Parent, call.Answer, MaxMessages };
            var (conversation, same, other, branch) = await tx.QueryManyAsync(ReadSql, keys, async results => (
                await results.ReadSingleOrDefaultAsync<LockedConversation>(),
                await results.ReadSingleOrDefaultAsync<TurnRow>(),
                await results.ReadSingleOrDefaultAsync<TurnId?>(),
                (await results.ReadAsync<BranchLine>()).AsList()), cancel);
            if (conversation is null)
                return ChatErrors.ConversationNotFound;
            if (same is not null)
                return same.ConversationId == call.Conversation ? same : ChatErrors.ClientIdReused;
            if (other is { } already)
                return ChatErrors.TurnRunning.With("turnId", already.Value);
            var planned = await plan(tx, conversation);
            if (!planned.TryGet(out var what, out var refused))
                return refused;

            var now = clock.GetUtcNow();
            var modelId = what.ModelId ?? usual;
            var turn = new TurnEvent(
                Ids.New<TurnId>(clock), call.Conversation, what.Question ?? Ids.New<MessageId>(clock), what.Answer ?? Ids.New<MessageId>(clock), modelId,
                conversation is { Title: "", TitleSource: "auto" } ? TurnSql.TitleFrom(what.NewText) : conversation.Title);
            if (what.Question is null)
                branch.Insert(0, new BranchLine("user", what.NewText));
            running = runner.Begin(new TurnWork(turn, caller.UserId, modelId, what.Before, language, zone, known.SkillsFirst) { Branch = branch });
            await tx.ExecuteAsync(
                what.Question is null ? AskSql : what.Answer is null ? AskAgainSql : GrowSql,
                new
                {
                    turn.TurnId,
                    turn.ConversationId,
                    turn.UserMessageId,
                    turn.AssistantMessageId,
                    turn.Title,
                    Owner = caller.UserId,
                    call.ClientId,
                    ParentId = what.Parent,
                    Text = what.NewText,
                    turn.ModelId,
                    Language = language,
                    TimeZone = zone,
                    BaseLength = what.Before.Length,
                    Now = now,
                    options.Value.Lease,
                },
                cancel);
            return new TurnRow(turn.TurnId, turn.ConversationId, caller.UserId, turn.UserMessageId, turn.AssistantMessageId, "running", modelId, now, null, null, null, null, turn.Title);
        }
    }
}
