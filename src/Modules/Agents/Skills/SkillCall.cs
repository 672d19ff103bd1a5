using System.Globalization;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Time;
using JeanTrail.Contracts.Agents;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Agents.Skills;

/// <summary>One attempt to answer: the phrase that matched, what it took, and what is known of the person.</summary>
internal sealed class SkillCall(SkillRequest request, Tongue tongue, Utterance text, PhraseMatch match, SkillWords words, DateTimeOffset utcNow)
{
    TimeZoneInfo? zone;

    public UserId UserId => request.UserId;

    public IReadOnlyList<SkillContext> Earlier => request.Earlier;

    /// <summary>The language the phrase is in; the answer is in it too.</summary>
    public Tongue Tongue { get; } = tongue;

    public Tongue InterfaceTongue { get; } = Tongues.From(request.Language);

    public Utterance Utterance { get; } = text;

    public string Tag => match.Phrase.Tag;

    public DateTimeOffset UtcNow { get; } = utcNow;

    public TimeZoneInfo Zone => zone ??= Zones.Find(request.TimeZone) ?? TimeZoneInfo.Utc;

    /// <summary>The person's wall clock.</summary>
    public DateTime Now => TimeZoneInfo.ConvertTime(UtcNow, Zone).DateTime;

    public NumberText Numbers => new(Tongue, UsesArabicDigits());

    /// <summary>The tokens of a slot, or null when it took none.</summary>
    public Extent? Slot(string name) => match[name];

    /// <summary>The words of a slot without the punctuation around them; empty when it took none.</summary>
    public string Text(string name) => match[name] is { } part ? Utterance.Text(part) : "";

    /// <summary>All that was typed in a slot, for text to be kept or worked on.</summary>
    public string Raw(string name) => match[name] is { } part ? Utterance.Raw(part) : "";

    /// <summary>One of the skill's sayings with its blanks filled.</summary>
    public string Say(string key, params ReadOnlySpan<object?> args)
        => string.Format(CultureInfo.InvariantCulture, words.Sayings.TryGetValue(key, out var saying) ? saying
            : throw new KeyNotFoundException($"{words.SkillId} has no saying '{key}' in {Tongue}."), args);

    /// <summary>The same call answered in the interface language, for requests that hold no words of any language.</summary>
    public SkillCall InInterfaceTongue()
        => Tongue == InterfaceTongue ? this : new(request, InterfaceTongue, Utterance, match, Phrasebook.Shared[InterfaceTongue, words.SkillId], UtcNow);

    bool UsesArabicDigits() => Tongue == Tongue.Ar && Utterance.Source.AsSpan(0, Math.Min(400, Utterance.Source.Length)).IndexOfAnyInRange('\u0660', '\u0669') >= 0;
}
