using System.Globalization;
using System.Text;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Time;

/// <summary>Today's date, its weekday and week, and the weekday of any other date.</summary>
internal sealed class DateTodaySkill : IInstantSkill
{
    public string Id => "date-today";

    public Answer? Try(SkillCall call)
    {
        var date = DateOnly.FromDateTime(call.Now);
        if (call.Slot("m") is { } part)
        {
            if (MomentReader.Read(call.Utterance, part, call.Tongue, call.Now) is not { HasDate: true, HasTime: false } moment)
                return null;
            date = moment.Date;
            return call.Say("other", DateText.Date(call.Numbers, date), DateText.Weekday(call.Tongue, date));
        }

        var week = call.Numbers.Digits(ISOWeek.GetWeekOfYear(date.ToDateTime(default)));
        return call.Tag switch
        {
            "week" => call.Say("week", week, call.Numbers.Digits(ISOWeek.GetYear(date.ToDateTime(default)))),
            "year" => call.Say("year", call.Numbers.Digits(date.Year)),
            "month" => call.Say("month", DateText.Month(call.Numbers, date)),
            _ => call.Say("today", DateText.Long(call.Numbers, date)),
        };
    }
}

/// <summary>A date so and so long before or after another.</summary>
internal sealed class DateMathSkill : IInstantSkill
{
    public string Id => "date-math";

    public Answer? Try(SkillCall call)
    {
        // A plain "tomorrow" or "1 March" is a date already; what is asked for here is counted.
        if (call.Tag == "")
            return call.Slot("m") is { } part && MomentReader.Read(call.Utterance, part, call.Tongue, call.Now) is { HasDate: true, Counted: true } moment
                ? Show(call, moment.When, moment.HasTime) : null;
        if (call.Slot("d") is not { } span || !TryShift(call, span, out var shift))
            return null;
        var start = call.Now.Date;
        if (call.Slot("m") is { } anchor)
        {
            if (MomentReader.Read(call.Utterance, anchor, call.Tongue, call.Now) is not { HasDate: true } from)
                return null;
            start = from.When;
        }
        else if (shift.HasClock)
        {
            start = call.Now;
        }

        return (call.Tag == "before" ? -shift : shift).From(start) is { } when ? Show(call, when, shift.HasClock) : call.Say("range");
    }

    static bool TryShift(SkillCall call, Extent part, out Shift shift)
    {
        shift = default;
        try
        {
            return Shift.TryRead(call.Utterance, part.From, part.To, call.Tongue, bare: true, out shift, out var next) && next == part.To;
        }
        catch (NumberException)
        {
            return false;
        }
    }

    static Answer Show(SkillCall call, DateTime when, bool withTime)
        => call.Say("result", withTime ? DateText.DateAndTime(call.Numbers, when) : DateText.Long(call.Numbers, DateOnly.FromDateTime(when)));
}

/// <summary>How many days until, since or between dates.</summary>
internal sealed class DaysUntilSkill : IInstantSkill
{
    public string Id => "days-until";

    public Answer? Try(SkillCall call)
    {
        if (call.Slot("m") is not { } part || MomentReader.Read(call.Utterance, part, call.Tongue, call.Now) is not { HasDate: true } moment)
            return null;
        var today = DateOnly.FromDateTime(call.Now);
        if (call.Tag == "between")
        {
            if (call.Slot("n") is not { } other || MomentReader.Read(call.Utterance, other, call.Tongue, call.Now) is not { HasDate: true } second)
                return null;
            var end = second is { YearGiven: false } && moment.YearGiven ? FirstFrom(moment.Date, second.Date) : second.Date;
            // "between 1 October and 1 March" with no years: the second follows the first.
            var start = moment is { YearGiven: false } && moment.Date > end ? moment.Date.AddYears(-1) : moment.Date;
            var between = Math.Abs(end.DayNumber - start.DayNumber);
            return call.Say("between", DateText.Date(call.Numbers, start), DateText.Date(call.Numbers, end), Amount(call, between));
        }

        var date = call.Tag == "since" && !moment.YearGiven && moment.Date > today ? moment.Date.AddYears(-1) : moment.Date;
        var days = date.DayNumber - today.DayNumber;
        return days switch
        {
            0 => call.Say("today", DateText.Date(call.Numbers, date)),
            > 0 => call.Say("until", DateText.Long(call.Numbers, date), Amount(call, days)),
            _ => call.Say("since", DateText.Long(call.Numbers, date), Amount(call, -days)),
        };
    }

    static DateOnly FirstFrom(DateOnly start, DateOnly yearly)
    {
        var month = Math.Min(yearly.Day, DateTime.DaysInMonth(start.Year, yearly.Month));
        var same = new DateOnly(start.Year, yearly.Month, month);
        return same >= start ? same : same.AddYears(1);
    }

    static string Amount(SkillCall call, int days)
    {
        var text = Counts.Write(call.Numbers, "day", days);
        return days >= 14 && days % 7 == 0 ? $"{text} ({Counts.Write(call.Numbers, "week", days / 7)})" : text;
    }
}

/// <summary>Age from a date or a year of birth.</summary>
internal sealed class AgeSkill : IInstantSkill
{
    public string Id => "age";

    public Answer? Try(SkillCall call)
    {
        var today = DateOnly.FromDateTime(call.Now);
        if (call.Slot("m") is not { } part)
            return null;
        if (part.Count == 1 && call.Utterance.Tokens[part.From].Plain.Length == 4 && NumberReader.TryInt(call.Utterance, part, call.Tongue, 1880, today.Year, out var year))
            return call.Say("year", Counts.Write(call.Numbers, "year", today.Year - year - 1), Counts.Write(call.Numbers, "year", today.Year - year));
        if (MomentReader.Read(call.Utterance, part, call.Tongue, call.Now) is not { HasDate: true, YearGiven: true } born || born.Date >= today || born.Date.Year < 1880)
            return null;
        var years = today.Year - born.Date.Year - (born.Date.AddYears(today.Year - born.Date.Year) > today ? 1 : 0);
        return call.Say("date", Counts.Write(call.Numbers, "year", years), Counts.Write(call.Numbers, "day", today.DayNumber - born.Date.DayNumber));
    }
}

/// <summary>A month as a table, weeks beginning on Monday.</summary>
internal sealed class CalendarSkill : IInstantSkill
{
    public string Id => "calendar";

    public Answer? Try(SkillCall call)
    {
        var today = DateOnly.FromDateTime(call.Now);
        var first = new DateOnly(today.Year, today.Month, 1);
        if (call.Slot("m") is { } part && !TryMonth(call, part, ref first))
            return null;
        return new Answer($"**{DateText.Month(call.Numbers, first)}**\n\n{Table(call, first, today)}", call.Say("spoken", DateText.Month(call.Numbers, first)));
    }

    static bool TryMonth(SkillCall call, Extent part, ref DateOnly first)
    {
        var words = TimeWords.Of(call.Tongue);
        if (words.TryRead(call.Utterance, part.From, part.To, out var month, out var next, word => word.Kind == "month"))
        {
            var year = first.Year;
            if (next < part.To && words.TryRead(call.Utterance, next, part.To, out _, out var afterWord, word => word.Kind is "year"))
                next = afterWord;
            if (next < part.To && NumberReader.TryInt(call.Utterance, new Extent(next, next + 1), call.Tongue, 1, 9999, out year))
                next++;
            if (next < part.To && words.TryRead(call.Utterance, next, part.To, out _, out var afterYear, word => word.Kind is "year"))
                next = afterYear;
            first = new DateOnly(Math.Max(1, year), month.Value, 1);
            return next == part.To;
        }

        if (MomentReader.Read(call.Utterance, part, call.Tongue, call.Now) is not { HasDate: true } moment)
            return false;
        first = new DateOnly(moment.Date.Year, moment.Date.Month, 1);
        return true;
    }

    static string Table(SkillCall call, DateOnly first, DateOnly today)
    {
        var table = new StringBuilder();
        table.Append("| ").AppendJoin(" | ", DateText.WeekdayHeads(call.Tongue)).Append(" |\n|");
        table.Append(string.Concat(Enumerable.Repeat(" ---: |", 7)));
        var days = DateTime.DaysInMonth(first.Year, first.Month);
        for (var cell = -DateText.Index(first); cell < days; cell += 7)
        {
            table.Append("\n|");
            for (var day = cell; day < cell + 7; day++)
            {
                var number = day < 0 || day >= days ? "" : call.Numbers.Digits(day + 1);
                table.Append(' ').Append(number.Length > 0 && first.AddDays(day) == today ? $"**{number}**" : number).Append(" |");
            }
        }

        return table.ToString();
    }
}

/// <summary>Whether a year has 29 February.</summary>
internal sealed class LeapYearSkill : IInstantSkill
{
    public string Id => "leap-year";

    public Answer? Try(SkillCall call)
    {
        if (call.Tag == "next")
        {
            var coming = call.Now.Year + 1;
            while (!DateTime.IsLeapYear(coming))
                coming++;
            return call.Say("next", call.Numbers.Digits(coming));
        }

        var year = call.Now.Year;
        if (call.Slot("y") is { } part && !NumberReader.TryInt(call.Utterance, part, call.Tongue, 1, 9999, out year))
            return null;
        return call.Say(DateTime.IsLeapYear(year) ? "yes" : "no", call.Numbers.Digits(year));
    }
}
