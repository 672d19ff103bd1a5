using System.Text.Json.Serialization;

namespace JeanTrail.Voice.Speaking;

/// <summary>What is said to the worker and what it answers; the same shapes as in <c>workers/voice</c>.</summary>
internal sealed record WorkerRequest(string Text, string Voice, string? Variant, double Rate, double Pitch);

internal sealed record WorkerHello(string Engine, int SampleRate, IReadOnlyList<WorkerVoice> Voices, IReadOnlyList<WorkerVoice> Variants);

internal sealed record WorkerVoice(string Identifier, string Name, string Language, int Gender);

internal sealed record WorkerMarks(IReadOnlyList<PhonemeMark> Phonemes, IReadOnlyList<WordMark> Words);

/// <param name="Ipa">Empty for a pause.</param>
internal readonly record struct PhonemeMark(int AtMs, string Ipa);

/// <param name="Start">UTF-16 offset.</param>
internal readonly record struct WordMark(int AtMs, int Start, int Length);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerHello))]
[JsonSerializable(typeof(WorkerMarks))]
internal sealed partial class WorkerJson : JsonSerializerContext;
