using System.Text.Json.Serialization;

namespace JeanTrail.VoiceWorker;

/// <param name="Text">Plain text.</param>
/// <param name="Voice">An identifier of <see cref="VoiceInfo"/>.</param>
/// <param name="Variant">The identifier of a variant without <c>!v/</c>, or null.</param>
/// <param name="Rate">1 is normal; 0.5 to 2.</param>
/// <param name="Pitch">1 is normal; 0 to 2.</param>
sealed record SpeakRequest(string Text, string Voice, string? Variant, double Rate = 1, double Pitch = 1);

/// <summary>Sent as an event beside the audio it belongs to. Times are milliseconds from the start of the audio.</summary>
/// <param name="Phonemes">In order; an empty name is a pause.</param>
/// <param name="Words">In order; offsets are UTF-16 in the text of the request.</param>
sealed record Marks(IReadOnlyList<PhonemeMark> Phonemes, IReadOnlyList<WordMark> Words);

sealed record PhonemeMark(int AtMs, string Ipa);

sealed record WordMark(int AtMs, int Start, int Length);

/// <param name="Samples">How much audio was made.</param>
/// <param name="Cancelled">Whether it was cut short.</param>
/// <param name="SamplesAfterCancel">How much of it was made after the worker knew of the cancellation.</param>
sealed record SpeakResult(long Samples, bool Cancelled, long SamplesAfterCancel);

/// <param name="Gender">1 male, 2 female, 0 not said.</param>
sealed record VoiceInfo(string Identifier, string Name, string Language, int Gender);

/// <summary>The worker's hello.</summary>
sealed record Hello(string Engine, int SampleRate, IReadOnlyList<VoiceInfo> Voices, IReadOnlyList<VoiceInfo> Variants);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SpeakRequest))]
[JsonSerializable(typeof(Marks))]
[JsonSerializable(typeof(SpeakResult))]
[JsonSerializable(typeof(Hello))]
sealed partial class MessageJson : JsonSerializerContext;
