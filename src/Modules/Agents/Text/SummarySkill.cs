using System.Text;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Text;

/// <summary>The sentences that carry a text, word for word, each with its place.</summary>
internal sealed class SummarySkill : IInstantSkill
{
    const int MinSentences = 3;

    public string Id => "summary";

    public Answer? Try(SkillCall call)
    {
        SourceText? source;
        if (call.Tag == "earlier")
        {
            source = SourceText.Earlier(call);
            if (source is null)
                return call.Say("nothing");
        }
        else if ((source = SourceText.InSlot(call, "x")) is null)
        {
            return null;
        }

        var sentences = Sentences.Read(source.Text);
        if (sentences.Count < MinSentences)
            // "Summarise the French Revolution" names a subject, it is no text.
            return source.Pasted && source.Text.Length < 200 ? null : call.Say("short");
        var count = Math.Clamp((int)Math.Ceiling(sentences.Count * 0.25), 1, 5);
        var best = TextRank.Best(sentences, count);
        var text = new StringBuilder(call.Say("result")).Append('\n');
        foreach (var index in best)
            text.Append("\n- ").Append(source.Text[sentences[index].Start..sentences[index].End].ReplaceLineEndings(" "));
        return new Answer(text.ToString(), Citations: [.. best.Select(index => source.Cite(call, sentences[index]))]);
    }
}
