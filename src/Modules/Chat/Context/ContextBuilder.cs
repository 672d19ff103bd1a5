using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Chat;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Context;

/// <summary>
/// Chooses what a model is told: the newest messages that fit, what is pinned, what a search found, and in place of the rest a summary.
/// Pure: the same conversation gives the same choice, for the turn and for the meter that explains it.
/// </summary>
internal sealed class ContextBuilder(IOptions<ContextOptions> options)
{
    public int BudgetOf(ModelCount model) => Math.Min(options.Value.MaxTokens, model.MaxTokens ?? int.MaxValue);

    /// <param name="branch">Newest first; what is to be answered comes first and is always in.</param>
    /// <param name="fixedTokens">Estimate of what is told besides: who Jean is, instructions, what is to be continued.</param>
    /// <param name="relevant">What a search found, the best first.</param>
    public ContextPlan Plan(IReadOnlyList<BranchLine> branch, ContextSetting setting, ModelCount model, int fixedTokens, IReadOnlyList<BranchLine> relevant)
    {
        // Everything is reckoned in uncorrected tokens, so the budget is uncorrected as well.
        var budget = (int)(BudgetOf(model) / model.Factor);
        var summary = setting.Summary is { } known && branch.Any(line => line.Id == known.MessageId) ? known : null;
        var covered = summary is null ? branch.Count : IndexOf(branch, summary.MessageId);
        var room = budget - fixedTokens - (summary is null ? 0 : TokenEstimate.Of(summary.Text));

        var recent = new List<PlannedLine>();
        var images = options.Value.MaxImages;
        var kept = RoomFor(branch.Concat(setting.Pinned).Where(line => line.Pinned), (int)(budget * options.Value.PinnedShare))
            + RoomFor(relevant, (int)(budget * options.Value.RelevantShare));
        var left = room - kept;
        for (var i = 0; i < covered; i++)
        {
            var planned = Planned(branch[i], "recent", Math.Max(0, i == 0 ? left : left / 2), ref images);
            if (i > 0 && planned.Tokens > left)
                break;
            left -= planned.Tokens;
            recent.Add(planned);
        }

        var (before, leftOut) = Earlier(branch, setting, recent.Count, covered, left + kept, relevant);
        var estimated = budget - left - kept + before.Sum(line => line.Tokens);
        return new ContextPlan(summary, before, recent, leftOut, estimated, BudgetOf(model), SummaryDue(branch, recent, covered, budget));
    }

    /// <summary>What messages need, within their share.</summary>
    static int RoomFor(IEnumerable<BranchLine> lines, int most)
        => Math.Min(most, lines.DistinctBy(line => line.Id).Sum(line => TokenEstimate.Of(line.Text) + TokenEstimate.PerMessage));

    static (IReadOnlyList<PlannedLine> Before, IReadOnlyList<LeftOutLine> LeftOut) Earlier(
        IReadOnlyList<BranchLine> branch, ContextSetting setting, int taken, int covered, int room, IReadOnlyList<BranchLine> relevant)
    {
        var recent = branch.Take(taken).Select(line => line.Id).ToHashSet();
        // What was read of the branch first, as the others have no files with them.
        var older = branch.Concat(setting.Pinned).Concat(relevant).Where(line => !recent.Contains(line.Id)).DistinctBy(line => line.Id).OrderBy(line => line.Step).ToList();
        var chosen = new Dictionary<MessageId, PlannedLine>();
        foreach (var line in older.Where(line => line.Pinned))
            Take(line, "pinned");
        foreach (var line in relevant.Where(line => !recent.Contains(line.Id)))
            Take(line, "relevant");
        var before = older.Where(line => chosen.ContainsKey(line.Id)).Select(line => chosen[line.Id]).Reverse().ToList();
        var leftOut = older.Select((line, index) => (line, index)).Where(each => !chosen.ContainsKey(each.line.Id))
            .Select(each => new LeftOutLine(
                each.line, each.line.Pinned ? "pinned-too-long" : taken + each.index >= covered ? "summarised" : "too-old", TokenEstimate.Of(each.line.Text)))
            .ToList();
        return (before, leftOut);

        void Take(BranchLine line, string why)
        {
            var tokens = TokenEstimate.Of(line.Text) + TokenEstimate.PerMessage;
            if (chosen.ContainsKey(line.Id) || tokens > room)
                return;
            room -= tokens;
            chosen[line.Id] = new PlannedLine(line, why, tokens, [], 0);
        }
    }

    PlannedLine Planned(BranchLine line, string why, int fileRoom, ref int images)
    {
        var text = TokenEstimate.Of(line.Text) + TokenEstimate.PerMessage;
        var shown = line.Role == "user" ? line.Files.Where(file => MediaTypes.IsPicture(file.MediaType)).Take(images).ToList() : [];
        images -= shown.Count;
        var pictures = shown.Sum(file => TokenEstimate.OfImage(file.Width, file.Height));
        var files = line.Role == "user" ? line.Files.Sum(file => TokenEstimate.OfLength(file.TextLength ?? 0)) : 0;
        var textRoom = Math.Min(files, Math.Max(0, fileRoom - text - pictures));
        return new PlannedLine(line, why, text + pictures + textRoom, shown, textRoom);
    }

    /// <summary>
    /// When what is left out without a summary is worth one. It then reaches into the older half of what still fits, so that the next one is
    /// due only after as much again was said.
    /// </summary>
    MessageId? SummaryDue(IReadOnlyList<BranchLine> branch, List<PlannedLine> recent, int covered, int budget)
    {
        if (options.Value.Pruning != "summary" || recent.Count >= covered)
            return null;
        var half = 0;
        var keep = 0;
        while (keep < recent.Count - 1 && half + recent[keep].Tokens <= budget / 2)
            half += recent[keep++].Tokens;
        // An answer ends what is summarised, so that the question after it stays with its answer.
        while (keep < branch.Count && branch[keep].Role != "assistant")
            keep++;
        return keep < branch.Count && keep > 0 ? branch[keep].Id : null;
    }

    static int IndexOf(IReadOnlyList<BranchLine> branch, MessageId id)
    {
        for (var i = 0; i < branch.Count; i++)
        {
            if (branch[i].Id == id)
                return i;
        }

        return branch.Count;
    }
}
