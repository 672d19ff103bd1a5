using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Units;

/// <summary>Converts between units of one dimension. A word with two meanings takes the one that fits the other side.</summary>
internal sealed class UnitConversionSkill : IInstantSkill
{
    public string Id => "unit-conversion";

    public Answer? Try(SkillCall call)
    {
        if (call.Slot("q") is not { } part || call.Slot("u") is not { } target)
            return null;
        var tongue = call.Tongue;
        if (!Quantity.TryRead(call.Utterance, part, tongue, out var quantity) || !TryTarget(call, target, quantity.Unit.Dimension, out var unit))
        {
            // "ounces" and "pounds" may be weights or volumes: let the target choose, then look again.
            if (!TryTarget(call, target, null, out unit) || !Quantity.TryRead(call.Utterance, part, tongue, out quantity, candidate => candidate.Dimension == unit.Dimension))
                return null;
        }

        if (quantity.Unit.Code == unit.Code)
            return null;
        try
        {
            return Show(call, quantity, unit);
        }
        catch (NumberException)
        {
            return call.Say("large");
        }
    }

    static bool TryTarget(SkillCall call, Extent target, string? dimension, out Unit unit)
        => UnitTable.TryRead(call.Utterance, target.From, target.To, call.Tongue, out unit, out var next, candidate => dimension is null || candidate.Dimension == dimension) && next == target.To;

    static Answer Show(SkillCall call, Quantity quantity, Unit unit)
    {
        var converted = UnitTable.Convert(quantity.Value, quantity.Unit, unit);
        if (unit.Dimension == "temperature" && converted + unit.Offset < 0)
            return call.Say("cold");
        var (from, to) = (call.Numbers.Write(quantity.Value, 6), call.Numbers.Write(converted, 4));
        var exact = converted.IsExact && converted.Round(4) == converted;
        return new Answer(
            call.Say(exact ? "result" : "about", from, quantity.Unit.Signs[call.Tongue], to, unit.Signs[call.Tongue]),
            call.Say("result.spoken", from, quantity.Unit.Names[call.Tongue], to, unit.Names[call.Tongue]));
    }
}
