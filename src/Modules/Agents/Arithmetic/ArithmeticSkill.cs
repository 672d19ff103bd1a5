using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>Sums of any length, exact where fractions are.</summary>
internal sealed class ArithmeticSkill : IInstantSkill
{
    public string Id => "arithmetic";

    public Answer? Try(SkillCall call) => call.Tag == "" ? TryExpression(call) : TryPair(call);

    static Answer? TryExpression(SkillCall call)
    {
        if (call.Slot("x") is not { } part)
            return null;
        if (call.Utterance.Truncated)
            return Expression.LooksLikeOne(call.Utterance) ? new Answer(call.InInterfaceTongue().Say("long"), Tongue: call.InterfaceTongue) : null;
        if (part.To < call.Utterance.Tokens.Count && call.Utterance.Tokens[part.To].Plain == "=")
            return null;
        if (call.Utterance.Tokens[part.To - 1].Plain == "=")
            part = part with { To = part.To - 1 };
        if (part.Count == 0 || Expression.Read(call.Utterance, part, call.Tongue, out var operations) is not { } value || operations <= 0 || IsNoSum(call.Utterance, part))
            return null;
        var speaker = HasWords(call.Utterance) ? call : call.InInterfaceTongue();
        return Show(speaker, call.Utterance.Text(part), value);
    }

    static Answer? TryPair(SkillCall call)
    {
        if (call.Slot("a") is not { } first || call.Slot("b") is not { } second
            || Expression.Read(call.Utterance, first, call.Tongue, out _) is not { } a
            || Expression.Read(call.Utterance, second, call.Tongue, out _) is not { } b)
            return null;
        var (left, right) = call.Tag == "subtract-from" ? (second, first) : (first, second);
        var sign = call.Tag switch { "add" => "+", "multiply" => "×", "divide" => "÷", "power" => "^", _ => "−" };
        return Show(call, $"{call.Utterance.Text(left)} {sign} {call.Utterance.Text(right)}", () => call.Tag switch
        {
            "add" => a() + b(),
            "multiply" => a() * b(),
            "divide" => a() / b(),
            "power" => a().Power(b()),
            "subtract-from" => b() - a(),
            _ => a() - b(),
        });
    }

    static Answer Show(SkillCall call, string shown, Func<Rational> value)
    {
        try
        {
            var result = value();
            var number = call.Numbers.Write(result);
            var exact = result.IsExact && result.Round(10) == result;
            return new Answer(call.Say(exact ? "result" : "about", Escape(shown), number), call.Say("spoken", number), Tongue: call.Tongue);
        }
        catch (NumberException problem)
        {
            return new Answer(call.Say(problem.Fault switch
            {
                NumberFault.DivisionByZero => "division",
                NumberFault.Undefined => "undefined",
                _ => "large",
            }), Tongue: call.Tongue);
        }
    }

    static string Escape(string shown) => shown.Replace("*", "×", StringComparison.Ordinal);

    static bool HasWords(Utterance text) => text.Tokens.Any(token => token.Kind == TokenKind.Word && token.Plain.Length > 1 && !IsFunctionName(token.Plain));

    static bool IsFunctionName(string word) => word is "sqrt" or "cbrt" or "sin" or "cos" or "tan" or "tg" or "ln" or "log" or "log2" or "log10" or "lg" or "abs" or "exp" or "pi" or "mod" or "round" or "floor" or "ceil";

    /// <summary>Dates (1/3/2027, 2027-03-01), telephone numbers (555-1234) and "24/7" only look like sums.</summary>
    static bool IsNoSum(Utterance text, Extent part)
    {
        if (part.Count is not (3 or 5) || text.Text(part).Contains(' ', StringComparison.Ordinal))
            return false;
        var words = Enumerable.Range(part.From, part.Count).Select(index => text.Tokens[index].Plain).ToArray();
        return words switch
        {
            [_, "/", _, "/", { Length: 4 }] or [{ Length: 4 }, "-", _, "-", _] or [{ Length: 4 }, "/", _, "/", _] => true,
            [_, "-", _, "-", { Length: 4 }] or [{ Length: 3 }, "-", { Length: 4 }] or ["24", "/", "7"] or ["9", "/", "11"] => true,
            _ => false,
        };
    }
}
