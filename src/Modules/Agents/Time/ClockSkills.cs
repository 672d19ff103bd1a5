using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Time;

/// <summary>The time where the person is.</summary>
internal sealed class TimeNowSkill : IInstantSkill
{
    public string Id => "time-now";

    public Answer? Try(SkillCall call)
        => new(call.Say("result", DateText.Time(call.Numbers, call.Now), DateText.Long(call.Numbers, DateOnly.FromDateTime(call.Now))), call.Say("spoken", DateText.Time(call.Numbers, call.Now)));
}

/// <summary>The time in a city, a country or at an offset from UTC.</summary>
internal sealed class TimeInPlaceSkill : IInstantSkill
{
    public string Id => "time-in-place";

    public Answer? Try(SkillCall call)
    {
        if (call.Slot("place") is not { } part || !Zones.TryRead(call.Utterance, part, call.Tongue, out var zone, out var name))
            return null;
        var there = TimeZoneInfo.ConvertTime(call.UtcNow, zone).DateTime;
        return call.Say("result", name, DateText.Time(call.Numbers, there), DateText.Long(call.Numbers, DateOnly.FromDateTime(there)));
    }
}

/// <summary>A time in one place told in another, and the difference between two places.</summary>
internal sealed class TimeConvertSkill : IInstantSkill
{
    public string Id => "time-convert";

    public Answer? Try(SkillCall call)
    {
        var (from, fromName) = (call.Zone, "");
        var (to, toName) = (call.Zone, "");
        if (call.Slot("a") is { } a && !Zones.TryRead(call.Utterance, a, call.Tongue, out from, out fromName))
            return null;
        if (call.Slot("b") is { } b && !Zones.TryRead(call.Utterance, b, call.Tongue, out to, out toName))
            return null;
        fromName = fromName == "" ? call.Say("here") : fromName;
        toName = toName == "" ? call.Say("here") : toName;
        if (call.Tag == "difference")
            return Difference(call, from, fromName, to, toName);

        var nowThere = TimeZoneInfo.ConvertTime(call.UtcNow, from).DateTime;
        // Parse against the start of that day: "9am in Tokyo" is today's there, also when it has passed.
        if (call.Slot("t") is not { } t || ClockOf(call, t, nowThere) is not { } time)
            return null;
        if (from.IsInvalidTime(time))
            return call.Say("skipped", DateText.Time(call.Numbers, time), fromName);
        var result = TimeZoneInfo.ConvertTime(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), from, to);
        var days = DateOnly.FromDateTime(result).DayNumber - DateOnly.FromDateTime(time).DayNumber;
        var day = days switch { 0 => "", > 0 => call.Say("next-day"), _ => call.Say("day-before") };
        return call.Say("result", DateText.Time(call.Numbers, time), fromName, DateText.Time(call.Numbers, result), toName, day);
    }

    static DateTime? ClockOf(SkillCall call, Extent part, DateTime nowThere)
    {
        if (MomentReader.Read(call.Utterance, part, call.Tongue, nowThere.Date.AddSeconds(-1)) is { HasTime: true } moment)
            return moment.When;
        // "9 in London" has no sign of a clock but stands where a time must stand.
        return Numbers.NumberReader.TryInt(call.Utterance, part, call.Tongue, 0, 23, out var hour) ? nowThere.Date.AddHours(hour) : null;
    }

    static Answer Difference(SkillCall call, TimeZoneInfo from, string fromName, TimeZoneInfo to, string toName)
    {
        var minutes = (int)(to.GetUtcOffset(call.UtcNow) - from.GetUtcOffset(call.UtcNow)).TotalMinutes;
        if (minutes == 0)
            return call.Say("same", toName, fromName);
        var (hours, rest) = Math.DivRem(Math.Abs(minutes), 60);
        var amount = Numbers.Counts.Write(call.Numbers, "hour", hours);
        if (rest > 0)
            amount = hours == 0 ? Numbers.Counts.Write(call.Numbers, "minute", rest) : $"{amount} {Numbers.Counts.Write(call.Numbers, "minute", rest)}";
        return call.Say(minutes > 0 ? "ahead" : "behind", toName, amount, fromName);
    }
}
