using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Units;

/// <summary>A number with its unit, as in 5 km, 1.75m, 5 feet 11 inches, "a mile".</summary>
internal readonly record struct Quantity(Rational Value, Unit Unit)
{
    /// <summary>The whole part must be the quantity. Compound ones (5 ft 11 in) come out in their first unit.</summary>
    public static bool TryRead(Utterance text, Extent part, Tongue tongue, out Quantity quantity, Func<Unit, bool>? only = null)
    {
        quantity = default;
        var at = part.From;
        Rational total = 0;
        Unit? first = null;
        while (at < part.To)
        {
            var negative = first is null && part.Count > 1 && text.Tokens[at].Plain is "-" or "minus" or "минус" or "âm" or "سالب";
            if (negative)
                at++;
            // "a mile", "một dặm": no number at all is one of it.
            Rational value = 1;
            if (NumberReader.TryRead(text, at, part.To, tongue, out var read, out var afterNumber))
                (value, at) = (read, afterNumber);
            else if (first is not null || negative)
                return false;
            else if (text.Tokens[at].Plain is "a" or "an" or "the")
                at++;
            var dimension = first?.Dimension;
            if (!UnitTable.TryRead(text, at, part.To, tongue, out var unit, out at, candidate => (dimension is null || candidate.Dimension == dimension) && (only is null || only(candidate))))
                return false;
            if (first is not null && (unit.Factor >= first.Factor || unit.Dimension == "temperature"))
                return false;
            total += first is null ? (negative ? -value : value) : UnitTable.Convert(value, unit, first);
            first ??= unit;
        }

        if (first is null)
            return false;
        quantity = new Quantity(total, first);
        return true;
    }
}
