namespace JeanTrail.Agents.Time;

internal sealed partial class MomentReader
{
    DateOnly NextYearly(int month, int day)
    {
        var today = DateOnly.FromDateTime(now);
        for (var year = today.Year; ; year++)
        {
            if (IsDate(year, month, day) && new DateOnly(year, month, day) >= today)
                return new DateOnly(year, month, day);
        }
    }

    Moment? Resolve()
    {
        var someTime = hour is not null || partOfDay is not null;
        var someDate = date is not null || weekday is not null;
        if (shift is { } by)
        {
            if (someDate && by.HasClock)
                return null;
            if (by.From(now) is not { } moved)
                return null;
            if (by.HasClock || (by.IsZero && !someTime && !someDate))
                return someTime ? null : new Moment(moved, true, true, true, true);
            date ??= DateOnly.FromDateTime(moved);
            (yearGiven, someDate) = (true, true);
        }

        if (weekday is { } named)
            (date, yearGiven) = (Resolve(named, shift is null ? DateOnly.FromDateTime(now) : date!.Value, shift is not null), true);
        if (!someTime)
            return date is { } day ? new Moment(day.ToDateTime(default), true, false, yearGiven, shift is not null) : null;
        return ClockNumbers.Resolve(hour, minute, afternoon, partOfDay, literal, date, now) is { } when ? new Moment(when, someDate, true, yearGiven || !someDate, shift is not null) : null;
    }

    /// <summary>The coming Monday is after today; "next Monday" is it too; "last Monday" is before today; with "next week" it is in that week.</summary>
    static DateOnly Resolve((int Day, int Direction) named, DateOnly from, bool inThatWeek)
    {
        var today = from.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)from.DayOfWeek;
        if (inThatWeek)
            return from.AddDays(named.Day - today);
        var ahead = (named.Day - today + 7) % 7;
        return named.Direction switch
        {
            -1 => from.AddDays(ahead == 0 ? -7 : ahead - 7),
            0 => from.AddDays(ahead),
            _ => from.AddDays(ahead == 0 ? 7 : ahead),
        };
    }
}
