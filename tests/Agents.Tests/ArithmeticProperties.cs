using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Agents.Arithmetic;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Units;

namespace JeanTrail.Agents.Tests;

public sealed class ArithmeticProperties
{
    static readonly Gen<(string Text, Approximate Value)> Sums = Gen.Sized(size => Sum(Math.Min(size, 12)));

    [Fact]
    public void Sums_come_out_as_in_floating_point()
        => Prop.ForAll(Sums.ToArbitrary(), sum =>
        {
            var text = Lexer.Read(sum.Text);
            var read = Expression.Read(text, text.All, Tongue.En, out _);
            if (read is null)
                return text.Truncated;
            try
            {
                var value = read().ToDouble();
                return !sum.Value.IsKnown || sum.Value.IsNear(value);
            }
            catch (NumberException problem)
            {
                return problem.Fault == NumberFault.DivisionByZero ? !sum.Value.IsKnown : problem.Fault == NumberFault.TooLarge;
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fractions_are_exact()
        => Prop.ForAll<int, int, int>((a, b, c) =>
        {
            if (b == 0 || c == 0)
                return true;
            Rational x = a;
            return (x / b) + (x / c) == x * (b + (Rational)c) / ((Rational)b * c) && (x / b * b) == x;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Numbers_are_read_as_they_are_written()
        => Prop.ForAll<int, byte>((number, places) =>
        {
            foreach (var tongue in Tongues.All)
            {
                var value = (Rational)number / Rational.From(System.Numerics.BigInteger.Pow(10, places % 6));
                var written = new NumberText(tongue).Write(value, 8).Replace('−', '-');
                var text = Lexer.Read(written);
                // English 1.234 and Vietnamese 1,234 are no thousands; a lone group sign is what the language says it is.
                if (!NumberReader.TryReadAll(text, text.All, tongue, out var read) || read != value)
                    return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Units_convert_there_and_back_without_loss()
        => Prop.ForAll<int, byte>((number, places) =>
        {
            var value = (Rational)number / (places + 1);
            foreach (var group in UnitTable.All.GroupBy(unit => unit.Dimension))
            {
                foreach (var from in group)
                {
                    foreach (var to in group)
                    {
                        if (UnitTable.Convert(UnitTable.Convert(value, from, to), to, from) != value)
                            return false;
                    }
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(Tongue.En, "two hundred and five thousand three hundred twelve", 205_312)]
    [InlineData(Tongue.En, "one million", 1_000_000)]
    [InlineData(Tongue.Ar, "مئتان وخمسة وعشرون", 225)]
    [InlineData(Tongue.Ar, "ثلاثة آلاف وأربعون", 3_040)]
    [InlineData(Tongue.Vi, "một trăm linh năm", 105)]
    [InlineData(Tongue.Vi, "hai nghìn không trăm hai mươi mốt", 2_021)]
    [InlineData(Tongue.Vi, "hai muoi lam", 25)]
    [InlineData(Tongue.Ru, "две тысячи двадцать шесть", 2_026)]
    [InlineData(Tongue.Ru, "сорок два миллиона", 42_000_000)]
    internal void Numbers_are_read_in_words(Tongue tongue, string words, long expected)
    {
        var text = Lexer.Read(words);

        NumberReader.TryReadAll(text, text.All, tongue, out var value).ShouldBeTrue(words);
        value.ShouldBe((Rational)expected);
    }

    [Theory]
    [InlineData("2 + 3 * 4", 14)]
    [InlineData("2 * 3 ^ 2", 18)]
    [InlineData("2 ^ 3 ^ 2", 512)]
    [InlineData("-2 ^ 2", -4)]
    [InlineData("(-2) ^ 2", 4)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("100 / 10 / 2", 5)]
    [InlineData("2(3 + 4)", 14)]
    [InlineData("200 + 10%", 220)]
    [InlineData("17 % 5", 2)]
    [InlineData("3! + 2", 8)]
    [InlineData("2 ** 5", 32)]
    public void Precedence_is_that_of_mathematics(string sum, double expected)
    {
        var text = Lexer.Read(sum);

        Expression.Read(text, text.All, Tongue.En, out _).ShouldNotBeNull()().ToDouble().ShouldBe(expected, 1e-12);
    }

    static Gen<(string Text, Approximate Value)> Sum(int size)
    {
        var number = Gen.Choose(0, 9999).Select(n => ((n / 100.0).ToString("0.##", CultureInfo.InvariantCulture), Approximate.Of(n / 100.0)));
        if (size <= 1)
            return number;
        var smaller = Sum(size / 2);
        return from left in smaller
               from right in smaller
               from sign in Gen.Elements('+', '-', '*', '/')
               select ($"({left.Item1} {sign} {right.Item1})", sign switch
               {
                   '+' => left.Item2 + right.Item2,
                   '-' => left.Item2 - right.Item2,
                   '*' => left.Item2 * right.Item2,
                   _ => left.Item2 / right.Item2,
               });
    }

    /// <summary>A floating-point result and how far it may be from the exact one. Nothing is known of what was divided by something that may be zero.</summary>
    readonly record struct Approximate(double Value, double Error)
    {
        public bool IsKnown => double.IsFinite(Value) && double.IsFinite(Error);

        public static Approximate Of(double value) => Rounded(value, 0);

        public static Approximate operator +(Approximate a, Approximate b) => Rounded(a.Value + b.Value, a.Error + b.Error);

        public static Approximate operator -(Approximate a, Approximate b) => Rounded(a.Value - b.Value, a.Error + b.Error);

        public static Approximate operator *(Approximate a, Approximate b)
            => Rounded(a.Value * b.Value, (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error) + (a.Error * b.Error));

        public static Approximate operator /(Approximate a, Approximate b)
        {
            var nearest = Math.Abs(b.Value) - b.Error;
            if (!(nearest > 0))
                return new Approximate(double.NaN, double.NaN);
            var value = a.Value / b.Value;
            return Rounded(value, (a.Error + (Math.Abs(value) * b.Error)) / nearest);
        }

        public bool IsNear(double exact) => Math.Abs(exact - Value) <= Error + Ulp(exact);

        // A whole unit in the last place: one half for the rounding of the value, the other for that of the error.
        static Approximate Rounded(double value, double error) => new(value, error + Ulp(value));

        static double Ulp(double value) => Math.BitIncrement(Math.Abs(value)) - Math.Abs(value);
    }
}
