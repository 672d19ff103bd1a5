using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>
/// Reads sums as people type and say them: signs, functions, and the words of one language, with the usual precedence
/// (brackets, powers to the right, signs, products, sums). Reading and calculating are apart: only what is wholly a sum is calculated.
/// </summary>
internal sealed class Expression
{
    static readonly Dictionary<Tongue, Lexicon<string>> Tables = Tongues.All.ToDictionary(tongue => tongue, Load);

    readonly Utterance text;
    readonly int end;
    readonly Lexicon<string> operators;
    readonly Tongue tongue;
    int at;
    bool angleInDegrees; // Set by "(90 degrees)", for the function before the bracket.

    Expression(Utterance text, Extent part, Tongue tongue)
    {
        (this.text, at, end, this.tongue) = (text, part.From, part.To, tongue);
        operators = Tables[tongue];
    }

    /// <summary>How many operations and functions were read; a bare number has none.</summary>
    public int Operations { get; private set; }

    /// <summary>Returns how to calculate the part, or null when it is not wholly a sum.</summary>
    public static Func<Rational>? Read(Utterance text, Extent part, Tongue tongue, out int operations)
    {
        var reader = new Expression(text, part, tongue);
        var tree = reader.ReadSum();
        operations = reader.Operations;
        return tree is not null && reader.at == part.To ? tree.Value : null;
    }

    /// <summary>Whether every token could stand in a sum; tells an over-long sum from over-long prose.</summary>
    public static bool LooksLikeOne(Utterance text)
        => text.Tokens.All(token => token.Kind == TokenKind.Number || "+-*/^%()√π".Contains(token.Plain, StringComparison.Ordinal));

    Tree? ReadSum()
    {
        var left = ReadProduct();
        while (left is not null && Take("+", "-") is { } sign)
        {
            var right = ReadProduct();
            if (right is null)
                return null;
            // As on a pocket calculator: 200 + 10 % is 220.
            var (a, b) = (left, right is Percent ? new Pair((x, y) => x * y, left, right) : right);
            left = sign == "+" ? new Pair((x, y) => x + y, a, b) : new Pair((x, y) => x - y, a, b);
        }

        return left;
    }

    Tree? ReadProduct()
    {
        var left = ReadSigned();
        while (left is not null)
        {
            var sign = left is Percent || IsFraction(left) ? Take("*", "/", "mod", "of") : Take("*", "/", "mod");
            var implied = sign is null && at < end && text.Tokens[at].Plain is "(" or "π" && at > 0 && text.Tokens[at - 1].Kind != TokenKind.Symbol;
            if (sign is null && !implied)
                return left;
            var right = ReadSigned();
            if (right is null)
                return null;
            left = sign switch
            {
                "/" => new Pair((x, y) => x / y, left, right),
                "mod" => new Pair((x, y) => x % y, left, right),
                _ => new Pair((x, y) => x * y, left, right),
            };
        }

        return left;

        static bool IsFraction(Tree tree) => tree is Leaf { Number.IsInteger: false } or Pair;
    }

    Tree? ReadSigned()
    {
        if (Take("-", "minus") is not null)
        {
            Operations--; // A sign alone makes no sum.
            return ReadSigned() is { } value ? new Call(x => -x, value) : null;
        }

        if (at < end && text.Tokens[at].Plain == "+")
            at++;
        return ReadPower();
    }

    Tree? ReadPower()
    {
        var left = ReadPostfix();
        if (left is null || Take("^") is null)
            return left;
        return ReadSigned() is { } right ? new Pair((x, y) => x.Power(y), left, right) : null;
    }

    Tree? ReadPostfix()
    {
        var value = ReadPrimary();
        while (value is not null)
        {
            if (at > 0 && at <= end && text.Tokens[at - 1].End < text.Source.Length && text.Source[text.Tokens[at - 1].End] == '!' && IsFactorialSign())
            {
                Operations++;
                value = new Call(Functions.Factorial, value);
                return value;
            }

            switch (Take("squared", "cubed", "percent", "factorial"))
            {
                case "squared": value = new Call(x => x.Power(2), value); break;
                case "cubed": value = new Call(x => x.Power(3), value); break;
                case "percent": value = new Percent(value); break;
                case "factorial": value = new Call(Functions.Factorial, value); break;
                default: return value;
            }
        }

        return value;
    }

    /// <summary>"5!" and "3! + 2" are factorials; the mark at the end of "what is 3 + 3!" is surprise.</summary>
    bool IsFactorialSign() => at < end || Operations == 0;

    Tree? ReadPrimary()
    {
        if (at >= end)
            return null;
        if (text.Tokens[at].Plain == "(")
        {
            at++;
            var inner = ReadSum();
            angleInDegrees = inner is not null && Take("degrees") is not null;
            if (inner is null || at >= end || text.Tokens[at].Plain != ")")
                return null;
            at++;
            return inner is Percent ? new Call(x => x, inner) : inner;
        }

        if (operators.TryRead(text, at, end, out var name, out var next, Functions.IsFunction))
        {
            at = next;
            Operations++;
            return ReadFunction(name);
        }

        if (!NumberReader.TryRead(text, at, end, tongue, out var number, out next))
            return null;
        at = next;
        return new Leaf(number);
    }

    Tree? ReadFunction(string name)
    {
        if (Functions.Constant(name) is { } constant)
        {
            Operations--;
            return new Leaf(constant);
        }

        var before = Operations;
        Take("of");
        Operations = before; // In "root of 16" the "of" is no product.
        angleInDegrees = false;
        var argument = name is "double" or "half" or "triple" ? ReadSigned() : ReadPower();
        if (argument is null)
            return null;
        var degrees = angleInDegrees | (Take("degrees") is not null);
        return new Call(x => Functions.Apply(name, x, degrees), argument);
    }

    string? Take(params ReadOnlySpan<string> names)
    {
        if (at >= end)
            return null;
        var token = text.Tokens[at];
        foreach (var name in names)
        {
            if (token.Kind == TokenKind.Symbol && (token.Plain == name || (token.Plain == "%" && name == (NextIsOperand() ? "mod" : "percent"))))
            {
                at++;
                Operations++;
                return name;
            }

            if (token.Plain == "*" && at + 1 < end && text.Tokens[at + 1].Plain == "*" && name == "^")
            {
                at += 2;
                Operations++;
                return name;
            }
        }

        foreach (var name in names)
        {
            if (operators.TryRead(text, at, end, out _, out var next, candidate => candidate == name))
            {
                at = next;
                Operations++;
                return name;
            }
        }

        return null;
    }


    /// <summary>17 % 5 is a remainder; 20 % of 50 and 20 % + 5 are percentages.</summary>
    bool NextIsOperand() => at + 1 < end && (text.Tokens[at + 1].Kind == TokenKind.Number || text.Tokens[at + 1].Plain == "(");

    static Lexicon<string> Load(Tongue tongue)
    {
        var table = new Lexicon<string>();
        foreach (var file in new[] { "Arithmetic/common.table", $"Arithmetic/{tongue.Code()}.table" })
        {
            foreach (var (key, values) in DataFile.Pairs(file))
            {
                foreach (var value in values)
                    table.Add(value, key);
            }
        }

        return table;
    }
}
