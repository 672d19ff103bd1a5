using System.Text;
using JeanTrail.Agents.Notes;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Time;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Reminders;

/// <summary>Reminders, timers and alarms.</summary>
internal sealed class ReminderSetSkill(ReminderBook reminders) : ISkill
{
    const int DefaultHour = 9;

    public string Id => "reminder-set";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        if (call.Utterance.Truncated)
            return null;
        if (call.Tag == "timer")
            return await TimerAsync(call, cancel);
        if (call.Slot("x") is not { } part)
            return null;
        var (what, when) = ReminderText.Split(call, part);
        if (call.Tag == "when-first")
        {
            // "In 20 minutes remind me to …": what stands before must be a time and nothing else.
            if (call.Slot("w") is not { } before || MomentReader.Read(call.Utterance, before, call.Tongue, call.Now) is not { } moment)
                return null;
            when = ReminderText.Join(moment, when) ?? moment;
        }

        if (call.Tag == "alarm")
            return when is { HasTime: true } && what.Count == 0 ? await SetAsync(call, call.Say("alarm"), when.When, cancel) : null;
        if (what.Count == 0)
            return when is null ? null : call.Say("what");
        var text = Capital(call.Utterance.Text(what));
        if (when is null)
            return call.IsQuestion(what) ? Answer.NotAsked : call.Say("when", text);
        return text.Length > ReminderBook.MaxLength ? call.Say("long", call.Numbers.Write((Rational)ReminderBook.MaxLength)) : await SetAsync(call, text, WithTime(call, when), cancel);
    }

    async Task<Answer?> TimerAsync(SkillCall call, CancellationToken cancel)
    {
        if (call.Slot("d") is not { } part)
            return null;
        try
        {
            if (!Shift.TryRead(call.Utterance, part.From, part.To, call.Tongue, bare: true, out var shift, out var next) || next != part.To
                || shift is not { Months: 0, Seconds: >= 0 and < 8_640_000, Days: >= 0 and < 100 })
                return null;
            var due = call.UtcNow.AddDays(shift.Days).AddSeconds(shift.Seconds);
            return await StoreAsync(call, call.Say("timer", call.Utterance.Text(part)), due, cancel);
        }
        catch (NumberException)
        {
            return null;
        }
    }

    /// <summary>A day without a time means nine in the morning, or within the hour when that has passed.</summary>
    static DateTime WithTime(SkillCall call, Moment when)
    {
        if (when.HasTime)
            return when.When;
        var morning = when.When.Date.AddHours(DefaultHour);
        return morning > call.Now || when.When.Date != call.Now.Date ? morning : call.Now.AddHours(1);
    }

    async Task<Answer?> SetAsync(SkillCall call, string text, DateTime local, CancellationToken cancel)
    {
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // Clocks that jump over this minute ring when they have jumped.
        if (call.Zone.IsInvalidTime(wall))
            wall = wall.AddHours(1);
        var due = new DateTimeOffset(wall, call.Zone.GetUtcOffset(wall)).ToUniversalTime();
        return due <= call.UtcNow ? call.Say("past") : await StoreAsync(call, text, due, cancel);
    }

    async Task<Answer?> StoreAsync(SkillCall call, string text, DateTimeOffset due, CancellationToken cancel)
    {
        var reminder = await reminders.AddAsync(call.UserId, text, call.Tongue.Code(), due, cancel);
        var when = ReminderText.When(call, due);
        return new Answer(call.Say("result", text, when), call.Say("spoken", when)).With(new ClientAction("reminder-set", reminder.Id.ToString(), text));
    }

    static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}

/// <summary>What is still to come, and what has come due.</summary>
internal sealed class ReminderListSkill(ReminderBook reminders) : ISkill
{
    const int Shown = 15;

    public string Id => "reminder-list";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        var open = await reminders.OpenAsync(call.UserId, cancel);
        if (open.Count == 0)
            return call.Say("none");
        var amount = Counts.Write(call.Numbers, "reminder", open.Count);
        var text = new StringBuilder(call.Say("result", amount)).Append('\n');
        foreach (var reminder in open.Take(Shown))
            text.Append("\n- ").Append(NoteText.Short(reminder.Text, 200)).Append(" · **").Append(ReminderText.When(call, reminder.DueAt)).Append("**");
        return new Answer(text.ToString(), call.Say("spoken", amount, NoteText.Short(open[0].Text, 100), ReminderText.When(call, open[0].DueAt)));
    }
}

/// <summary>Cancels one reminder by its words, the last one, or all.</summary>
internal sealed class ReminderCancelSkill(ReminderBook reminders) : ISkill
{
    public string Id => "reminder-cancel";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        var open = await reminders.OpenAsync(call.UserId, cancel);
        IReadOnlyList<Reminder> chosen;
        if (call.Slot("x") is { } part)
            chosen = part.Count <= 12 ? WordSearch.Find(open, reminder => reminder.Text, call.Utterance, part) : [];
        else if (call.Tag == "all")
            chosen = open;
        else
            chosen = [.. open.OrderByDescending(reminder => reminder.CreatedAt).Take(1)];
        if (chosen.Count == 0)
            return call.Say(open.Count == 0 ? "none" : "unknown");
        if (chosen.Count > 1 && call.Tag != "all")
            return call.Say("several", string.Join('\n', chosen.Take(8).Select(reminder => $"- {NoteText.Short(reminder.Text, 200)} · {ReminderText.When(call, reminder.DueAt)}")));
        await reminders.DeleteAsync(call.UserId, [.. chosen.Select(reminder => reminder.Id)], cancel);
        return chosen.Count == 1 ? call.Say("result", NoteText.Short(chosen[0].Text, 200)) : call.Say("all", Counts.Write(call.Numbers, "reminder", chosen.Count));
    }
}
