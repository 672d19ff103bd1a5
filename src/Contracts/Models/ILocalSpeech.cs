namespace JeanTrail.Contracts.Models;

/// <summary>What a speech model on this machine is for.</summary>
public enum SpeechPurpose
{
    /// <summary>Writes down what is said.</summary>
    Recogniser,

    /// <summary>Says what is written.</summary>
    Voice,

    /// <summary>Tells voices apart; see <see cref="ILocalSpeakers"/>.</summary>
    Speakers,

    /// <summary>Takes noise away; see <see cref="ILocalDenoiser"/>.</summary>
    Denoiser,

    /// <summary>Hears that Jean is called; see <see cref="ILocalSpotter"/>.</summary>
    Spotter,
}

/// <summary>A speech model that is on this machine.</summary>
/// <param name="Name">Its folder's name; unique among speech models.</param>
/// <param name="Kind"><c>whisper transducer paraformer sense-voice ctc vits kokoro matcha</c>, or of recognisers that write while one speaks
/// <c>streaming-transducer streaming-paraformer streaming-ctc streaming-nemo-ctc streaming-t-one</c>, or of what tells voices apart <c>diarisation speaker-segmentation speaker-embedding</c>, or of what takes noise away <c>gtcrn dpdfnet</c>, or of what hears that Jean is called <c>keyword-spotter</c>.</param>
/// <param name="Language">BCP 47 primary subtag of the only language a voice can read, where its file says so; null where it does not, or where there are several.</param>
/// <param name="Streams">Whether it writes while one speaks, so that <see cref="ILocalSpeech.ListenAsync"/> may be asked.</param>
public sealed record SpeechModel(
    string Name, SpeechPurpose Purpose, string Kind, long SizeBytes, DateTimeOffset InstalledAt, string? Language = null, bool Streams = false);

/// <summary>What counts as speech; null is chosen.</summary>
/// <param name="Threshold">Likelihood from which a window of 32 ms is speech: 0.05 to 0.95, usually 0.5.</param>
/// <param name="MinSpeech">Shorter stretches are left out; at most ten seconds, usually 0.1.</param>
/// <param name="MinSilence">Shorter pauses belong to the speech around them; 0.06 to ten seconds, usually 0.25. A segment is told so much after its end.</param>
public sealed record SegmentOptions(double? Threshold = null, TimeSpan? MinSpeech = null, TimeSpan? MinSilence = null);

/// <summary>A stretch of speech, from the beginning of the audio.</summary>
public readonly record struct SpeechSegment(TimeSpan Start, TimeSpan End);

/// <summary>What was said in a stretch of speech, from the beginning of the audio.</summary>
/// <param name="Language">As the model calls it, where it says so.</param>
public sealed record SpokenText(TimeSpan Start, TimeSpan End, string Text, string? Language = null);

/// <summary>What is being said, from the beginning of the audio.</summary>
/// <param name="Final">False while it may still become other words: the next one takes its place.</param>
public sealed record HeardText(TimeSpan Start, TimeSpan End, string Text, bool Final);

/// <param name="Text">Plain text of 1 to 20,000 UTF-16 code units.</param>
/// <param name="Language">BCP 47 primary subtag by whose rules sentences end; null uses the usual ones.</param>
/// <param name="Speaker">Of the voice's speakers, from 0.</param>
/// <param name="Speed">1 is normal; 0.25 to 4.</param>
public sealed record SynthesisRequest(string Text, string? Language = null, int Speaker = 0, double Speed = 1);

/// <param name="SampleRate">In hertz; the same in every piece of an answer.</param>
/// <param name="Samples">Little-endian 16-bit mono, at most half a second or so. Valid for as long as the reader likes.</param>
public readonly record struct SynthesisedAudio(int SampleRate, ReadOnlyMemory<byte> Samples);

/// <summary>
/// Hears and speaks on this machine, in processes of their own. Audio that goes in is 16 kHz little-endian 16-bit mono without a header, in pieces of any
/// length as it comes; it is read no further ahead than the engine can follow, and must end or honour its cancellation. Each method fails with a
/// <see cref="LocalModelException"/>: <c>models.engine_missing</c>, <c>models.engine_failing</c>, <c>models.busy</c>, <c>models.lost</c> (the process ended in the middle; what
/// came before holds, and the next call starts it anew), <c>models.request_invalid</c>. Leaving a loop or cancelling stops the work.
/// </summary>
public interface ILocalSpeech
{
    /// <summary>What can be used on this node; looks at the folders.</summary>
    ValueTask<IReadOnlyList<SpeechModel>> ListAsync(CancellationToken cancel);

    /// <summary>Where speech is: each stretch as soon as it is known to have ended. Needs no model of the person's own.</summary>
    IAsyncEnumerable<SpeechSegment> SegmentsAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, SegmentOptions? options, CancellationToken cancel);

    /// <summary>
    /// What is said: each stretch of speech as soon as it has been read, longer ones in pieces of 28 seconds. Further errors: <c>models.unknown</c>,
    /// <c>models.wrong_purpose</c>, <c>models.unreadable</c>, <c>models.does_not_fit</c>.
    /// </summary>
    IAsyncEnumerable<SpokenText> TranscribeAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel);

    /// <summary>
    /// What is being said, while it is said: a pause makes it final. Who reads slowly misses some of what is not final, and nothing of what is. Only of
    /// models that do so, others fail with <c>models.wrong_purpose</c>; further errors as of <see cref="TranscribeAsync"/>.
    /// </summary>
    IAsyncEnumerable<HeardText> ListenAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel);

    /// <summary>Says a text, sentence by sentence: the first is there while the next is made. Further errors as of <see cref="TranscribeAsync"/>.</summary>
    IAsyncEnumerable<SynthesisedAudio> SpeakAsync(string model, SynthesisRequest request, CancellationToken cancel);
}
