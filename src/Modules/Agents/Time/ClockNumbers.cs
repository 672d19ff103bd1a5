using System.Globalization;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <summary>Times of day: 17:30, at 5, 5 o'clock, half past five, 5h30, 5 giờ rưỡi, в 5 часов, الساعة الخامسة والنصف.</summary>
internal static class ClockNumbers
{
    /// <param name="Marked">Something says that it is a time.</param>
    /// <param name="Literal">Written in full, so the hour means what it says.</param>
    internal readonly record struct Clock(int Hour, int Minute, bool Marked, bool Literal);

    public static bool TryRead(Utterance text, int at, int end, Tongue tongue, out Clock clock, out int next)
    {
        var words = TimeWords.Of(tongue);
        clock = default;
        next = at;
        var marked = words.TryRead(text, at, end, out _, out var afterAt, word => word.Kind == "at");
        if (marked)
            at = afterAt;
        var past = 0;
        if (tongue == Tongue.En && words.TryRead(text, at, end, out var fraction, out var afterPast, word => word.Kind == "past"))
            (past, at, marked) = (fraction.Value, afterPast, true);
        if (at >= end)
            return false;

        int hour, minute = 0;
        var literal = false;
        if (text.Tokens[at].Plain.Contains(':', StringComparison.Ordinal) && text.Tokens[at].Kind == TokenKind.Number)
        {
            var parts = text.Tokens[at].Plain.Split(':');
            if (parts.Length > 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out hour) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minute) || parts[1].Length != 2)
                return false;
            (next, marked, literal) = (at + 1, true, parts[0].Length == 2 || tongue != Tongue.En);
        }
        else if (words.TryRead(text, at, end, out var named, out next, word => word.Kind == "hourword") && marked)
        {
            hour = named.Value;
        }
        else if (NumberReader.TryRead(text, at, end, tongue, out var number, out next) && number.IsInteger && number >= 0 && number <= 24)
        {
            hour = (int)number.Numerator;
            if (words.TryRead(text, next, end, out _, out var afterClock, word => word.Kind == "clock"))
                (next, marked) = (afterClock, true);
            if (!ReadHourSign(text, end, tongue, ref next, ref marked, ref minute))
                return false;
        }
        else
        {
            return false;
        }

        if (words.TryRead(text, next, end, out var plus, out var afterPlus, word => word.Kind == "plus") && marked)
            (past, next) = (plus.Value, afterPlus);
        minute += past;
        if (minute < 0)
            (hour, minute) = ((hour + 23) % 24, minute + 60);
        if (hour > 24 || minute > 59 || (hour == 24 && minute > 0))
            return false;
        clock = new Clock(hour % 24, minute, marked, literal);
        return true;
    }

    /// <summary>"17h30", "5 giờ 30 phút", "5 часов 20 минут": the word for hours after the number, perhaps with minutes.</summary>
    static bool ReadHourSign(Utterance text, int end, Tongue tongue, ref int next, ref bool marked, ref int minute)
    {
        if (next < end && text.Tokens[next].Plain is ['h', .. var digits] && text.Tokens[next].Kind == TokenKind.Word)
        {
            if (digits.Length == 0 || (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out minute) && minute < 60))
            {
                next++;
                marked = true;
                return true;
            }

            return digits.Length > 2; // hours, hrs: another word, not ours to judge.
        }

        var words = TimeWords.Of(tongue);
        if (tongue is not (Tongue.Vi or Tongue.Ru) || !words.TryRead(text, next, end, out _, out var afterHour, word => word is { Kind: "unit", Value: 3 }))
            return true;
        (next, marked) = (afterHour, true);
        if (NumberReader.TryRead(text, next, end, tongue, out var minutes, out var afterMinutes) && minutes.IsInteger && minutes >= 0 && minutes < 60)
        {
            (minute, next) = ((int)minutes.Numerator, afterMinutes);
            if (words.TryRead(text, next, end, out _, out var afterUnit, word => word is { Kind: "unit", Value: 2 }))
                next = afterUnit;
        }

        return true;
    }

    /// <summary>
    /// Puts the time on a day. A bare hour from 1 to 6 is in the afternoon, as people mean it; with no day named, the next time the
    /// clock shows it.
    /// </summary>
    public static DateTime? Resolve(int? hour, int minute, bool? afternoon, int? partOfDay, bool literal, DateOnly? date, DateTime now)
    {
        var open = false;
        int resolved;
        if (hour is not { } given)
            (resolved, minute) = (partOfDay!.Value, 0);
        else if ((afternoon ?? (partOfDay is { } part ? part >= 12 : (bool?)null)) is { } late)
            resolved = given > 12 ? given : (given % 12) + (late ? 12 : 0);
        else
            (resolved, open) = (given, !literal && given is >= 1 and <= 12);
        if (resolved > 23)
            return null;
        if (date is { } day)
        {
            if (open && resolved is >= 1 and <= 6)
                resolved += 12;
            return day.ToDateTime(new TimeOnly(resolved, minute));
        }

        var today = DateOnly.FromDateTime(now);
        var when = today.ToDateTime(new TimeOnly(resolved, minute));
        if (when <= now && open && resolved < 12 && when.AddHours(12) > now)
            return when.AddHours(12);
        return when > now ? when : when.AddDays(1);
    }
}
