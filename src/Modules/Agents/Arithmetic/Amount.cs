using System.Globalization;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>A number of money or of anything: 80, $80, 80 dollars, 1.200.000 đ. The unit is kept as it was written.</summary>
internal readonly record struct Amount(Rational Value, string Before, string After)
{
    /// <summary>Reads a slot that is a number with at most a currency sign or one or two words around it.</summary>
    public static bool TryRead(SkillCall call, string slot, out Amount amount)
    {
        amount = default;
        if (call.Slot(slot) is not { } part)
            return false;
        var text = call.Utterance;
        var (from, before) = (part.From, "");
        if (IsCurrency(text.Tokens[from]) && part.Count > 1)
            before = text.Tokens[from++].Plain;
        if (!NumberReader.TryRead(text, from, part.To, call.Tongue, out var value, out var next))
            return false;
        var rest = new Extent(next, part.To);
        if (rest.Count > 2 || (rest.Count > 0 && before != ""))
            return false;
        for (var index = rest.From; index < rest.To; index++)
        {
            if (text.Tokens[index] is not { Kind: TokenKind.Word } && !IsCurrency(text.Tokens[index]))
                return false;
        }

        amount = new Amount(value, before, rest.Count == 0 ? "" : text.Text(rest));
        return true;
    }

    /// <summary>Reads a percentage: 15, 15 %, fifteen percent (the word is part of the phrase).</summary>
    public static bool TryPercent(SkillCall call, string slot, out Rational percent)
    {
        percent = default;
        if (call.Slot(slot) is not { } part)
            return false;
        if (part.Count > 1 && call.Utterance.Tokens[part.To - 1].Plain == "%")
            part = part with { To = part.To - 1 };
        return NumberReader.TryReadAll(call.Utterance, part, call.Tongue, out percent);
    }

    /// <summary>Writes a value in the unit of this amount, with two places when it is money.</summary>
    public string Write(SkillCall call, Rational value)
    {
        var money = Before != "" || (After.Length > 0 && !value.IsInteger);
        var number = money && !value.IsInteger ? call.Numbers.Money(value) : call.Numbers.Write(value, 4);
        return After == "" ? Before + number : number + (IsSign(After) ? "\u00A0" : " ") + After;
    }

    public string Write(SkillCall call) => Write(call, Value);

    static bool IsSign(string text) => text.Length == 1;

    static bool IsCurrency(Token token)
        => token.Kind == TokenKind.Symbol && CharUnicodeInfo.GetUnicodeCategory(token.Plain[0]) == UnicodeCategory.CurrencySymbol;
}
