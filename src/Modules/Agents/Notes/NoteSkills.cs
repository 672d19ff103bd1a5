using System.Text;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Reminders;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Time;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Texts;

namespace JeanTrail.Agents.Notes;

/// <summary>Keeps a note. What is to be remembered is kept in the person's memory, where that may be; else it is a note too.</summary>
internal sealed class NoteAddSkill(NoteBook notes, IMemory memory) : ISkill
{
    public string Id => "note-add";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        if (call.Slot("x") is not { } part)
            return null;
        var text = call.Raw("x").Trim();
        // "Note that this fails. Why?" asks something; it is nothing to be kept.
        if (text.Length == 0 || text[^1] is '?' or '؟' || call.IsQuestion(part) || (call.Tag == "loose" && call.IsDescription(part)))
            return Answer.NotAsked;
        if (call.Tag == "remember" && call.Message is { } message && await memory.RememberAsync(call.UserId, message, text, cancel))
            return new Answer(call.Say("remembered", NoteText.Short(text, 200)), call.Say("remembered.spoken"));
        if (text.Length > NoteBook.MaxLength)
            return call.Say("long", call.Numbers.Write((Rational)NoteBook.MaxLength));
        await notes.AddAsync(call.UserId, text, cancel);
        return new Answer(call.Say("result", NoteText.Short(text, 200)), call.Say("spoken"));
    }
}

/// <summary>Lists the newest notes.</summary>
internal sealed class NoteListSkill(NoteBook notes) : ISkill
{
    const int Shown = 10;

    public string Id => "note-list";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        var count = await notes.CountAsync(call.UserId, cancel);
        if (count == 0)
            return call.Say("none");
        var newest = await notes.ListAsync(call.UserId, Shown, cancel);
        var amount = Counts.Write(call.Numbers, "note", count);
        return new Answer(call.Say(count > Shown ? "more" : "result", amount, NoteText.List(call, newest)), call.Say("spoken", amount));
    }
}

/// <summary>Searches the person's notes and reminders.</summary>
internal sealed class NoteFindSkill(NoteBook notes, ReminderBook reminders) : ISkill
{
    const int Shown = 8;

    public string Id => "note-find";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        if (call.Slot("x") is not { Count: <= 12 } part)
            return null;
        var found = WordSearch.Find(await notes.ListAsync(call.UserId, NoteBook.SearchDepth, cancel), note => note.Text, call.Utterance, part);
        var open = WordSearch.Find(await reminders.OpenAsync(call.UserId, cancel), reminder => reminder.Text, call.Utterance, part);
        if (found.Count == 0 && open.Count == 0)
            return call.Say("none", call.Text("x"));
        var text = new StringBuilder(call.Say("result", call.Text("x")));
        if (found.Count > 0)
            text.Append("\n\n").Append(NoteText.List(call, found.Take(Shown)));
        foreach (var reminder in open.Take(Shown))
            text.Append("\n- ⏰ ").Append(NoteText.Short(reminder.Text, 200)).Append(" · ").Append(ReminderText.When(call, reminder.DueAt));
        return text.ToString();
    }
}

/// <summary>Deletes one note: the last, or the one that holds the words.</summary>
internal sealed class NoteDeleteSkill(NoteBook notes) : ISkill
{
    public string Id => "note-delete";

    public async ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel)
    {
        IReadOnlyList<Note> found;
        if (call.Tag == "last")
            found = await notes.ListAsync(call.UserId, 1, cancel);
        else if (call.Slot("x") is { Count: <= 12 } part)
            found = WordSearch.Find(await notes.ListAsync(call.UserId, NoteBook.SearchDepth, cancel), note => note.Text, call.Utterance, part);
        else
            return null;
        if (found.Count == 0)
            return call.Say("none");
        if (found.Count > 1)
            return call.Say("several", NoteText.List(call, found.Take(8)));
        await notes.DeleteAsync(call.UserId, found[0].Id, cancel);
        return call.Say("result", NoteText.Short(found[0].Text, 200));
    }
}

internal static class NoteText
{
    public static string List(SkillCall call, IEnumerable<Note> notes)
        => string.Join('\n', notes.Select(note => $"- {Short(note.Text, 200)} · {DateText.Date(call.Numbers, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(note.CreatedAt, call.Zone).DateTime))}"));

    /// <summary>One line of at most so many characters, never half a surrogate pair.</summary>
    public static string Short(string text, int length)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= length ? line : line.Cut(length).TrimEnd() + "…";
    }
}
