using JeanTrail.Kernel.Errors;

namespace JeanTrail.Contracts.Voice;

/// <summary>Turns text into a performance: audio with the timed visemes and expressions that go with it.</summary>
public interface ISpeech
{
    /// <summary>
    /// Errors: <c>voice.unavailable</c> (no worker), <c>voice.language_unknown</c>, <c>voice.text_empty</c>.
    /// Cancelling stops the synthesis itself within one audio buffer (barge-in).
    /// </summary>
    Task<Result<Performance>> PerformAsync(SpeechRequest request, CancellationToken cancel);
}

/// <param name="Text">Plain text, at most 2,000 UTF-16 code units.</param>
/// <param name="Language">BCP 47 primary subtag; null lets the text tell.</param>
/// <param name="VoiceId">Such as <c>espeak/en-us</c>; null picks the language's default.</param>
/// <param name="Rate">1 is normal; 0.5 to 2.</param>
/// <param name="Pitch">1 is normal; 0 to 2. Built-in voices only.</param>
/// <param name="LocalVoice">
/// Name of a voice model of this machine that reads in place of the built-in voice, where the person agreed to it. A text in a language it cannot read, and one
/// that it fails at, is read by the built-in voice.
/// </param>
public sealed record SpeechRequest(
    string Text, string? Language, string? VoiceId, double Rate = 1, double Pitch = 1, AudioFormat Format = AudioFormat.Wav, string? LocalVoice = null);

/// <summary>How the audio of a performance is packed.</summary>
public enum AudioFormat
{
    /// <summary>RIFF/WAVE, 16-bit mono.</summary>
    Wav,

    /// <summary>Opus in Ogg (needs ffmpeg).</summary>
    Ogg,

    /// <summary>Little-endian 16-bit mono samples without a header.</summary>
    Pcm,
}

/// <param name="SampleRate">In hertz.</param>
/// <param name="FallbackCode">Why the local voice that was wished did not read this, such as <c>models.unknown</c>; null when nothing went wrong.</param>
public sealed record Performance(
    int DurationMs,
    int SampleRate,
    AudioFormat Format,
    ReadOnlyMemory<byte> Audio,
    IReadOnlyList<TimedViseme> Visemes,
    IReadOnlyList<TimedWord> Words,
    IReadOnlyList<TimedExpression> Expressions,
    string? FallbackCode = null);

/// <param name="Viseme">One of the 15 of Oculus: <c>sil PP FF TH DD kk CH SS nn RR aa E I O U</c>.</param>
/// <param name="Weight">0 to 1.</param>
public sealed record TimedViseme(int AtMs, int DurationMs, string Viseme, double Weight);

/// <param name="Start">UTF-16 offset in the spoken text.</param>
public sealed record TimedWord(int AtMs, int Start, int Length);

/// <param name="Name"><c>happy angry sad relaxed surprised neutral</c>.</param>
public sealed record TimedExpression(int AtMs, string Name, double Weight);
