using JeanTrail.Kernel.Errors;

namespace JeanTrail.Voice.Speaking;

/// <param name="Id">Such as <c>espeak/en-us+f3</c>.</param>
/// <param name="Identifier">espeak-ng's file name of it.</param>
/// <param name="Variant">espeak-ng's variant, or null for the voice as it is (a man's).</param>
internal sealed record VoiceChoice(string Id, string Name, string Language, string Identifier, string? Variant);

/// <summary>Which voices there are, and which one says a text.</summary>
internal sealed class VoiceCatalogue(VoiceWorkers workers)
{
    /// <summary>Jean is a woman; this is the first of these that is installed.</summary>
    static readonly string[] JeanVariants = ["f3", "f2", "f4", "f5"];

    /// <summary>Offered beside Jean's own.</summary>
    static readonly (string? Variant, string Name)[] Others = [("Annie", "Annie"), ("f2", "Clara"), ("f5", "Rosa"), ("m3", "Sam"), (null, "Plain")];

    /// <summary>The dialects offered, and the language's default first.</summary>
    static readonly (string Tag, string Name)[] Dialects =
    [
        ("en-us", "American English"), ("en-gb", "British English"), ("ar", "العربية"), ("vi", "Tiếng Việt (miền Bắc)"),
        ("vi-vn-x-south", "Tiếng Việt (miền Nam)"), ("vi-vn-x-central", "Tiếng Việt (miền Trung)"), ("ru", "Русский"),
    ];

    /// <summary>All voices offered, Jean's own first in each dialect.</summary>
    public async Task<IReadOnlyList<VoiceChoice>> ListAsync(CancellationToken cancel)
    {
        var hello = await workers.HelloAsync(cancel);
        var jean = JeanVariant(hello);
        var found = new List<VoiceChoice>();
        foreach (var (tag, dialect) in Dialects)
        {
            if (Find(hello, tag) is not { } voice)
                continue;
            found.Add(Choice(voice, jean, tag, $"Jean · {dialect}"));
            foreach (var (variant, name) in Others)
                if (variant != jean && (variant is null || HasVariant(hello, variant)))
                    found.Add(Choice(voice, variant, tag, $"{name} · {dialect}"));
        }
        return found;
    }

    /// <summary>
    /// Picks the voice for a language. The wished one is taken when it speaks that language; otherwise the language's default with the
    /// wished variant, because an English voice only spells out Arabic.
    /// </summary>
    /// <param name="language">BCP 47, any case.</param>
    public async Task<Result<VoiceChoice>> ChooseAsync(string language, string? voiceId, CancellationToken cancel)
    {
        var hello = await workers.HelloAsync(cancel);
        var tag = language.ToLowerInvariant();
        var wished = default(VoiceChoice);
        if (voiceId is not null && (wished = Parse(hello, voiceId)) is null)
            return VoiceErrors.VoiceUnknown;
        if (wished is not null && Primary(wished.Language) == Primary(tag))
            return wished;
        var voice = Find(hello, tag) ?? Find(hello, Default(Primary(tag)))
            ?? hello.Voices.FirstOrDefault(candidate => Primary(candidate.Language) == Primary(tag));
        if (voice is null)
            return VoiceErrors.LanguageUnknown;
        return Choice(voice, wished is null ? JeanVariant(hello) : wished.Variant, voice.Language, voice.Name);
    }

    /// <summary>The language a voice id speaks, for requests that name a voice and no language; null when there is no such voice.</summary>
    internal static string Primary(string tag) => tag.Split('-')[0];

    static string Default(string primary) => Array.Find(Dialects, dialect => Primary(dialect.Tag) == primary).Tag ?? primary;

    static VoiceChoice? Parse(WorkerHello hello, string id)
    {
        const string prefix = "espeak/";
        if (!id.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var parts = id[prefix.Length..].Split('+', 2);
        var voice = Find(hello, parts[0]);
        var variant = parts.Length > 1 ? parts[1] : null;
        return voice is null || (variant is not null && !HasVariant(hello, variant)) ? null : Choice(voice, variant, voice.Language, voice.Name);
    }

    static WorkerVoice? Find(WorkerHello hello, string tag)
        => hello.Voices.FirstOrDefault(voice => string.Equals(voice.Language, tag, StringComparison.OrdinalIgnoreCase));

    static bool HasVariant(WorkerHello hello, string variant) => hello.Variants.Any(candidate => candidate.Identifier == $"!v/{variant}");

    static string? JeanVariant(WorkerHello hello) => Array.Find(JeanVariants, variant => HasVariant(hello, variant));

    static VoiceChoice Choice(WorkerVoice voice, string? variant, string tag, string name)
        => new($"espeak/{tag}{(variant is null ? "" : "+" + variant)}", name, tag, voice.Identifier, variant);
}
