using JeanTrail.Agents.Skills;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Text;

/// <summary>The text a person means: what they pasted, or the last longer text of the conversation.</summary>
/// <param name="Offset">Where it begins in the message it stands in; citations count from there.</param>
internal sealed record SourceText(string Text, int Offset, bool Pasted, bool FromPerson)
{
    const int MinLength = 120;

    public static SourceText? Earlier(SkillCall call)
    {
        for (var index = call.Earlier.Count - 1; index >= 0; index--)
        {
            if (call.Earlier[index] is { FromPerson: true } theirs && IsLong(theirs.Text))
                return Of(theirs);
        }

        for (var index = call.Earlier.Count - 1; index >= 0; index--)
        {
            if (IsLong(call.Earlier[index].Text))
                return Of(call.Earlier[index]);
        }

        return null;

        static SourceText Of(SkillContext earlier) => new(earlier.Text, 0, false, earlier.FromPerson);
    }

    public static SourceText? InSlot(SkillCall call, string slot)
    {
        var raw = call.Raw(slot);
        if (raw.Length == 0)
            return null;
        var offset = call.Utterance.Source.LastIndexOf(raw, StringComparison.Ordinal);
        return new SourceText(raw, Math.Max(0, offset), true, true);
    }

    /// <summary>A sentence of it as a citation.</summary>
    public Citation Cite(SkillCall call, Sentence sentence)
        => new(call.Say(Pasted ? "source.pasted" : FromPerson ? "source.theirs" : "source.mine"), Text[sentence.Start..sentence.End], Offset + sentence.Start, Offset + sentence.End);

    static bool IsLong(string text) => text.Length >= MinLength && Sentences.Read(text.Length > 2000 ? text[..2000] : text).Count >= 2;
}
