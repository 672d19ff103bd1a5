using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Units;

/// <summary>Words and signs of the common currencies, enough to tell money from other things.</summary>
internal static class CurrencyNames
{
    static readonly Lexicon<bool> Names = Load();

    /// <summary>Whether a word of the slot is a currency.</summary>
    public static bool IsOne(SkillCall call, string slot)
    {
        if (call.Slot(slot) is not { } part)
            return false;
        for (var at = part.From; at < part.To; at++)
        {
            if (Names.TryRead(call.Utterance, at, part.To, out _, out _))
                return true;
        }

        return false;
    }

    static Lexicon<bool> Load()
    {
        var names = new Lexicon<bool>();
        foreach (var (_, values) in DataFile.Pairs("Units/currencies.table"))
        {
            foreach (var value in values)
                names.Add(value, true);
        }

        return names;
    }
}
