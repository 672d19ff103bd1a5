using System.Collections.Concurrent;

namespace JeanTrail.Voice.Audio;

/// <summary>
/// Brings speech to one loudness, whatever the voice, without clipping: the gain sets the level of the voiced parts, and a limiter
/// bends what would go over. Silence is cut at both ends and a short, even pause left after the last sound.
/// </summary>
internal sealed class Loudness
{
    const int Silence = 200;
    const int LeadMs = 10;
    const int TailMs = 120;
    const double TargetRms = 0.126;
    const double Knee = 0.75;
    const double Ceiling = 0.97;

    /// <summary>The last gain of each voice, for streams that must begin before they can be measured. Bounded by the voices there are.</summary>
    readonly ConcurrentDictionary<string, double> gains = new(StringComparer.Ordinal);

    /// <summary>Returns the finished audio and how many milliseconds were cut from its front.</summary>
    public (short[] Audio, int ShiftMs) Shape(ReadOnlySpan<short> samples, int sampleRate, string voiceId)
    {
        var first = samples.IndexOfAnyExceptInRange((short)-Silence, (short)Silence);
        if (first < 0)
            return ([], 0);
        var last = samples.LastIndexOfAnyExceptInRange((short)-Silence, (short)Silence);
        var start = Math.Max(0, first - sampleRate * LeadMs / 1000);
        // Whole milliseconds, so that the marks still fit exactly.
        var shiftMs = (int)(start * 1000L / sampleRate);
        start = (int)(shiftMs * (long)sampleRate / 1000);
        var audio = new short[last + 1 - start + sampleRate * TailMs / 1000];
        samples[start..Math.Min(samples.Length, start + audio.Length)].CopyTo(audio);
        var gain = Gain(audio, sampleRate);
        gains[voiceId] = gain;
        Apply(audio, gain);
        return (audio, shiftMs);
    }

    /// <summary>The gain for a stream in this voice.</summary>
    public double GainOf(string voiceId) => gains.GetValueOrDefault(voiceId, 1.2);

    internal static void Apply(Span<short> audio, double gain)
    {
        foreach (ref var sample in audio)
        {
            var value = sample * gain / 32768;
            var size = Math.Abs(value);
            if (size > Knee)
                value = Math.Sign(value) * (Knee + (Ceiling - Knee) * Math.Tanh((size - Knee) / (Ceiling - Knee)));
            sample = (short)Math.Round(value * 32767);
        }
    }

    static double Gain(ReadOnlySpan<short> audio, int sampleRate)
    {
        var frame = sampleRate / 50;
        double sum = 0;
        long counted = 0;
        for (var at = 0; at + frame <= audio.Length; at += frame)
        {
            var energy = Energy(audio.Slice(at, frame));
            if (energy < (double)Silence * Silence)
                continue;
            sum += energy * frame;
            counted += frame;
        }
        return counted == 0 ? 1 : Math.Clamp(TargetRms * 32768 / Math.Sqrt(sum / counted), 0.3, 3);
    }

    /// <summary>Mean square.</summary>
    internal static double Energy(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return samples.IsEmpty ? 0 : sum / samples.Length;
    }
}
