using JeanTrail.Chat.Search;
using JeanTrail.Chat.Turns;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Context;

/// <summary>
/// Finds what was said earlier in a conversation that bears on a question, by its words and by what it means. An answer never waits long for
/// it: what is late is left out.
/// </summary>
internal sealed class EarlierMessages(WordsInConversation words, MeaningSearch meanings, Db db, IOptions<ContextOptions> options, TimeProvider clock)
{
    const int Most = 6;

    /// <summary>Of a text, in UTF-16 code units. A longer question is a document, and asks with its beginning.</summary>
    const int LongestQuestion = 2_000;

    // Up from where the branch was read to; what is on none of its steps was said on another one.
    const string OnBranchSql = """
        with recursive way as (
            select m.message_id, m.parent_id, @Step::integer as step from chat.message m where m.message_id = @From
            union all
            select p.message_id, p.parent_id, w.step + 1
            from way w cross join lateral (select m.message_id, m.parent_id from chat.message m where m.message_id = w.parent_id offset 0) p
            where w.step < 20000)
        select m.message_id as id, m.role, left(m.text, 20000) as text, m.pinned_at is not null as pinned, null::text as attachments, w.step
        from way w join chat.message m on m.message_id = w.message_id where w.message_id = any(@Ids::uuid[])
        """;

    /// <summary>The best first; none of what the plan tells anyway.</summary>
    public async Task<IReadOnlyList<BranchLine>> FindAsync(TurnWork work, ContextPlan plan, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Value.EarlierTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await FindInTimeAsync(work, [.. plan.Lines.Select(planned => planned.Line.Id.Value)], either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [];
        }
    }

    async Task<IReadOnlyList<BranchLine>> FindInTimeAsync(TurnWork work, HashSet<Guid> told, CancellationToken cancel)
    {
        var question = work.Branch[0].Text[..Math.Min(work.Branch[0].Text.Length, LongestQuestion)];
        if (string.IsNullOrWhiteSpace(question))
            return [];
        // What is told anyway is the likest of all.
        var most = Most + told.Count;
        var near = meanings.FindInAsync(work.Owner, work.Turn.ConversationId, question, most, cancel);
        var byWords = await words.FindAsync(work.Turn.ConversationId, question, most, cancel);
        Guid[] found = [.. ReciprocalRank.Of(byWords, await near ?? []).OrderByDescending(each => each.Value).Select(each => each.Key).Where(id => !told.Contains(id)).Take(Most)];
        var lines = work.Branch.Where(line => found.Contains(line.Id.Value)).ToList();
        if (lines.Count < found.Length)
            lines.AddRange(await db.QueryAsync<BranchLine>(OnBranchSql, new { From = work.Branch[^1].Id, work.Branch[^1].Step, Ids = found.Except(lines.Select(line => line.Id.Value)).ToArray() }, cancel));
        return [.. lines.OrderBy(line => Array.IndexOf(found, line.Id.Value))];
    }
}
