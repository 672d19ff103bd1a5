using System.Globalization;
using System.Numerics;
using System.Text;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Numbers;

/// <summary>Writes numbers as each language does, by our own rules: the program carries no culture data.</summary>
/// <param name="ArabicDigits">Arabic-Indic digits, for people who typed them.</param>
internal readonly record struct NumberText(Tongue Tongue, bool ArabicDigits = false)
{
    (char Point, string Group) Signs => Tongue switch
    {
        Tongue.Vi => (',', "."),
        Tongue.Ru => (',', "\u00A0"),
        Tongue.Ar when ArabicDigits => ('٫', "٬"),
        _ => ('.', ","),
    };

    /// <summary>Up to <paramref name="digits"/> places after the point, no more than needed; very large and small numbers by powers of ten.</summary>
    public string Write(Rational value, int digits = 10)
    {
        if (value.Sign == 0)
            return Digits("0");
        var magnitude = value.Abs();
        if (!magnitude.IsInteger && (magnitude > Power10(18) || magnitude < Power10(-Math.Max(digits, 6)) || (magnitude < 1 && digits < 6 && magnitude < Power10(-digits + 1))))
            return Scientific(value, magnitude);
        if (magnitude.IsInteger && magnitude.Numerator.GetBitLength() > 200)
            return Scientific(value, magnitude);
        var rounded = magnitude.IsExact ? magnitude.Round(digits) : Rational.Approximate(magnitude.ToDouble());
        var text = rounded.IsExact ? Exact(rounded, digits) : rounded.ToDouble().ToString("F" + FractionDigits(rounded, digits), CultureInfo.InvariantCulture);
        return (value.Sign < 0 ? "−" : "") + Localise(text);
    }

    public string Write(double value, int digits = 6) => Write(Rational.Approximate(value), digits);

    /// <summary>With exactly two places, for money.</summary>
    public string Money(Rational value)
    {
        var cents = value.IsExact ? (value.Abs() * 100).Round().Numerator : new BigInteger(Math.Round(value.Abs().ToDouble() * 100));
        return (value.Sign < 0 ? "−" : "") + Localise(Exact(Rational.From(cents) / 100, 2), keepZeros: true);
    }

    /// <summary>Digits as they are (a year, a time), in the person's digits.</summary>
    public string Digits(string text)
    {
        if (!ArabicDigits)
            return text;
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
            result.Append(char.IsAsciiDigit(c) ? (char)(c - '0' + '\u0660') : c);
        return result.ToString();
    }

    public string Digits(long number) => Digits(number.ToString(CultureInfo.InvariantCulture));

    static Rational Power10(int exponent) => Rational.From(10).Power(exponent);

    static int FractionDigits(Rational value, int digits)
    {
        // A double holds about 15 digits; more would only show its rounding.
        var whole = (int)Math.Floor(Math.Log10(Math.Max(1, value.ToDouble()))) + 1;
        return Math.Clamp(14 - whole, 0, digits);
    }

    static string Exact(Rational value, int digits)
    {
        var scaled = (value * Rational.From(BigInteger.Pow(10, digits))).Round().Numerator.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return digits == 0 ? scaled : scaled[..^digits] + "." + scaled[^digits..];
    }

    string Scientific(Rational value, Rational magnitude)
    {
        var (mantissa, exponent) = Split(magnitude);
        return (value.Sign < 0 ? "−" : "") + Localise(mantissa.ToString("F6", CultureInfo.InvariantCulture)) + " × 10^" + exponent.ToString(CultureInfo.InvariantCulture);
    }

    static (double Mantissa, int Exponent) Split(Rational magnitude)
    {
        var log = magnitude.IsExact ? BigInteger.Log10(magnitude.Numerator) - BigInteger.Log10(magnitude.Denominator) : Math.Log10(magnitude.ToDouble());
        var exponent = (int)Math.Floor(log + 1e-12);
        return (Math.Pow(10, log - exponent), exponent);
    }

    string Localise(string invariant, bool keepZeros = false)
    {
        if (!keepZeros && invariant.Contains('.', StringComparison.Ordinal))
            invariant = invariant.TrimEnd('0').TrimEnd('.');
        var (point, group) = Signs;
        var dot = invariant.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? invariant : invariant[..dot];
        var result = new StringBuilder(invariant.Length + 8);
        for (var i = 0; i < whole.Length; i++)
        {
            if (i > 0 && (whole.Length - i) % 3 == 0 && (whole.Length > 4 || Tongue is Tongue.En or Tongue.Ar or Tongue.Vi))
                result.Append(group);
            result.Append(whole[i]);
        }

        if (dot >= 0)
            result.Append(point).Append(invariant.AsSpan(dot + 1));
        return Digits(result.ToString());
    }
}
