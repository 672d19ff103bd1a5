using System.Globalization;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <param name="Kind">The key of the table: <c>month weekday unit day in ago next at am …</c>.</param>
/// <param name="Value">Number of the month, weekday, unit, minutes past the hour; what it counts depends on the kind.</param>
internal readonly record struct TimeWord(string Kind, int Value);

/// <summary>The calendar vocabulary of one language.</summary>
internal static class TimeWords
{
    static readonly Dictionary<Tongue, Lexicon<TimeWord>> Tables = Tongues.All.ToDictionary(tongue => tongue, Load);

    public static Lexicon<TimeWord> Of(Tongue tongue) => Tables[tongue];

    static Lexicon<TimeWord> Load(Tongue tongue)
    {
        var table = new Lexicon<TimeWord>();
        foreach (var (key, values) in DataFile.Pairs($"Time/{tongue.Code()}.table"))
        {
            var parts = key.Split(' ');
            var value = parts[1].Split('.'); // A holiday is month.day.
            var word = new TimeWord(parts[0], value.Length == 1
                ? int.Parse(value[0], CultureInfo.InvariantCulture)
                : (int.Parse(value[0], CultureInfo.InvariantCulture) * 100) + int.Parse(value[1], CultureInfo.InvariantCulture));
            foreach (var text in values)
                table.Add(text, word);
        }

        return table;
    }
}
