using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

internal sealed partial class MomentReader
{
    bool ReadNumericDate()
    {
        if (date is not null || !DateNumbers.TryRead(text, at, end, tongue, out var year, out var month, out var day, out var next)
            || !IsDate(year ?? now.Year, month, day))
            return false;
        at = next;
        return year is { } given ? SetDate(new DateOnly(given, month, day), true) : SetDate(NextYearly(month, day), false);
    }

    bool ReadNamedDate()
    {
        if (date is not null)
            return false;
        var start = at;
        Skip();
        int month;
        var day = ReadDayNumber();
        if (day is not null)
        {
            Skip();
            if (!Take("month", out month))
                return Undo(start);
        }
        else if (Take("month", out month))
        {
            Skip();
            day = ReadDayNumber();
        }
        else
        {
            return Undo(start);
        }

        if (day is not { } known)
            return Undo(start);
        var year = ReadYear();
        if (!IsDate(year ?? 2028, month, known))
            return Undo(start);
        return year is { } given ? SetDate(new DateOnly(given, month, known), true) : SetDate(NextYearly(month, known), false);
    }

    int? ReadDayNumber()
    {
        var start = at;
        if (NumberReader.TryRead(text, at, end, tongue, out var number, out var next) && number.IsInteger && number >= 1 && number <= 31 && text.Tokens[at].Plain.Length < 15)
        {
            at = next;
            Take("suffix");
            return (int)number.Numerator;
        }

        at = start;
        return null;
    }

    int? ReadYear()
    {
        var start = at;
        Take("year");
        if (at < end && text.Tokens[at] is { Kind: TokenKind.Number, Plain.Length: 4 } token && int.TryParse(token.Plain, out var year) && year >= 1)
        {
            at++;
            Take("year");
            return year;
        }

        at = start;
        return null;
    }
}
