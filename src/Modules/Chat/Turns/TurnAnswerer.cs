using JeanTrail.Chat.Context;
using JeanTrail.Chat.Recordings;
using JeanTrail.Contracts.Gateway;
using Microsoft.Extensions.AI;

namespace JeanTrail.Chat.Turns;

/// <summary>
/// Asks the model and pumps what it says into the turn. Where it refuses before its first word what another request could mend (too long a
/// conversation, pictures it does not see), it is asked once more without.
/// </summary>
internal sealed class TurnAnswerer(IModelGateway gateway, TurnContext context, TurnContents contents, ModelTokens tokens, TranscriptWait recordings)
{
    const int MostTries = 3;

    /// <exception cref="ModelCallException">The call failed; what was said before is in the buffer.</exception>
    public async Task<TurnEnding> AnswerAsync(TurnWork work, RunningTurn turn)
    {
        var cancel = turn.Cancelled;
        var opened = await gateway.OpenAsync(work.Owner, work.Turn.ModelId, cancel);
        if (!opened.TryGet(out var model, out var error))
            return new("failed", error.ToMessageError(Blame.Client), null, turn.ModelId);

        using var client = model.Client;
        turn.ModelId = model.ModelId;
        work = await recordings.ForAsync(work, cancel);
        if (TranscriptWait.IsPending(work))
            turn.Note("recording-unheard");
        var images = true;
        for (var attempt = 1; ; attempt++)
        {
            var told = await context.BuildAsync(work, model, images, cancel);
            if (told.Unsent > 0 && (model.BuiltIn || !images))
                turn.Note("images-not-seen");
            else if (told.Unsent > 0)
                turn.Note("attachments-left-out");
            try
            {
                return await PumpAsync(work, turn, model, told);
            }
            catch (ModelCallException failure) when (attempt < MostTries && turn.Buffer.HasNothingSince(work) && Mendable(failure, told))
            {
                if (failure.ContextTooLong)
                    await tokens.LearnLimitAsync(model.ModelId, told.Count.Corrected(told.Plan.Estimated), cancel);
                else
                    images = false;
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void End(RunningTurn turn) => contents.End(turn);

    async Task<TurnEnding> PumpAsync(TurnWork work, RunningTurn turn, ModelClient model, ToldContext told)
    {
        try
        {
            return await TakeAllAsync(work, turn, model, told);
        }
        finally
        {
            // Also where it breaks off: what was said until then rests on it. A skill that answered in the model's stead was told nothing.
            if (work.Setting.Facts is { Count: > 0 } facts && turn.ModelId != ModelClient.BuiltInId && !turn.Buffer.HasNothingSince(work))
                turn.Note("memory-used", string.Join('\n', facts.Select(fact => fact.Text)));
        }
    }

    async Task<TurnEnding> TakeAllAsync(TurnWork work, RunningTurn turn, ModelClient model, ToldContext told)
    {
        TurnUsage? usage = null;
        await foreach (var update in model.Client.GetStreamingResponseAsync(told.Messages, TurnContext.OptionsOf(work, turn.Stored), turn.Cancelled))
        {
            // Not always the one that was asked: a skill may have answered in its stead.
            turn.ModelId = update.ModelId ?? turn.ModelId;
            foreach (var content in update.Contents)
            {
                if (content is UsageContent { Details: var details })
                    usage = new TurnUsage(details.InputTokenCount ?? 0, details.OutputTokenCount ?? 0);
                else if (await contents.TakeAsync(work, turn, content) is { } broken)
                    return new("failed", broken.ToMessageError(Blame.Upstream), usage, turn.ModelId);
            }
        }

        // Pictures are counted by rules of each model's own; from them nothing is learned about text.
        if (usage is { InputTokens: > 0 } && told.Images == 0)
            await tokens.LearnAsync(model.ModelId, told.Plan.Estimated, usage.InputTokens, turn.Cancelled);
        return new("completed", null, usage, turn.ModelId) { Summary = DueAfter(work, model, told.Plan) };
    }

    static SummaryDue? DueAfter(TurnWork work, ModelClient model, ContextPlan plan)
    {
        if (model.BuiltIn || work.SealedTo is not null || plan.SummariseUpTo is not { } upTo)
            return null;
        var lines = work.Branch.SkipWhile(line => line.Id != upTo).TakeWhile(line => line.Id != plan.Summary?.MessageId).Reverse().ToList();
        return lines.Count == 0 ? null : new SummaryDue(work.Owner, work.Turn.ConversationId, model.ModelId, upTo, lines, plan.Summary?.Text);
    }

    static bool Mendable(ModelCallException failure, ToldContext told)
        => failure.ContextTooLong ? told.Plan.Recent.Count > 1 || told.Plan.Recent.Sum(line => line.TextRoom) > 0
            : told.Images > 0 && failure.Error.Code is "gateway.upstream_error" or "gateway.no_target" or "gateway.not_translatable";
}
