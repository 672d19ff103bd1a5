namespace JeanTrail.Contracts.Models;

/// <summary>What this machine can tell of speech besides its words; each needs models of its own.</summary>
/// <param name="Speakers">Who speaks when.</param>
/// <param name="Voices">Whose voice it is.</param>
/// <param name="Languages">Which language is spoken.</param>
public sealed record SpeakerAbilities(bool Speakers, bool Voices, bool Languages);

/// <summary>One speaks.</summary>
/// <param name="Speaker">From 0; the same number is the same voice within one recording, and says nothing of any other.</param>
public readonly record struct SpeakerTurn(TimeSpan Start, TimeSpan End, int Speaker);

/// <summary>What is the same whatever a person says. It is biometric data: who keeps it needs the person's leave.</summary>
/// <param name="Values">Only to be compared with others of the same model.</param>
public sealed record Voiceprint(string Model, IReadOnlyList<float> Values);

/// <param name="Voiceprints">At least one, of the model that is asked.</param>
public sealed record EnrolledVoice(string Name, IReadOnlyList<Voiceprint> Voiceprints);

/// <param name="Name">Null when nobody's is near enough.</param>
/// <param name="Score">How near the nearest is: the cosine of the angle between the two, -1 to 1.</param>
public sealed record VoiceMatch(string? Name, double Score);

/// <summary>
/// Tells voices and languages apart on this machine. Audio is as of <see cref="ILocalSpeech"/>, and so are the errors; <c>models.speakers_missing</c> where
/// no model for it is there. Nothing of what is heard is kept.
/// </summary>
public interface ILocalSpeakers
{
    /// <summary>Looks at the folders.</summary>
    ValueTask<SpeakerAbilities> AbilitiesAsync(CancellationToken cancel);

    /// <summary>Who speaks when, in the order of their beginnings; known only when all of the audio has come, which may be 45 minutes of it.</summary>
    /// <param name="speakers">How many there are, 1 to 20; null finds out.</param>
    IAsyncEnumerable<SpeakerTurn> DiariseAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, int? speakers, CancellationToken cancel);

    /// <summary>What a voice is known again by: half a second to two minutes of one person alone.</summary>
    Task<Voiceprint> EnrolAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel);

    /// <summary>Whose voice it is, of those that are given.</summary>
    /// <param name="threshold">From which score on two voiceprints are of one person; null is chosen.</param>
    Task<VoiceMatch> IdentifyAsync(IReadOnlyList<EnrolledVoice> enrolled, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, double? threshold, CancellationToken cancel);

    /// <summary>The language at the beginning of the audio, as a BCP 47 primary subtag where Whisper's code is one; null where it is none that is known.</summary>
    Task<string?> LanguageOfAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel);
}
