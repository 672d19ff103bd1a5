using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Faces;

namespace JeanTrail.Voice.Speaking;

/// <summary>Makes performances with the built-in voices.</summary>
internal sealed class Performer(Speaker speaker, Loudness loudness, OggEncoder ogg, TimeProvider clock) : ISpeech
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
            var understood = await speaker.UnderstandAsync(request, cancel);
            if (!understood.TryGet(out var utterance, out var error))
                return error;
            var performance = await PerformAsync(utterance, request, cancel);
            Duration.Record(clock.GetElapsedTime(startedAt).TotalMilliseconds, new KeyValuePair<string, object?>("language", LanguageTag(utterance.Language)));
            return performance;
        }
        catch (Exception exception) when (Speaker.Explain(exception) is { } expected)
        {
            return expected;
        }
    }

    async Task<Result<Performance>> PerformAsync(Utterance utterance, SpeechRequest request, CancellationToken cancel)
    {
        var samples = new List<short>(utterance.SampleRate * 4);
        var phonemes = new List<PhonemeMark>();
        var marks = new List<WordMark>();
        await foreach (var part in speaker.SpeakAsync(utterance, cancel))
        {
            samples.AddRange(Speaker.AsSamples(part.Samples));
            phonemes.AddRange(part.Marks?.Phonemes ?? []);
            marks.AddRange(part.Marks?.Words ?? []);
        }

        var (audio, shiftMs) = loudness.Shape(CollectionsMarshal.AsSpan(samples), utterance.SampleRate, utterance.Voice.Id);
        if (audio.Length == 0)
            return VoiceErrors.TextEmpty;
        var durationMs = (int)(audio.Length * 1000L / utterance.SampleRate);
        var words = Words(marks, utterance.Text, shiftMs, durationMs);
        var visemes = VisemeTrack.Make(phonemes, audio, utterance.SampleRate, shiftMs, durationMs);
        var expressions = ExpressionTrack.Make(request.Text, utterance.Language, words);
        var packed = await PackAsync(audio, utterance.SampleRate, request.Format, cancel);
        if (!packed.TryGet(out var bytes, out var error))
            return error;
        return new Performance(durationMs, utterance.SampleRate, request.Format, bytes, visemes, words, expressions);
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

    static List<TimedWord> Words(List<WordMark> marks, SpeakableText text, int shiftMs, int durationMs)
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
