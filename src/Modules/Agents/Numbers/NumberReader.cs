using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Numbers;

/// <summary>Reads numbers in digits, by the signs each language uses, and in words: 1.234,5 · 2 million · twenty-five · ٢٥ · hai mươi lăm.</summary>
internal static class NumberReader
{
    static readonly Dictionary<Tongue, Lexicon<NumberWord>> Tables = Tongues.All.ToDictionary(tongue => tongue, Load);

    enum WordKind
    {
        Add,
        Multiply,
        And,
    }

    sealed record NumberWord(WordKind Kind, long Value);

    /// <summary>Reads the number at <paramref name="at"/>. False when there is none, or it is malformed, or it is a time or a date.</summary>
    public static bool TryRead(Utterance text, int at, int end, Tongue tongue, out Rational value, out int next)
    {
        value = default;
        next = at;
        if (at >= end)
            return false;
        if (text.Tokens[at].Kind == TokenKind.Number)
        {
            if (!TryDigits(text, at, end, tongue, out value, out next))
                return false;
            while (next < end && Tables[tongue].TryRead(text, next, end, out var scale, out var after, word => word.Kind == WordKind.Multiply && word.Value >= 100))
            {
                value *= scale.Value;
                next = after;
            }

            return true;
        }

        if (!TryWords(text, at, end, tongue, out var words, out next))
            return false;
        value = words;
        return true;
    }

    /// <summary>The whole part is one number, perhaps with a sign before it.</summary>
    public static bool TryReadAll(Utterance text, Extent part, Tongue tongue, out Rational value)
    {
        var negative = part.Count > 1 && text.Tokens[part.From].Plain == "-";
        var read = TryRead(text, negative ? part.From + 1 : part.From, part.To, tongue, out value, out var next) && next == part.To;
        if (negative)
            value = -value;
        return read;
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/> and nothing else.</summary>
    public static bool TryInt(Utterance text, Extent? part, Tongue tongue, int min, int max, out int value)
    {
        value = 0;
        if (part is not { } given || !TryReadAll(text, given, tongue, out var number) || !number.IsInteger || number < min || number > max)
            return false;
        value = (int)number.Numerator;
        return true;
    }

    static bool TryDigits(Utterance text, int at, int end, Tongue tongue, out Rational value, out int next)
    {
        value = default;
        next = at + 1;
        var digits = text.Tokens[at].Plain;
        if (tongue == Tongue.Ru && digits.Length <= 3)
        {
            // 1 000 000: groups of three behind single spaces.
            while (next < end && text.Tokens[next] is { Kind: TokenKind.Number } group && group.Plain.Length >= 3 && group.Plain[..3].All(char.IsAsciiDigit)
                && (group.Plain.Length == 3 || group.Plain[3] is ',' or '.') && group.Start == text.Tokens[next - 1].End + 1 && text.Source[group.Start - 1] is ' ')
            {
                digits += group.Plain;
                next++;
            }
        }

        return Normalise(digits, tongue) is { } plain && Parse(plain, out value);

        static bool Parse(string plain, out Rational value)
        {
            value = Rational.Parse(plain);
            return true;
        }
    }

    /// <summary>The number with a point and without groups, or null when its signs make no number.</summary>
    internal static string? Normalise(string digits, Tongue tongue)
    {
        if (digits.Contains(':', StringComparison.Ordinal))
            return null;
        digits = digits.Replace(" ", "", StringComparison.Ordinal);
        var comma = digits.Count(c => c == ',');
        var point = digits.Count(c => c == '.');
        if (comma == 0 && point == 0)
            return digits;
        if (comma > 0 && point > 0)
        {
            var decimalSign = digits.LastIndexOf(',') > digits.LastIndexOf('.') ? ',' : '.';
            var groupSign = decimalSign == ',' ? '.' : ',';
            var parts = digits.Split(decimalSign);
            return parts.Length == 2 && IsGrouped(parts[0], groupSign) && !parts[1].Contains(groupSign, StringComparison.Ordinal)
                ? parts[0].Replace(groupSign.ToString(), "", StringComparison.Ordinal) + "." + parts[1] : null;
        }

        var sign = comma > 0 ? ',' : '.';
        var groups = (sign, tongue) switch { (',', Tongue.En or Tongue.Ar) => true, ('.', Tongue.Vi) => true, _ => false };
        if ((groups || comma + point > 1) && IsGrouped(digits, sign))
            return digits.Replace(sign.ToString(), "", StringComparison.Ordinal);
        return comma + point == 1 ? digits.Replace(sign, '.') : null;
    }

    static bool IsGrouped(string digits, char sign)
    {
        var parts = digits.Split(sign);
        return parts[0].Length is >= 1 and <= 3 && parts[0] != "0" && parts.Skip(1).All(part => part.Length == 3);
    }

    static bool TryWords(Utterance text, int at, int end, Tongue tongue, out long value, out int next)
    {
        var table = Tables[tongue];
        value = 0;
        next = at;
        long total = 0, current = 0;
        var smallest = long.MaxValue; // Of the parts of the current group: each must be smaller than the one before it.
        var lastScale = long.MaxValue;
        var (some, zero) = (false, false);
        for (var i = at; i < end && table.TryRead(text, i, end, out var word, out var after);)
        {
            // Typed without marks, mười (10) and mươi (times 10) look the same; the place tells which it is.
            if (word.Kind == WordKind.Add && Magnitude(word.Value) >= smallest && table.TryRead(text, i, end, out var scale, out var afterScale, other => other.Kind == WordKind.Multiply))
                (word, after) = (scale, afterScale);
            switch (word.Kind)
            {
                case WordKind.And when some && after < end && table.TryRead(text, after, end, out var following, out _) && following.Kind == WordKind.Add:
                    i = after;
                    continue;
                case WordKind.And:
                    goto done;
                case WordKind.Add when tongue == Tongue.Ar && word.Value is >= 20 and < 100 && smallest == 1 && current % 100 is >= 1 and <= 9:
                    current += word.Value; // Arabic says the units first: five and twenty.
                    break;
                case WordKind.Add when Magnitude(word.Value) >= smallest || (some && current > 0 && word.Value == 0):
                    goto done;
                case WordKind.Add:
                    current += word.Value;
                    (smallest, zero) = (Magnitude(word.Value), word.Value == 0);
                    break;
                case WordKind.Multiply when word.Value == 10:
                    if (current % 10 == 0 || smallest != 1)
                        goto done;
                    current += (current % 10) * 9;
                    smallest = 10;
                    break;
                case WordKind.Multiply when word.Value == 100:
                    if (current >= 10)
                        goto done;
                    // không trăm: the zero stands for the hundreds that are not there.
                    current = zero ? 0 : Math.Max(1, current) * 100;
                    (smallest, zero) = (100, false);
                    break;
                default:
                    if (word.Value >= lastScale)
                        goto done;
                    total += Math.Max(1, current) * word.Value;
                    (current, smallest, lastScale) = (0, long.MaxValue, word.Value);
                    break;
            }

            some = true;
            i = next = after;
        }

    done:
        value = total + current;
        return some;
    }

    /// <summary>1 for units (and the teens, which no unit may follow), 10 for tens, 100 for hundreds.</summary>
    static long Magnitude(long value) => value >= 100 ? 100 : value >= 20 ? 10 : 1;

    static Lexicon<NumberWord> Load(Tongue tongue)
    {
        var table = new Lexicon<NumberWord>();
        foreach (var (key, values) in DataFile.Pairs($"Numbers/{tongue.Code()}.table"))
        {
            var word = key switch
            {
                "and" => new NumberWord(WordKind.And, 0),
                ['x', .. var scale] => new NumberWord(WordKind.Multiply, long.Parse(scale)),
                _ => new NumberWord(WordKind.Add, long.Parse(key)),
            };
            foreach (var value in values)
            {
                table.Add(value, word);
                // Arabic writes its "and" together with the next word: خمسة وعشرون.
                if (tongue == Tongue.Ar && word.Kind != WordKind.And)
                    table.Add("و" + value, word);
            }
        }

        return table;
    }
}
