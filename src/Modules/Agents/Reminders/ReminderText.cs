using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Time;

namespace JeanTrail.Agents.Reminders;

/// <summary>Takes a reminder apart into what and when, in whichever order it was said.</summary>
internal static class ReminderText
{
    static readonly Dictionary<Tongue, Lexicon<bool>> Links = DataFile.Words("Reminders/links.table");

    /// <summary>"tomorrow at 5pm to call mum", "to call mum at 5pm tomorrow", "tomorrow to call mum at 5pm".</summary>
    public static (Extent What, Moment? When) Split(SkillCall call, Extent part)
    {
        var (before, rest) = Prefix(call, part);
        rest = Unlink(call, rest);
        var (after, what) = Suffix(call, rest);
        what = TrimEnd(call, Unlink(call, what));
        return (what, Join(before, after) ?? before ?? after);
    }

    public static string When(SkillCall call, DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, call.Zone).DateTime;
        return local.Date == call.Now.Date ? DateText.Time(call.Numbers, local) : DateText.DateAndTime(call.Numbers, local);
    }

    static (Moment? Moment, Extent Left) Prefix(SkillCall call, Extent part)
    {
        for (var end = Math.Min(part.To, part.From + 14); end > part.From; end--)
        {
            if (Read(call, new Extent(part.From, end)) is { } moment)
                return (moment, new Extent(end, part.To));
        }

        return (null, part);
    }

    static (Moment? Moment, Extent Left) Suffix(SkillCall call, Extent part)
    {
        for (var start = Math.Max(part.From, part.To - 14); start < part.To; start++)
        {
            if (Read(call, new Extent(start, part.To)) is { } moment)
                return (moment, new Extent(part.From, start));
        }

        return (null, part);
    }

    static Moment? Read(SkillCall call, Extent part) => MomentReader.Read(call.Utterance, part, call.Tongue, call.Now);

    /// <summary>A day from one and a time from the other, or null when they do not complete each other.</summary>
    public static Moment? Join(Moment? a, Moment? b) => (a, b) switch
    {
        ({ HasDate: true, HasTime: false }, { HasTime: true, HasDate: false }) => a with { When = a.When.Date + b.When.TimeOfDay, HasTime = true },
        ({ HasTime: true, HasDate: false }, { HasDate: true, HasTime: false }) => b with { When = b.When.Date + a.When.TimeOfDay, HasTime = true },
        _ => null,
    };

    /// <summary>Drops the word that links the order to its content: to, that, о том что, أن, rằng.</summary>
    static Extent Unlink(SkillCall call, Extent part)
    {
        while (Links[call.Tongue].TryRead(call.Utterance, part.From, part.To, out _, out var next))
            part = part with { From = next };
        return part;
    }

    static Extent TrimEnd(SkillCall call, Extent part)
        => part.Count > 1 && Links[call.Tongue].TryReadAll(call.Utterance, new Extent(part.To - 1, part.To), out _) ? part with { To = part.To - 1 } : part;
}
