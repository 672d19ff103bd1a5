using Dapper;
using JeanTrail.Chat.Context;
using JeanTrail.Chat.Memory;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Turns;

/// <summary>What came with the request for a turn.</summary>
/// <param name="ClientId">Made by the client; the same one means the same turn.</param>
/// <param name="Parent">What a new message follows; null for the head.</param>
/// <param name="Beside">The answer to continue or to give anew, or the question to word anew: a model is told what stands before it. Null for what goes on.</param>
/// <param name="Together">Whether it is written beside whatever else is being written here, without becoming what is shown.</param>
internal sealed record TurnCall(
    ConversationId Conversation, Guid ClientId, MessageId? Parent, MessageId? Beside, string? Language, string? TimeZone, bool Together = false);

/// <summary>What a new turn is to answer.</summary>
/// <param name="Question">The person's message when it exists already; null to store <paramref name="NewText"/> as one.</param>
/// <param name="Parent">What the new message follows.</param>
/// <param name="Answer">The message that grows, or null for a new one below the person's.</param>
/// <param name="Before">Text that message already has.</param>
internal sealed record TurnPlan(MessageId? Question, MessageId? Parent, string NewText, MessageId? Answer, string? ModelId, string Before)
{
    /// <summary>What comes with the new message.</summary>
    public IReadOnlyList<LineAttachment>? Attachments { get; init; }

    /// <summary>Parts that message already has.</summary>
    public IReadOnlyList<MessagePart> PartsBefore { get; init; } = [];
}

/// <summary>
/// Begins turns: one transaction under the lock of the conversation, idempotent by the client's id. It stands between the person and the
/// first token, so it takes four round trips (read, quota, write, commit), and the answer begins beside the last two: nothing of it is shown,
/// kept or done before they are through. No model is asked for a person whose plan is used up; a turn that fails to begin gives its share
/// back with the transaction.
/// </summary>
internal sealed class TurnStarter(
    Db db, TurnRunner runner, TurnSurroundings around, IQuotas quotas, ConversationNews news, IOptions<ChatOptions> options, TimeProvider clock)
{
    internal const int MaxMessages = 200;

    /// <summary>Of the turns that a person follows one at a time; 1 to 4 are for answers beside each other.</summary>
    const short OwnLane = 0;

    static readonly short[] Beside = [1, 2, 3, 4];

    const string ReadSql = $"{TurnSql.LockConversation}; {TurnSql.FindByClient}; {TurnSql.FindRunning}; {TurnSql.Branch}; {TurnSql.Summaries}; {TurnSql.PinnedOnBranch}; {ToldMemory.Sql}";
    const string AskSql = $"{TurnSql.InsertQuestion}; {TurnSql.InsertAttachments}; {TurnSql.InsertAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}";
    const string AskAgainSql = $"{TurnSql.InsertAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}";
    const string AskTogetherSql = $"{TurnSql.InsertAnswer}; {TurnSql.Insert}";
    const string GrowSql = $"{TurnSql.GrowAnswer}; {TurnSql.Insert}; {TurnSql.MoveHead}";

    public async Task<Result<TurnRow>> StartAsync(Caller caller, TurnCall call, Func<Tx, LockedConversation, Task<Result<TurnPlan>>> plan, CancellationToken cancel)
    {
        var (language, zone, usual, skillsFirst) = await around.OfAsync(caller.UserId, call.Language, call.TimeZone, cancel);
        RunningTurn? running = null;
        var together = false;
        try
        {
            var begun = await db.InTransactionAsync(BeginAsync, cancel);
            if (running is not null)
                runner.Confirm(running);
            // The others see the question while it is answered.
            if (together && begun.Succeeded)
                await news.ChangedAsync(call.Conversation, CancellationToken.None);
            return begun;
        }
        catch
        {
            running?.Abandon();
            throw;
        }

        async Task<Result<TurnRow>> BeginAsync(Tx tx)
        {
            var keys = new { Id = call.Conversation, Owner = caller.UserId, Person = caller.UserId, call.ClientId, call.Parent, call.Beside, MaxMessages, Now = clock.GetUtcNow() };
            var (conversation, same, others, branch, summaries, pinned, facts) = await tx.QueryManyAsync(ReadSql, keys, async results => (
                await results.ReadSingleOrDefaultAsync<LockedConversation>(),
                await results.ReadSingleOrDefaultAsync<TurnRow>(),
                (await results.ReadAsync<Other>()).AsList(),
                (await results.ReadAsync<BranchLine>()).AsList(),
                (await results.ReadAsync<KnownSummary>()).AsList(),
                (await results.ReadAsync<BranchLine>()).AsList(),
                (await results.ReadAsync<ToldFact>()).AsList()), cancel);
            if (conversation is null)
                return await ChatAccess.RefusalAsync(tx, call.Conversation.Value, caller.UserId, ChatRole.Edit, cancel);
            together = conversation.Together;
            if (same is not null)
                return same.ConversationId == call.Conversation ? same : ChatErrors.ClientIdReused;
            if (!call.Together && others.Find(other => other.Lane == OwnLane) is { } already)
                return ChatErrors.TurnRunning.With("turnId", already.Id.Value);
            short[] free = call.Together ? [.. Beside.Except(others.Select(other => other.Lane))] : [OwnLane];
            if (free.Length == 0)
                return ChatErrors.TooManyTogether;
            var planned = await plan(tx, conversation);
            if (!planned.TryGet(out var what, out var refused))
                return refused;
            if (await quotas.TryTakeAsync(tx, caller.UserId, QuotaMeter.Requests, 1, cancel) is { } exhausted)
                return exhausted;

            var now = clock.GetUtcNow();
            var modelId = what.ModelId ?? usual;
            var turn = new TurnEvent(
                Ids.New<TurnId>(clock), call.Conversation, what.Question ?? Ids.New<MessageId>(clock), what.Answer ?? Ids.New<MessageId>(clock), modelId,
                conversation is { Title: "", TitleSource: "auto" } ? TurnSql.TitleFrom(what.NewText.Length > 0 || what.Attachments is not [var first, ..] ? what.NewText : first.Name) : conversation.Title);
            if (what.Question is null)
                branch.Insert(0, new BranchLine(turn.UserMessageId, "user", what.NewText, Pinned: false, what.Attachments is { Count: > 0 } files ? ChatJson.Write(files) : null, Step: 0));
            running = runner.Begin(new TurnWork(turn, caller.UserId, what.Before, language, zone, skillsFirst && !call.Together) { Branch = branch, Setting = conversation.SettingWith(summaries, branch, pinned, facts), PartsBefore = what.PartsBefore });
            await tx.ExecuteAsync(
                what.Question is null ? AskSql : what.Answer is not null ? GrowSql : call.Together ? AskTogetherSql : AskAgainSql,
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
                    Lane = free[0],
                    AttachmentIds = (what.Attachments ?? []).Select(file => file.Id.Value).ToArray(),
                    Now = now,
                    options.Value.Lease,
                },
                cancel);
            return new TurnRow(turn.TurnId, turn.ConversationId, caller.UserId, turn.UserMessageId, turn.AssistantMessageId, "running", modelId, now, null, null, null, null, turn.Title);
        }
    }

    sealed record Other(TurnId Id, short Lane);
}
