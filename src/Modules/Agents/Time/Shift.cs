using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <summary>A length of calendar time: months and days are not fixed lengths, so the parts stay apart until they meet a date.</summary>
internal readonly record struct Shift(int Months, int Days, long Seconds)
{
    const int Limit = 1_000_000;

    public bool HasClock => Seconds != 0;

    public bool IsZero => this == default;

    public static Shift operator -(Shift shift) => new(-shift.Months, -shift.Days, -shift.Seconds);

    public static Shift operator +(Shift a, Shift b) => new(a.Months + b.Months, a.Days + b.Days, a.Seconds + b.Seconds);

    public static Shift Of(int unit, Rational count)
    {
        if (count.Abs() > Limit)
            throw new NumberException(NumberFault.TooLarge);
        if (unit <= 3)
            return new Shift(0, 0, (long)(count.ToDouble() * (unit switch { 1 => 1, 2 => 60, _ => 3600 })));
        if (!count.IsInteger)
            return unit switch
            {
                4 => new Shift(0, 0, (long)(count.ToDouble() * 86400)),
                5 => new Shift(0, 0, (long)(count.ToDouble() * 604800)),
                7 => new Shift((int)Math.Round(count.ToDouble() * 12), 0, 0),
                _ => new Shift((int)Math.Floor(count.ToDouble()), (int)Math.Round((count.ToDouble() - Math.Floor(count.ToDouble())) * 30), 0),
            };
        var whole = (int)count.Numerator;
        return unit switch
        {
            4 => new Shift(0, whole, 0),
            5 => new Shift(0, 7 * whole, 0),
            6 => new Shift(whole, 0, 0),
            8 => new Shift(0, 14 * whole, 0),
            _ => new Shift(12 * whole, 0, 0),
        };
    }

    /// <summary>The moment moved by this shift, or null when that leaves the calendar.</summary>
    public DateTime? From(DateTime start)
    {
        try
        {
            return start.AddMonths(Months).AddDays(Days).AddSeconds(Seconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Reads "2 hours and 30 minutes", "a week", "ساعتين", "полчаса" at <paramref name="at"/>. A bare unit counts as one when <paramref name="bare"/>.</summary>
    public static bool TryRead(Utterance text, int at, int end, Tongue tongue, bool bare, out Shift shift, out int next)
    {
        var words = TimeWords.Of(tongue);
        shift = default;
        next = at;
        var some = false;
        while (at < end)
        {
            if (some && words.TryRead(text, at, end, out _, out var afterAnd, word => word.Kind == "and"))
                at = afterAnd;
            if (!TryPart(text, at, end, tongue, bare && !some, out var part, out var after))
                break;
            shift += part;
            some = true;
            next = at = after;
        }

        return some && !shift.IsZero;
    }

    static bool TryPart(Utterance text, int at, int end, Tongue tongue, bool bare, out Shift part, out int next)
    {
        var words = TimeWords.Of(tongue);
        part = default;
        if (words.TryRead(text, at, end, out var span, out next, word => word.Kind is "span"))
        {
            part = new Shift(0, 0, span.Value);
            return true;
        }

        if (words.TryRead(text, at, end, out var dual, out next, word => word.Kind is "dual"))
        {
            part = Of(dual.Value, 2);
            return true;
        }

        Rational count = 1;
        var counted = NumberReader.TryRead(text, at, end, tongue, out var number, out var afterNumber);
        if (counted)
            (count, at) = (number, afterNumber);
        else if (words.TryRead(text, at, end, out _, out var afterOne, word => word.Kind == "one"))
            (at, counted) = (afterOne, true);
        if ((!counted && !bare) || !words.TryRead(text, at, end, out var unit, out next, word => word.Kind == "unit"))
            return false;
        // Vietnamese: một tiếng rưỡi is an hour and a half.
        if (tongue == Tongue.Vi && words.TryRead(text, next, end, out var half, out var afterHalf, word => word is { Kind: "plus", Value: 30 }))
            (count, next) = (count + (Rational.Parse("0.5") * half.Value / 30), afterHalf);
        if (count.Abs() > Limit)
            return false;
        part = Of(unit.Value, count);
        return true;
    }
}
