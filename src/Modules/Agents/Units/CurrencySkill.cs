using JeanTrail.Agents.Arithmetic;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Units;

/// <summary>Converts money by a rate the person gives. Rates change by the minute and Jean has none of her own: without one she says so.</summary>
internal sealed class CurrencySkill : IInstantSkill
{
    public string Id => "currency";

    public Answer? Try(SkillCall call)
    {
        if (!Amount.TryRead(call, "n", out var amount) || call.Slot("c") is not { Count: <= 2 })
            return null;
        if (call.Tag == "no-rate")
            return CurrencyNames.IsOne(call, "n") && CurrencyNames.IsOne(call, "c") ? call.Say("no-rate") : null;
        if (!Amount.TryRead(call, "r", out var rate) || rate.Value.Sign <= 0)
            return null;
        var result = call.Tag == "divide" ? amount.Value / rate.Value : amount.Value * rate.Value;
        return call.Say("result", amount.Write(call), call.Numbers.Money(result), call.Text("c"), call.Numbers.Write(rate.Value, 6));
    }
}
