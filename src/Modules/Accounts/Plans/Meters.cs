using JeanTrail.Contracts.Accounts;

namespace JeanTrail.Accounts.Plans;

/// <summary>The meters' names, and when their days and months begin: in UTC.</summary>
internal static class Meters
{
    /// <summary>Where what is kept is counted from.</summary>
    internal static readonly DateTimeOffset Ever = DateTimeOffset.UnixEpoch;

    internal static string NameOf(QuotaMeter meter) => meter switch
    {
        QuotaMeter.Requests => "requests",
        QuotaMeter.Storage => "storage",
        QuotaMeter.Bandwidth => "bandwidth",
        _ => throw new ArgumentOutOfRangeException(nameof(meter)),
    };

    /// <summary>Null for a name that no meter has.</summary>
    internal static QuotaMeter? Find(string name) => Enum.TryParse<QuotaMeter>(name, ignoreCase: true, out var meter) ? meter : null;

    /// <summary><c>day month none</c>.</summary>
    internal static string WindowOf(QuotaMeter meter) => meter switch
    {
        QuotaMeter.Requests => "day",
        QuotaMeter.Bandwidth => "month",
        _ => "none",
    };

    internal static DateTimeOffset StartOf(QuotaMeter meter, DateTimeOffset now) => meter switch
    {
        QuotaMeter.Requests => Day(now),
        QuotaMeter.Bandwidth => Month(now),
        _ => Ever,
    };

    /// <summary>When the window ends; null when it never does.</summary>
    internal static DateTimeOffset? EndOf(QuotaMeter meter, DateTimeOffset now) => meter switch
    {
        QuotaMeter.Requests => Day(now).AddDays(1),
        QuotaMeter.Bandwidth => Month(now).AddMonths(1),
        _ => null,
    };

    internal static DateTimeOffset Day(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);

    internal static DateTimeOffset Month(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
}
