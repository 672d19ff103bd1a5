using System.Globalization;
using System.Numerics;

namespace JeanTrail.Agents.Numbers;

/// <summary>
/// An exact fraction, or an approximation once a function has left the fractions. 0.1 + 0.2 is 0.3, and 2^100 keeps all its digits.
/// Operations throw <see cref="NumberException"/> instead of growing without end.
/// </summary>
internal readonly struct Rational : IComparable<Rational>, IEquatable<Rational>
{
    const long MaxBits = 4096;
    readonly BigInteger numerator;
    readonly BigInteger denominatorLessOne; // So that default(Rational) is 0 / 1.
    readonly double approximate;

    Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new NumberException(NumberFault.DivisionByZero);
        if (denominator.Sign < 0)
            (numerator, denominator) = (-numerator, -denominator);
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        this.numerator = numerator / divisor;
        denominatorLessOne = (denominator / divisor) - 1;
        if (this.numerator.GetBitLength() > MaxBits || denominatorLessOne.GetBitLength() > MaxBits)
            throw new NumberException(NumberFault.TooLarge);
        IsExact = true;
    }

    Rational(double approximate)
    {
        if (double.IsNaN(approximate))
            throw new NumberException(NumberFault.Undefined);
        if (double.IsInfinity(approximate))
            throw new NumberException(NumberFault.TooLarge);
        this.approximate = approximate;
    }

    public bool IsExact { get; }

    public BigInteger Numerator => numerator;

    public BigInteger Denominator => denominatorLessOne + 1;

    public bool IsInteger => IsExact && denominatorLessOne.IsZero;

    public int Sign => IsExact ? numerator.Sign : Math.Sign(approximate);

    public static implicit operator Rational(long value) => new(value, 1);

    public static Rational From(BigInteger value) => new(value, 1);

    public static Rational FromDecimal(decimal value)
        => Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An approximation; whole results that a double holds exactly count as exact.</summary>
    public static Rational Approximate(double value)
        => double.IsFinite(value) && Math.Abs(value) < 1e15 && Math.Abs(value - Math.Round(value)) < 1e-12 * Math.Max(1, Math.Abs(value))
            ? new Rational(new BigInteger(Math.Round(value)), 1) : new Rational(value);

    /// <summary>Reads ASCII digits with an optional point and exponent.</summary>
    public static Rational Parse(string text)
    {
        var exponent = 0;
        var e = text.IndexOf('e', StringComparison.OrdinalIgnoreCase);
        if (e > 0)
        {
            if (!int.TryParse(text.AsSpan(e + 1), CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 1000)
                throw new NumberException(NumberFault.TooLarge);
            text = text[..e];
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= text.Length - point - 1;
            text = text.Remove(point, 1);
        }

        var digits = text.Length is 0 or > 1200 ? throw new NumberException(NumberFault.TooLarge) : BigInteger.Parse(text, CultureInfo.InvariantCulture);
        return exponent >= 0 ? new Rational(digits * BigInteger.Pow(10, exponent), 1) : new Rational(digits, BigInteger.Pow(10, -exponent));
    }

    public static Rational operator +(Rational a, Rational b)
        => a.IsExact && b.IsExact ? new((a.numerator * b.Denominator) + (b.numerator * a.Denominator), a.Denominator * b.Denominator) : Approximate(a.ToDouble() + b.ToDouble());

    public static Rational operator -(Rational a) => a.IsExact ? new(-a.numerator, a.Denominator) : new(-a.approximate);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator *(Rational a, Rational b)
        => a.IsExact && b.IsExact ? new(a.numerator * b.numerator, a.Denominator * b.Denominator) : Approximate(a.ToDouble() * b.ToDouble());

    public static Rational operator /(Rational a, Rational b)
    {
        if (b.Sign == 0)
            throw new NumberException(NumberFault.DivisionByZero);
        return a.IsExact && b.IsExact ? new(a.numerator * b.Denominator, a.Denominator * b.numerator) : Approximate(a.ToDouble() / b.ToDouble());
    }

    /// <summary>The remainder with the sign of the divisor, as in mathematics.</summary>
    public static Rational operator %(Rational a, Rational b)
    {
        if (b.Sign == 0)
            throw new NumberException(NumberFault.DivisionByZero);
        if (!a.IsExact || !b.IsExact)
            return Approximate(a.ToDouble() - (b.ToDouble() * Math.Floor(a.ToDouble() / b.ToDouble())));
        return a - (b * (a / b).Floor());
    }

    public static bool operator ==(Rational a, Rational b) => a.Equals(b);

    public static bool operator !=(Rational a, Rational b) => !a.Equals(b);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public Rational Power(Rational exponent)
    {
        if (exponent.IsInteger && IsExact)
        {
            if (Sign == 0 && exponent.Sign < 0)
                throw new NumberException(NumberFault.DivisionByZero);
            if (numerator.IsOne && IsInteger)
                return 1;
            if (BigInteger.Abs(exponent.numerator) > 10_000)
                return Sign == 0 ? 0 : throw new NumberException(NumberFault.TooLarge);
            var power = (int)BigInteger.Abs(exponent.numerator);
            if (power * Math.Max(numerator.GetBitLength(), Denominator.GetBitLength()) > 3 * MaxBits)
                throw new NumberException(NumberFault.TooLarge);
            var (top, bottom) = (BigInteger.Pow(numerator, power), BigInteger.Pow(Denominator, power));
            return exponent.Sign < 0 ? new(bottom, top) : new(top, bottom);
        }

        if (Sign < 0 && !exponent.IsInteger)
            throw new NumberException(NumberFault.Undefined);
        return exponent == new Rational(1, 2) ? SquareRoot() : Approximate(Math.Pow(ToDouble(), exponent.ToDouble()));
    }

    public Rational SquareRoot()
    {
        if (Sign < 0)
            throw new NumberException(NumberFault.Undefined);
        if (IsExact && Root(numerator) is { } top && Root(Denominator) is { } bottom)
            return new(top, bottom);
        return Approximate(Math.Sqrt(ToDouble()));

        static BigInteger? Root(BigInteger value)
        {
            if (value.GetBitLength() > 100)
                return null;
            var guess = new BigInteger(Math.Sqrt((double)value));
            for (var candidate = guess - 1; candidate <= guess + 1; candidate++)
            {
                if (candidate * candidate == value)
                    return candidate;
            }

            return null;
        }
    }

    public Rational Floor() => IsExact
        ? new(numerator >= 0 ? numerator / Denominator : -((-numerator + Denominator - 1) / Denominator), 1)
        : Approximate(Math.Floor(approximate));

    public Rational Abs() => Sign < 0 ? -this : this;

    /// <summary>To the nearest multiple of 10^-<paramref name="digits"/>, halves away from zero.</summary>
    public Rational Round(int digits = 0)
    {
        if (!IsExact)
            return digits <= 15 ? Approximate(Math.Round(approximate, digits, MidpointRounding.AwayFromZero)) : this;
        var scale = From(BigInteger.Pow(10, digits));
        var rounded = ((Abs() * scale) + new Rational(1, 2)).Floor() / scale;
        return Sign < 0 ? -rounded : rounded;
    }

    public double ToDouble()
    {
        if (!IsExact)
            return approximate;
        var shift = Math.Max(numerator.GetBitLength(), Denominator.GetBitLength()) - 1000;
        return shift <= 0 ? (double)numerator / (double)Denominator : Math.Exp(BigInteger.Log(BigInteger.Abs(numerator)) - BigInteger.Log(Denominator)) * Sign;
    }

    public int CompareTo(Rational other) => IsExact && other.IsExact
        ? (numerator * other.Denominator).CompareTo(other.numerator * Denominator)
        : ToDouble().CompareTo(other.ToDouble());

    public bool Equals(Rational other) => CompareTo(other) == 0;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => ToDouble().GetHashCode();

    public override string ToString() => ToDouble().ToString("R", CultureInfo.InvariantCulture);
}

internal enum NumberFault
{
    DivisionByZero,
    TooLarge,
    Undefined,
    TooDeep,
}

/// <summary>A calculation has no result we could show. An answer for the person, not a bug.</summary>
internal sealed class NumberException(NumberFault fault) : Exception(fault.ToString())
{
    public NumberFault Fault { get; } = fault;
}
