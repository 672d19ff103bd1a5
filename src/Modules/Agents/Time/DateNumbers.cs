using System.Globalization;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <summary>Dates in digits: 2027-03-01, 1/3/2027, 01.03.2027, 1/3. English reads month/day unless that is impossible.</summary>
internal static class DateNumbers
{
    public static bool TryRead(Utterance text, int at, int end, Tongue tongue, out int? year, out int month, out int day, out int next)
    {
        (year, month, day, next) = (null, 0, 0, at);
        if (at >= end || text.Tokens[at].Kind != TokenKind.Number)
            return false;
        if (Parts(text, at, end, out next) is not { } parts)
            return false;
        if (parts.Length == 3 && parts[0] is >= 1000 and <= 9999)
            (year, month, day) = (parts[0], parts[1], parts[2]);
        else if (tongue == Tongue.En && parts[0] <= 12 && text.Tokens[at].Plain.IndexOf('.', StringComparison.Ordinal) < 0)
            (month, day) = (parts[0], parts[1]);
        else
            (day, month) = (parts[0], parts[1]);
        if (parts.Length == 3 && year is null)
            year = parts[2] is >= 0 and < 100 ? 2000 + parts[2] : parts[2];
        if (month > 12 && day <= 12)
            (day, month) = (month, day);
        return true;
    }

    static int[]? Parts(Utterance text, int at, int end, out int next)
    {
        next = at + 1;
        var dotted = text.Tokens[at].Plain;
        if (dotted.Count(c => c == '.') == 2)
            return Numbers(dotted.Split('.'));
        var parts = new List<string> { dotted };
        while (next + 1 < end && parts.Count < 3 && text.Tokens[next].Plain is "/" or "-" && next + 1 < end && text.Tokens[next + 1].Kind == TokenKind.Number)
        {
            parts.Add(text.Tokens[next + 1].Plain);
            next += 2;
        }

        // "5-3" is a sum, "5/3" may be a date, and a hyphened date has all three parts.
        if (parts.Count < 2 || (parts.Count == 2 && text.Tokens[at + 1].Plain == "-"))
            return null;
        return Numbers([.. parts]);
    }

    static int[]? Numbers(string[] parts)
    {
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length is 0 or > 4 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return numbers;
    }
}
