using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Units;

namespace JeanTrail.Agents.Arithmetic;

/// <summary>Body mass index: kilograms over metres squared, with the adult ranges. Source: WHO, body mass index.</summary>
internal sealed class BmiSkill : IInstantSkill
{
    public string Id => "bmi";

    public Answer? Try(SkillCall call)
    {
        if (Measure(call, "w", "mass", "kg") is not { } kilograms || Measure(call, "h", "length", "m") is not { } height)
            return null;
        // A bare 175 is centimetres; a bare 1.75 is metres.
        var metres = height > 3 ? height / 100 : height;
        if (kilograms is < 2 or > 500 || metres is < 0.4 or > 2.8)
            return null;
        var bmi = Math.Round(kilograms / (metres * metres), 1);
        var range = bmi switch { < 18.5 => "under", < 25 => "normal", < 30 => "over", _ => "obese" };
        return call.Say("result", call.Numbers.Write(bmi, 1), call.Say(range));
    }

    static double? Measure(SkillCall call, string slot, string dimension, string unit)
    {
        if (call.Slot(slot) is not { } part)
            return null;
        if (NumberReader.TryReadAll(call.Utterance, part, call.Tongue, out var bare))
            return bare.ToDouble();
        return Quantity.TryRead(call.Utterance, part, call.Tongue, out var quantity) && quantity.Unit.Dimension == dimension
            ? UnitTable.Convert(quantity.Value, quantity.Unit, UnitTable.ByCode(unit)).ToDouble() : null;
    }
}
