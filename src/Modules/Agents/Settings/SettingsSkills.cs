using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Settings;

/// <summary>Dark, light, or as the system has it.</summary>
internal sealed class ThemeSkill : IInstantSkill
{
    public string Id => "theme";

    public Answer? Try(SkillCall call) => new Answer(call.Say(call.Tag)).With(new ClientAction("set-theme", call.Tag));
}

/// <summary>The language of the interface.</summary>
internal sealed class LanguageSkill : IInstantSkill
{
    public string Id => "language";

    public Answer? Try(SkillCall call)
    {
        // Confirmed in the language that was chosen: it is the one on the screen now.
        var chosen = Tongues.From(call.Tag);
        var words = Phrasebook.Shared[chosen, "language"];
        return new Answer(words.Sayings["done"], Tongue: chosen).With(new ClientAction("set-language", call.Tag));
    }
}

/// <summary>Jean's voice on, off, faster, slower.</summary>
internal sealed class VoiceSkill : IInstantSkill
{
    public string Id => "voice";

    public Answer? Try(SkillCall call) => new Answer(call.Say(call.Tag)).With(new ClientAction("set-speech", call.Tag));
}

/// <summary>Opens a page or a section of the settings. Tags are the target: <c>/chat</c>, or <c>settings:voice</c>.</summary>
internal sealed class NavigateSkill : IInstantSkill
{
    public string Id => "navigate";

    public Answer? Try(SkillCall call)
        => new Answer(call.Say("result")).With(call.Tag.StartsWith("settings:", StringComparison.Ordinal)
            ? new ClientAction("open-settings", call.Tag["settings:".Length..])
            : new ClientAction("navigate", call.Tag));
}

/// <summary>Connecting a model.</summary>
internal sealed class ConnectModelSkill : IInstantSkill
{
    public string Id => "connect-model";

    public Answer? Try(SkillCall call) => new Answer(call.Say("result"), call.Say("spoken")).With(new ClientAction("connect-model", null, call.Say("button")));
}
