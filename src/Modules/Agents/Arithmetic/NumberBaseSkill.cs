using System.Numerics;
using System.Text;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>
/// Whole numbers in binary, octal, decimal, hexadecimal and Roman numerals. Tags are <c>from-to</c>: <c>2-10</c>, <c>any-16</c>,
/// <c>roman-10</c>; <c>any</c> reads 0x, 0b and 0o or decimal.
/// </summary>
internal sealed class NumberBaseSkill : IInstantSkill
{
    const int MaxDigits = 120;

    static readonly (int Value, string Sign)[] Roman =
        [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];

    public string Id => "number-base";

    public Answer? Try(SkillCall call)
    {
        var bases = call.Tag.Split('-');
        if (bases.Length != 2 || call.Slot("n") is not { Count: 1 } part || Read(call, call.Utterance.Tokens[part.From], bases[0]) is not { } value)
            return null;
        if (bases[1] == "roman")
            return value.Sign > 0 && value < 4000 ? call.Say("result", call.Text("n"), ToRoman((int)value)) : call.Say("range");
        var to = int.Parse(bases[1]);
        var sign = value.Sign < 0 ? "−" : "";
        var digits = to == 10 ? call.Numbers.Write(Rational.From(value)) : sign + Prefix(to) + InBase(BigInteger.Abs(value), to);
        return call.Say("result", call.Text("n"), to == 10 ? digits : $"`{digits}`");
    }

    static string Prefix(int radix) => radix switch { 2 => "0b", 8 => "0o", 16 => "0x", _ => "" };

    static BigInteger? Read(SkillCall call, Token token, string from)
    {
        var text = token.Plain;
        if (text.Length > MaxDigits)
            return null;
        if (from == "roman")
            return FromRoman(text.ToUpperInvariant());
        if (text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'b' or 'o' && text.Length > 2)
            return InRadix(text[2..], text[1] switch { 'x' => 16, 'b' => 2, _ => 8 });
        if (from is not ("any" or "10"))
            return InRadix(text, int.Parse(from));
        return token.Kind == TokenKind.Number && NumberReader.Normalise(text, call.Tongue) is { } plain && plain.All(char.IsAsciiDigit) ? InRadix(plain, 10) : null;
    }

    static BigInteger? InRadix(string digits, int radix)
    {
        var value = BigInteger.Zero;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix)
                return null;
            value = (value * radix) + digit;
        }

        return value;
    }

    static string InBase(BigInteger value, int radix)
    {
        if (value.IsZero)
            return "0";
        var digits = new StringBuilder();
        for (; value > 0; value /= radix)
            digits.Insert(0, "0123456789ABCDEF"[(int)(value % radix)]);
        return digits.ToString();
    }

    static string ToRoman(int value)
    {
        var result = new StringBuilder();
        foreach (var (amount, sign) in Roman)
        {
            for (; value >= amount; value -= amount)
                result.Append(sign);
        }

        return result.ToString();
    }

    /// <summary>Only the canonical spelling counts: IIII and IC are no numerals, and so no everyday word is one by chance but "mix" and its like.</summary>
    static BigInteger? FromRoman(string text)
    {
        var (value, at) = (0, 0);
        foreach (var (amount, sign) in Roman)
        {
            while (text.AsSpan(at).StartsWith(sign, StringComparison.Ordinal))
            {
                value += amount;
                at += sign.Length;
            }
        }

        return at == text.Length && value is > 0 and < 4000 && ToRoman(value) == text ? value : null;
    }
}
