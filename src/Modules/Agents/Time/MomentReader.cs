using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <summary>
/// Reads dates and times as they are said: "tomorrow at 5pm", "in two weeks", "1 марта 2027", "thứ hai tới lúc 9 giờ", "بعد ساعتين".
/// Every word of the part must be understood; what is left over makes it no moment.
/// </summary>
internal sealed partial class MomentReader
{
    readonly Utterance text;
    readonly Tongue tongue;
    readonly DateTime now;
    readonly Lexicon<TimeWord> words;
    int at;
    int end;

    DateOnly? date;
    bool yearGiven;
    Shift? shift;
    (int Day, int Weeks)? weekday;
    int? hour;
    int minute;
    bool? afternoon;
    int? partOfDay;
    bool marked; // Said with a clock sign or part of day, so that 5 is not taken for anything else.
    bool literal; // 17:30 and 05:30 mean what they say.

    MomentReader(Utterance text, Extent part, Tongue tongue, DateTime now)
    {
        (this.text, this.tongue, this.now, at, end) = (text, tongue, now, part.From, part.To);
        words = TimeWords.Of(tongue);
    }

    /// <summary>The moment the whole part names, or null.</summary>
    public static Moment? Read(Utterance text, Extent part, Tongue tongue, DateTime now)
    {
        if (part.Count is 0 or > 16)
            return null;
        var reader = new MomentReader(text, part, tongue, now);
        try
        {
            return reader.ReadAll() ? reader.Resolve() : null;
        }
        catch (NumberException)
        {
            return null;
        }
    }

    bool ReadAll()
    {
        while (at < end)
        {
            var start = at;
            if (!(ReadShift() || ReadNumericDate() || ReadNamedDate() || ReadDayWord() || ReadWeekday() || ReadClock() || ReadPartOfDay() || Skip()))
                return false;
            if (at == start)
                return false;
        }

        return true;
    }

    bool Take(string kind, out int value)
    {
        if (words.TryRead(text, at, end, out var word, out var next, candidate => candidate.Kind == kind))
        {
            (value, at) = (word.Value, next);
            return true;
        }

        value = 0;
        return false;
    }

    bool Take(string kind) => Take(kind, out _);

    bool Skip() => Take("skip");

    bool ReadShift()
    {
        var start = at;
        if (shift is null && Take("now"))
            return Accept(default);
        if (shift is null && Take("in") && Shift.TryRead(text, at, end, tongue, bare: true, out var ahead, out at))
        {
            Take("later");
            return Accept(ahead);
        }

        at = start;
        if (shift is null && Take("before") && Shift.TryRead(text, at, end, tongue, bare: true, out var back, out at))
            return Accept(-back);
        at = start;
        if (shift is null && Shift.TryRead(text, at, end, tongue, bare: false, out var length, out at))
        {
            if (Take("ago"))
                return Accept(-length);
            if (Take("later"))
                return Accept(length);
        }

        at = start;
        // next week, tuần sau, следующий месяц
        if (shift is null && Next(out var direction) && Take("unit", out var unit) && unit >= 4)
            return Accept(Shift.Of(unit, direction));
        at = start;
        if (shift is null && Take("unit", out unit) && unit >= 4 && Next(out direction))
            return Accept(Shift.Of(unit, direction));
        at = start;
        return false;

        bool Accept(Shift value)
        {
            shift = value;
            return true;
        }
    }

    bool Next(out int direction)
    {
        direction = 1;
        if (Take("next"))
            return true;
        direction = -1;
        if (Take("last"))
            return true;
        direction = 0;
        return Take("this");
    }

    bool ReadDayWord()
    {
        if (date is not null || weekday is not null)
            return false;
        if (Take("day", out var offset))
            return SetDate(DateOnly.FromDateTime(now).AddDays(offset), true);
        if (!Take("holiday", out var holiday))
            return false;
        return SetDate(NextYearly(holiday / 100, holiday % 100), false);
    }

    bool ReadWeekday()
    {
        if (date is not null || weekday is not null)
            return false;
        var start = at;
        Skip();
        var before = Next(out var direction);
        if (!Take("weekday", out var day))
        {
            at = start;
            return false;
        }

        if (!before && !Next(out direction))
            direction = 2; // Just the day: the coming one.
        weekday = (day, direction);
        return true;
    }

    bool ReadClock()
    {
        if (hour is not null)
            return false;
        var start = at;
        if (!ClockNumbers.TryRead(text, at, end, tongue, out var clock, out var next))
            return Undo(start);
        at = next;
        (hour, minute, literal) = (clock.Hour, clock.Minute, clock.Literal);
        marked |= clock.Marked;
        if (Take("am"))
            (afternoon, marked) = (false, true);
        else if (Take("pm"))
            (afternoon, marked) = (true, true);
        return marked || partOfDay is not null || Undo(start);
    }

    bool ReadPartOfDay()
    {
        if (Take("hour", out var named) && hour is null)
        {
            (hour, literal, marked) = (named, true, true);
            return true;
        }

        if (partOfDay is not null || !Take("part", out var part))
            return false;
        partOfDay = part;
        // "tonight" and "this evening" name the day as well.
        return true;
    }

    bool Undo(int start)
    {
        at = start;
        if (!marked)
            hour = null;
        return false;
    }

    bool SetDate(DateOnly value, bool withYear)
    {
        (date, yearGiven) = (value, withYear);
        return true;
    }

    static bool IsDate(int year, int month, int day)
        => year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
}
