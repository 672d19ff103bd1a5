using JeanTrail.Contracts.Models;

namespace JeanTrail.Models.Speech;

/// <summary>The families of speech models that the engine runs, in the worker's words (<c>workers/speech/src/settings.ts</c>).</summary>
internal static class SpeechKind
{
    internal const string Whisper = "whisper";
    internal const string Transducer = "transducer";
    internal const string Paraformer = "paraformer";
    internal const string SenseVoice = "sense-voice";
    internal const string Ctc = "ctc";
    internal const string Vits = "vits";
    internal const string Kokoro = "kokoro";
    internal const string Matcha = "matcha";

    internal static SpeechPurpose PurposeOf(string kind) => kind is Vits or Kokoro or Matcha ? SpeechPurpose.Voice : SpeechPurpose.Recogniser;

    /// <summary>What a model of one file is, by what the file says of itself; null for what is not known here.</summary>
    internal static string? OfType(string? modelType) => modelType switch
    {
        "paraformer" => Paraformer,
        "sense_voice_ctc" or "sense_voice" => SenseVoice,
        "zipformer2_ctc" or "zipformer_ctc" => Ctc,
        "vits" => Vits,
        "matcha-tts" => Matcha,
        not null when modelType.StartsWith("kokoro", StringComparison.Ordinal) => Kokoro,
        _ => null,
    };
}
