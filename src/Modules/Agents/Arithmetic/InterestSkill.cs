using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>Compound interest (yearly) and the monthly payment of an annuity loan.</summary>
internal sealed class InterestSkill : IInstantSkill
{
    public string Id => "interest";

    public Answer? Try(SkillCall call)
    {
        if (!Amount.TryRead(call, "n", out var principal) || !Amount.TryPercent(call, "p", out var rate) || call.Slot("t") is not { } term
            || !NumberReader.TryReadAll(call.Utterance, term, call.Tongue, out var time) || principal.Value.Sign <= 0 || rate.Sign < 0 || rate > 1000 || time.Sign <= 0 || time > 1200)
            return null;
        return call.Tag.StartsWith("loan", StringComparison.Ordinal)
            ? Loan(call, principal, rate, call.Tag == "loan-months" ? time : time * 12)
            : Compound(call, principal, rate, time);
    }

    static Answer Compound(SkillCall call, Amount principal, Rational rate, Rational years)
    {
        var total = Cents(principal.Value.ToDouble() * Math.Pow(1 + (rate.ToDouble() / 100), years.ToDouble()));
        return call.Say("compound", principal.Write(call), call.Numbers.Write(rate, 4), call.Numbers.Write(years, 2), principal.Write(call, total), principal.Write(call, total - principal.Value));
    }

    /// <summary>Payment = P·r / (1 − (1 + r)^−n), r the monthly rate. Source: the annuity formula.</summary>
    static Answer? Loan(SkillCall call, Amount principal, Rational rate, Rational months)
    {
        if (!months.IsInteger || months > 1200)
            return null;
        var (p, r, n) = (principal.Value.ToDouble(), rate.ToDouble() / 1200, months.ToDouble());
        var payment = Cents(r == 0 ? p / n : p * r / (1 - Math.Pow(1 + r, -n)));
        var total = payment * months;
        return call.Say("loan", principal.Write(call), call.Numbers.Write(rate, 4), call.Numbers.Write(months), principal.Write(call, payment), principal.Write(call, total - principal.Value));
    }

    static Rational Cents(double value) => value > 1e15 ? throw new NumberException(NumberFault.TooLarge) : Rational.FromDecimal((decimal)Math.Round(value, 2));
}
