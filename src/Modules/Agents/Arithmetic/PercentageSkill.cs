using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>Percentages of all kinds: of, what percent, change, increase, tips, discounts.</summary>
internal sealed class PercentageSkill : IInstantSkill
{
    public string Id => "percentage";

    public Answer? Try(SkillCall call)
    {
        try
        {
            return call.Tag switch
            {
                "ratio" => Ratio(call),
                "change" => Change(call),
                "tip" => Tip(call),
                _ => Part(call),
            };
        }
        catch (NumberException)
        {
            return call.Say("undefined");
        }
    }

    static Answer? Part(SkillCall call)
    {
        if (!Amount.TryPercent(call, "p", out var percent) || !Amount.TryRead(call, "n", out var whole))
            return null;
        var share = whole.Value * percent / 100;
        var p = call.Numbers.Write(percent, 4);
        return call.Tag switch
        {
            "off" => call.Say("off", whole.Write(call), p, whole.Write(call, whole.Value - share), whole.Write(call, share)),
            "plus" => call.Say("plus", whole.Write(call), p, whole.Write(call, whole.Value + share)),
            "minus" => call.Say("minus", whole.Write(call), p, whole.Write(call, whole.Value - share)),
            _ => call.Say("of", p, whole.Write(call), whole.Write(call, share)),
        };
    }

    static Answer? Ratio(SkillCall call)
    {
        if (!Amount.TryRead(call, "a", out var part) || !Amount.TryRead(call, "b", out var whole))
            return null;
        return whole.Value.Sign == 0 ? call.Say("undefined")
            : call.Say("ratio", part.Write(call), whole.Write(call), call.Numbers.Write(part.Value * 100 / whole.Value, 2));
    }

    static Answer? Change(SkillCall call)
    {
        if (!Amount.TryRead(call, "a", out var before) || !Amount.TryRead(call, "b", out var after))
            return null;
        if (before.Value.Sign == 0)
            return call.Say("undefined");
        var change = (after.Value - before.Value) * 100 / before.Value.Abs();
        return call.Say(change.Sign < 0 ? "fall" : "rise", before.Write(call), after.Write(call), call.Numbers.Write(change.Abs(), 2));
    }

    static Answer? Tip(SkillCall call)
    {
        Rational percent = 15;
        if ((call.Slot("p") is not null && !Amount.TryPercent(call, "p", out percent)) || !Amount.TryRead(call, "n", out var bill))
            return null;
        var tip = bill.Value * percent / 100;
        var total = bill.Value + tip;
        var p = call.Numbers.Write(percent, 4);
        if (call.Slot("k") is null)
            return call.Say("tip", bill.Write(call), p, bill.Write(call, tip), bill.Write(call, total));
        return NumberReader.TryInt(call.Utterance, call.Slot("k"), call.Tongue, 1, 1000, out var people)
            ? call.Say("tip.split", bill.Write(call), p, bill.Write(call, tip), bill.Write(call, total), bill.Write(call, total / people)) : null;
    }
}
