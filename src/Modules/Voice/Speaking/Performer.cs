using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Faces;

namespace JeanTrail.Voice.Speaking;

/// <summary>Makes performances: with the local voice that was wished, as far as it can, and with the built-in ones.</summary>
internal sealed class Performer(Speaker speaker, LocalVoice local, Loudness loudness, OggEncoder ogg, TimeProvider clock) : ISpeech
{
    static readonly ActivitySource Activities = new("JeanTrail.Voice");
    static readonly Meter Meter = new("JeanTrail.Voice");
    static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("voice.performance.duration", "ms", "From the request to the whole performance.");

    public async Task<Result<Performance>> PerformAsync(SpeechRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = Activities.StartActivity("voice.perform");
        var startedAt = clock.GetTimestamp();
        try
        {
            var performed = await PerformInAsync(request, cancel);
            if (performed.TryGet(out var made, out _))
                Duration.Record(clock.GetElapsedTime(startedAt).TotalMilliseconds, new KeyValuePair<string, object?>("language", LanguageTag(made.Language)));
            return performed.TryGet(out made, out var error) ? made.Performance : error;
        }
        catch (Exception exception) when (Speaker.Explain(exception) is { } expected)
        {
            return expected;
        }
    }

    sealed record Performed(Performance Performance, string Language);

    async Task<Result<Performed>> PerformInAsync(SpeechRequest request, CancellationToken cancel)
    {
        Error? failed = null;
        if (!string.IsNullOrEmpty(request.LocalVoice))
        {
            if ((await local.ReadAsync(request, cancel)).TryGet(out var reading, out failed) && reading is not null)
            {
                if ((await FinishAsync(reading, request, cancel)).TryGet(out var made, out failed))
                    return new Performed(made, reading.Language);
                if (failed == VoiceErrors.TextEmpty)
                    failed = VoiceErrors.LocalSilent;
            }
        }

        var understood = await speaker.UnderstandAsync(request, cancel);
        if (!understood.TryGet(out var utterance, out var error))
            return error;
        return (await FinishAsync(await speaker.ReadAsync(utterance, cancel), request, cancel)).TryGet(out var whole, out error)
            ? new Performed(whole with { FallbackCode = failed?.Code }, utterance.Language)
            : error;
    }

    async Task<Result<Performance>> FinishAsync(Reading reading, SpeechRequest request, CancellationToken cancel)
    {
        var (audio, shiftMs) = loudness.Shape(CollectionsMarshal.AsSpan(reading.Samples), reading.SampleRate, reading.VoiceId);
        if (audio.Length == 0)
            return VoiceErrors.TextEmpty;
        var durationMs = (int)(audio.Length * 1000L / reading.SampleRate);
        var words = Words(reading.Words, reading.Text, shiftMs, durationMs);
        var visemes = reading.Phonemes.Count > 0
            ? VisemeTrack.Make(reading.Phonemes, audio, reading.SampleRate, shiftMs, durationMs)
            : LoudnessVisemes.Make(audio, reading.SampleRate, durationMs);
        var expressions = ExpressionTrack.Make(request.Text, reading.Language, words);
        var packed = await PackAsync(audio, reading.SampleRate, request.Format, cancel);
        if (!packed.TryGet(out var bytes, out var error))
            return error;
        return new Performance(durationMs, reading.SampleRate, request.Format, bytes, visemes, words, expressions);
    }

    async Task<Result<ReadOnlyMemory<byte>>> PackAsync(short[] audio, int sampleRate, AudioFormat format, CancellationToken cancel)
    {
        var bytes = MemoryMarshal.AsBytes<short>(audio);
        switch (format)
        {
            case AudioFormat.Wav:
                ReadOnlyMemory<byte> wav = (byte[])[.. WavHeader.For(sampleRate, bytes.Length), .. bytes];
                return wav;
            case AudioFormat.Pcm:
                ReadOnlyMemory<byte> pcm = bytes.ToArray();
                return pcm;
            default:
                return await ogg.EncodeAsync(bytes.ToArray(), sampleRate, cancel);
        }
    }

    static List<TimedWord> Words(IReadOnlyList<WordMark> marks, SpeakableText text, int shiftMs, int durationMs)
    {
        var words = new List<TimedWord>(marks.Count);
        foreach (var mark in marks)
        {
            var start = text.SourceOf(mark.Start);
            var end = text.SourceOf(mark.Start + mark.Length - 1) + 1;
            // A number is several words to the voice and one to the reader.
            if (end <= start || (words.Count > 0 && words[^1].Start >= start))
                continue;
            words.Add(new TimedWord(Math.Clamp(mark.AtMs - shiftMs, 0, durationMs), start, end - start));
        }
        return words;
    }

    static string LanguageTag(string language) => language is "en" or "ar" or "vi" or "ru" ? language : "other";
}
