using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Text;

/// <summary>Answers a question with the sentence of a text that does, and says so when none does.</summary>
internal sealed class AskTextSkill : IInstantSkill
{
    /// <summary>Less of the question in a sentence is no answer but a coincidence.</summary>
    const double MinCoverage = 0.5;

    public string Id => "ask-text";

    public Answer? Try(SkillCall call)
    {
        var question = call.Raw("q");
        SourceText? source;
        if (call.Slot("x") is not null)
        {
            source = SourceText.InSlot(call, "x");
        }
        else if (question.IndexOf('\n', StringComparison.Ordinal) is var line and > 0 && question.Length - line > 100)
        {
            // The question on the first line, the text below it.
            var body = question[line..].Trim();
            source = new SourceText(body, Math.Max(0, call.Utterance.Source.LastIndexOf(body, StringComparison.Ordinal)), true, true);
            question = question[..line];
        }
        else
        {
            source = SourceText.Earlier(call);
        }

        if (question.Length is 0 or > 400)
            return null;
        if (source is null)
            return call.Say("nothing");
        var sentences = Sentences.Read(source.Text);
        var words = Sentences.ContentWords(question);
        if (sentences.Count == 0 || words.Count == 0)
            return call.Say("unknown");
        var hits = Bm25.Rank(sentences, words);
        if (hits.Count == 0 || hits[0].Coverage < MinCoverage)
            return call.Say("unknown");
        var sentence = sentences[hits[0].Index];
        var quote = source.Text[sentence.Start..sentence.End].ReplaceLineEndings(" ");
        return new Answer($"> {quote}\n\n{call.Say("result")}", quote, Citations: [source.Cite(call, sentence)]);
    }
}
