using System.Diagnostics.CodeAnalysis;
using JeanTrail.Agents.Recognition;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Skills;

/// <summary>One thing Jean can do with no model. Its phrases and sayings stand under its id in the <c>*.phrases</c> files.</summary>
internal interface ISkill
{
    /// <summary>Stable, such as <c>unit-conversion</c>.</summary>
    string Id { get; }

    /// <summary>What kind of talk it is. Clients suggest tasks, not small talk.</summary>
    SkillKind Kind => SkillKind.Task;

    /// <summary>
    /// Answers a call whose phrase matched, or returns null when what stands in the slots makes no sense for it: a near miss is no
    /// match, and the next phrase or skill is tried. <see cref="Answer.NotAsked"/> leaves only the other skills to try.
    /// </summary>
    ValueTask<Answer?> TryAsync(SkillCall call, CancellationToken cancel);
}

internal enum SkillKind
{
    Task,
    SmallTalk,
}

/// <summary>A skill that needs nothing but the call.</summary>
internal interface IInstantSkill : ISkill
{
    Answer? Try(SkillCall call);

    ValueTask<Answer?> ISkill.TryAsync(SkillCall call, CancellationToken cancel) => new(Try(call));
}

/// <param name="Text">Markdown.</param>
/// <param name="Spoken">What to speak where it differs.</param>
/// <param name="Tongue">The language of the text, where it is not that of the phrase.</param>
internal sealed record Answer(
    string Text,
    string? Spoken = null,
    IReadOnlyList<ClientAction>? Actions = null,
    IReadOnlyList<Citation>? Citations = null,
    Tongue? Tongue = null)
{
    /// <summary>
    /// The words fit but ask for something else, as in "note down why the sky is blue": the skill's other readings of them ("note" and
    /// then "down why …") are not tried, in no language.
    /// </summary>
    public static readonly Answer NotAsked = new("");

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Answer?(string? text) => text is null ? null : new(text);

    public Answer With(ClientAction action) => this with { Actions = [.. Actions ?? [], action] };
}
