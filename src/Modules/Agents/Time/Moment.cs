namespace JeanTrail.Agents.Time;

/// <summary>A point in time as far as it was said, on the person's wall clock.</summary>
/// <param name="When">Midnight when no time was said.</param>
/// <param name="HasDate">A day was named (and not only a time).</param>
/// <param name="HasTime">A time was named, or the moment was counted in hours, minutes or seconds from now.</param>
/// <param name="Counted">Said as a distance from today: in three weeks, ten days ago, next month.</param>
/// <param name="YearGiven">False for "1 March": then it is the next one.</param>
internal sealed record Moment(DateTime When, bool HasDate, bool HasTime, bool YearGiven, bool Counted = false)
{
    public DateOnly Date => DateOnly.FromDateTime(When);
}
