using System.Globalization;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Time;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Agents.Skills;

/// <summary>One attempt to answer: the phrase that matched, what it took, and what is known of the person.</summary>
internal sealed class SkillCall(SkillRequest request, Tongue tongue, Utterance text, PhraseMatch match, SkillWords words, DateTimeOffset utcNow)
{
    /// <summary>Words in the longest entry of the tables below.</summary>
    const int LongestEntry = 4;
    static readonly Dictionary<Tongue, Lexicon<bool>> Questions = DataFile.Words("Skills/questions.table");
    static readonly Dictionary<Tongue, Lexicon<bool>> Descriptions = DataFile.Words("Skills/descriptions.table");
    static readonly Dictionary<Tongue, Lexicon<bool>> References = DataFile.Words("Skills/references.table");

    TimeZoneInfo? zone;

    public UserId UserId => request.UserId;

    public IReadOnlyList<SkillContext> Earlier => request.Earlier;

    /// <summary>What is answered, where it is a message of a conversation.</summary>
    public MessageId? Message => request.Message;

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

    /// <summary>
    /// The text a person gave to be worked on, or null when they only speak of one: "reverse: a b" gives it, "reverse a linked list in
    /// Python" does not. How sure the words around the slot make it stands in its name: <c>{text}</c> takes anything, <c>{list}</c> three
    /// parts or more between commas, <c>{word}</c> one word; each of them, and <c>{quote}</c>, takes what a colon, a line break or quotation
    /// marks set off.
    /// </summary>
    public string? GivenText()
    {
        foreach (var name in (ReadOnlySpan<string>)["text", "list", "word", "quote"])
        {
            if (match[name] is not { } part)
                continue;
            var raw = Utterance.Raw(part);
            var fits = name switch
            {
                "text" => true,
                // One comma is in many a sentence: "sort my photos by date, please".
                "list" => raw.Count(",،;؛\n".Contains) >= 2,
                "word" => !raw.Any(char.IsWhiteSpace),
                _ => false,
            };
            return Utterance.IsSetOff(part) || (fits && !References[Tongue].TryReadAll(Utterance, part, out _)) ? raw : null;
        }

        return null;
    }

    /// <summary>Whether words ask something: "remind me who Napoleon was" wants an answer and no reminder.</summary>
    public bool IsQuestion(Extent part)
        => !Utterance.IsSetOff(part) && (Begins(part, Questions)
            || Enumerable.Range(1, Math.Min(part.Count, LongestEntry)).Any(count => Questions[Tongue].TryReadAll(Utterance, part with { From = part.To - count }, out _)));

    /// <summary>Whether words say what a text shall be about: "write down the steps to bake bread" wants them found, not kept.</summary>
    public bool IsDescription(Extent part) => !Utterance.IsSetOff(part) && Begins(part, Descriptions);

    /// <summary>One of the skill's sayings with its blanks filled.</summary>
    public string Say(string key, params ReadOnlySpan<object?> args)
        => string.Format(CultureInfo.InvariantCulture, words.Sayings.TryGetValue(key, out var saying) ? saying
            : throw new KeyNotFoundException($"{words.SkillId} has no saying '{key}' in {Tongue}."), args);

    /// <summary>The same call answered in the interface language, for requests that hold no words of any language.</summary>
    public SkillCall InInterfaceTongue()
        => Tongue == InterfaceTongue ? this : new(request, InterfaceTongue, Utterance, match, Phrasebook.Shared[InterfaceTongue, words.SkillId], UtcNow);

    bool Begins(Extent part, Dictionary<Tongue, Lexicon<bool>> table) => table[Tongue].TryRead(Utterance, part.From, part.To, out _, out _);

    bool UsesArabicDigits() => Tongue == Tongue.Ar && Utterance.Source.AsSpan(0, Math.Min(400, Utterance.Source.Length)).IndexOfAnyInRange('\u0660', '\u0669') >= 0;
}
