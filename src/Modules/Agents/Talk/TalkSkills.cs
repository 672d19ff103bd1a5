using System.Security.Cryptography;
using System.Text;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Talk;

/// <summary>A greeting for the time of day.</summary>
internal sealed class GreetingSkill : IInstantSkill
{
    public string Id => "greeting";

    public SkillKind Kind => SkillKind.SmallTalk;

    public Answer? Try(SkillCall call)
    {
        if (call.Tag == "how")
            return call.Say("how");
        var greeting = call.Now.Hour switch { >= 5 and < 12 => "morning", >= 12 and < 18 => "afternoon", _ => "evening" };
        return call.Say("result", call.Say(greeting));
    }
}

internal sealed class ThanksSkill : IInstantSkill
{
    public string Id => "thanks";

    public SkillKind Kind => SkillKind.SmallTalk;

    public Answer? Try(SkillCall call) => call.Say(RandomNumberGenerator.GetInt32(2) == 0 ? "one" : "two");
}

internal sealed class GoodbyeSkill : IInstantSkill
{
    public string Id => "goodbye";

    public SkillKind Kind => SkillKind.SmallTalk;

    public Answer? Try(SkillCall call) => call.Say(call.Tag == "night" ? "night" : "result");
}

/// <summary>Who Jean is, and what she is not.</summary>
internal sealed class AboutSkill : IInstantSkill
{
    public string Id => "about";

    public SkillKind Kind => SkillKind.SmallTalk;

    public Answer? Try(SkillCall call) => call.Say(call.Tag == "" ? "result" : call.Tag);
}

/// <summary>Says the last answer again, or falls silent.</summary>
internal sealed class RepeatSkill : IInstantSkill
{
    public string Id => "repeat";

    public SkillKind Kind => SkillKind.SmallTalk;

    public Answer? Try(SkillCall call)
    {
        if (call.Tag == "stop")
            return new Answer(call.Say("stopped"), "").With(new ClientAction("set-speech", "stop"));
        for (var index = call.Earlier.Count - 1; index >= 0; index--)
        {
            if (!call.Earlier[index].FromPerson && call.Earlier[index].Text.Length > 0)
                return call.Earlier[index].Text;
        }

        return call.Say("nothing");
    }
}

/// <summary>What Jean can do without a model, with an example of each.</summary>
internal sealed class HelpSkill : IInstantSkill
{
    /// <summary>The skills with something to try, in the order they are shown; talk and settings speak for themselves.</summary>
    static readonly string[] Shown =
    [
        "arithmetic", "percentage", "unit-conversion", "time-in-place", "date-math", "days-until", "reminder-set", "note-add", "note-find",
        "summary", "ask-text", "text-count", "random", "password", "colour", "theme",
    ];

    public string Id => "help";

    public Answer? Try(SkillCall call)
    {
        var text = new StringBuilder(call.Say("intro")).Append('\n');
        foreach (var id in Shown)
        {
            var words = Phrasebook.Shared[call.Tongue, id];
            text.Append("\n- **").Append(words.Name).Append("** · *").Append(words.Examples[0]).Append('*');
        }

        text.Append("\n\n").Append(call.Say("more"));
        return new Answer(text.ToString(), call.Say("spoken")).With(new ClientAction("connect-model", null, Phrasebook.Shared[call.Tongue, "connect-model"].Sayings["button"]));
    }
}
