namespace JeanTrail.Gateway.Limits;

/// <summary>The time a limit counts over, by the calendar in UTC.</summary>
internal enum LimitWindow
{
    Minute,
    Hour,
    Day,
    Month,

    /// <summary>Without end: what is spent stays spent.</summary>
    None,
}

internal static class LimitWindows
{
    internal static DateTimeOffset StartAt(this LimitWindow window, DateTimeOffset moment)
    {
        var at = moment.UtcDateTime;
        var start = window switch
        {
            LimitWindow.Minute => new DateTime(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, DateTimeKind.Utc),
            LimitWindow.Hour => new DateTime(at.Year, at.Month, at.Day, at.Hour, 0, 0, DateTimeKind.Utc),
            LimitWindow.Day => at.Date,
            LimitWindow.Month => new DateTime(at.Year, at.Month, 1, 0, 0, 0, DateTimeKind.Utc),
            _ => DateTime.UnixEpoch,
        };
        return new DateTimeOffset(start, TimeSpan.Zero);
    }

    /// <summary>The first moment after the window that begins at <paramref name="start"/>.</summary>
    internal static DateTimeOffset EndOf(this LimitWindow window, DateTimeOffset start) => window switch
    {
        LimitWindow.Minute => start.AddMinutes(1),
        LimitWindow.Hour => start.AddHours(1),
        LimitWindow.Day => start.AddDays(1),
        LimitWindow.Month => start.AddMonths(1),
        _ => DateTimeOffset.MaxValue,
    };
}
