using JeanTrail.Agents.Numbers;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>A sum that was read; calculating it may throw <see cref="NumberException"/>.</summary>
internal abstract record Tree
{
    public abstract Rational Value();
}

internal sealed record Leaf(Rational Number) : Tree
{
    public override Rational Value() => Number;
}

internal sealed record Percent(Tree Of) : Tree
{
    public override Rational Value() => Of.Value() / 100;
}

internal sealed record Call(Func<Rational, Rational> Function, Tree Of) : Tree
{
    public override Rational Value() => Function(Of.Value());
}

internal sealed record Pair(Func<Rational, Rational, Rational> Function, Tree Left, Tree Right) : Tree
{
    public override Rational Value() => Function(Left.Value(), Right.Value());
}
