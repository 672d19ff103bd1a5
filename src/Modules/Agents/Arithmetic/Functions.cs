using System.Numerics;
using JeanTrail.Agents.Numbers;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>The functions a sum may call. Angles are radians unless degrees are named.</summary>
internal static class Functions
{
    const int LargestFactorial = 400;

    static readonly HashSet<string> Names = new(StringComparer.Ordinal)
        { "sqrt", "cbrt", "sin", "cos", "tan", "ln", "log", "log2", "abs", "exp", "floor", "ceil", "round", "pi", "euler", "half", "double", "triple", "square of", "cube of", "factorial of" };

    public static bool IsFunction(string name) => Names.Contains(name);

    public static Rational? Constant(string name) => name switch
    {
        "pi" => Rational.Approximate(Math.PI),
        "euler" => Rational.Approximate(Math.E),
        _ => null,
    };

    public static Rational Apply(string name, Rational x, bool degrees) => name switch
    {
        "sqrt" => x.SquareRoot(),
        "cbrt" => Rational.Approximate(Math.Cbrt(x.ToDouble())),
        "sin" => Rational.Approximate(Clean(Math.Sin(Angle(x, degrees)))),
        "cos" => Rational.Approximate(Clean(Math.Cos(Angle(x, degrees)))),
        "tan" => Tangent(Angle(x, degrees)),
        "ln" => Logarithm(x, Math.E),
        "log" => Logarithm(x, 10),
        "log2" => Logarithm(x, 2),
        "abs" => x.Abs(),
        "exp" => Rational.Approximate(Math.Exp(x.ToDouble())),
        "floor" => x.Floor(),
        "ceil" => -(-x).Floor(),
        "round" => x.Round(),
        "half" => x / 2,
        "double" => x * 2,
        "triple" => x * 3,
        "square of" => x.Power(2),
        "cube of" => x.Power(3),
        "factorial of" => Factorial(x),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a function."),
    };

    public static Rational Factorial(Rational x)
    {
        if (!x.IsInteger || x.Sign < 0)
            throw new NumberException(NumberFault.Undefined);
        if (x > LargestFactorial)
            throw new NumberException(NumberFault.TooLarge);
        var product = BigInteger.One;
        for (var factor = 2; factor <= (int)x.Numerator; factor++)
            product *= factor;
        return Rational.From(product);
    }

    static double Angle(Rational x, bool degrees) => degrees ? x.ToDouble() * Math.PI / 180 : x.ToDouble();

    /// <summary>sin π is 0, not 1.2 × 10^-16.</summary>
    static double Clean(double value) => Math.Abs(value) < 1e-15 ? 0 : Math.Round(value, 15);

    static Rational Tangent(double angle)
        => Math.Abs(Math.Cos(angle)) < 1e-15 ? throw new NumberException(NumberFault.Undefined) : Rational.Approximate(Math.Round(Math.Tan(angle), 14));

    static Rational Logarithm(Rational x, double basis)
    {
        if (x.Sign <= 0)
            throw new NumberException(NumberFault.Undefined);
        var log = x.IsExact ? BigInteger.Log(x.Numerator) - BigInteger.Log(x.Denominator) : Math.Log(x.ToDouble());
        return Rational.Approximate(log / Math.Log(basis));
    }
}
