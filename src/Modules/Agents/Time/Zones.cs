using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <param name="ZoneId">IANA time zone.</param>
/// <param name="Names">What to call it in each language.</param>
internal sealed record Place(string ZoneId, IReadOnlyDictionary<Tongue, string> Names);

/// <summary>Time zones by IANA id and by the names of cities and countries in the four languages.</summary>
internal static class Zones
{
    static readonly Dictionary<Tongue, Lexicon<Place>> Names = Tongues.All.ToDictionary(tongue => tongue, _ => new Lexicon<Place>(ignoreMarks: true));

    static Zones()
    {
        foreach (var line in DataFile.Lines("Time/places.table"))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var names = Tongues.All.ToDictionary(tongue => tongue, tongue => cells[1 + (int)tongue].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var place = new Place(cells[0], names.ToDictionary(pair => pair.Key, pair => pair.Value[0]));
            All.Add(place);
            foreach (var tongue in Tongues.All)
            {
                foreach (var form in names[tongue].SelectMany(name => Forms(name, tongue)).Distinct(StringComparer.Ordinal))
                    Names[tongue].Add(form, place);
            }
        }
    }

    public static List<Place> All { get; } = [];

    /// <summary>The zone of an IANA id, or null when there is none of that name.</summary>
    public static TimeZoneInfo? Find(string? id)
        => id is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    /// <summary>The whole part names a place, or UTC or GMT with an offset.</summary>
    public static bool TryRead(Utterance text, Extent part, Tongue tongue, out TimeZoneInfo zone, out string name)
    {
        (zone, name) = (TimeZoneInfo.Utc, "UTC");
        if (part.Count is 0 or > 6)
            return false;
        foreach (var candidate in tongue == Tongue.En ? [Tongue.En] : new[] { tongue, Tongue.En })
        {
            if (Names[candidate].TryReadAll(text, part, out var place) && Find(place.ZoneId) is { } found)
            {
                (zone, name) = (found, place.Names[tongue]);
                return true;
            }
        }

        return TryOffset(text, part, out zone, out name);
    }

    static bool TryOffset(Utterance text, Extent part, out TimeZoneInfo zone, out string name)
    {
        (zone, name) = (TimeZoneInfo.Utc, "UTC");
        if (text.Tokens[part.From].Plain is not ("utc" or "gmt"))
            return false;
        if (part.Count == 1)
            return true;
        if (part.Count != 3 || text.Tokens[part.From + 1].Plain is not ("+" or "-"))
            return false;
        var digits = text.Tokens[part.From + 2].Plain.Split(':');
        if (!int.TryParse(digits[0], out var hours) || hours > 14 || digits.Length > 2)
            return false;
        var minutes = 0;
        if (digits.Length == 2 && (!int.TryParse(digits[1], out minutes) || minutes > 59 || hours == 14))
            return false;
        var sign = text.Tokens[part.From + 1].Plain;
        var offset = new TimeSpan(hours, minutes, 0);
        name = $"UTC{sign}{hours}{(minutes > 0 ? $":{minutes:00}" : "")}";
        zone = TimeZoneInfo.CreateCustomTimeZone(name, sign == "-" ? -offset : offset, name, name);
        return true;
    }

    /// <summary>The forms a name takes in a sentence: Russian cases, Arabic with its attached prepositions.</summary>
    static IEnumerable<string> Forms(string name, Tongue tongue)
    {
        yield return name;
        if (tongue == Tongue.Ar)
        {
            yield return "ب" + name;
            yield return "و" + name;
            yield return name.StartsWith("ال", StringComparison.Ordinal) ? "لل" + name[2..] : "ل" + name;
        }

        if (tongue != Tongue.Ru)
            yield break;
        var (stem, endings) = name[^1] switch
        {
            'а' => (name[..^1], "ы и е у ой"),
            'я' => (name[..^1], "и ю ей е"),
            'ь' => (name[..^1], "я ю и ем ью е"),
            'й' => (name[..^1], "я ю е ем"),
            'ы' or 'и' => (name[..^1], "ах ям ам ов"),
            'о' or 'е' or 'у' or 'э' => (name, ""),
            _ => (name, "а у ом ем е ы"),
        };
        foreach (var ending in endings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            yield return stem + ending;
    }
}
