using JeanTrail.Contracts.Voice;
using JeanTrail.Voice.Audio;

namespace JeanTrail.Voice.Faces;

/// <summary>A mouth that follows the sound alone, for speech of which no phonemes are known: open by loudness, teeth where it hisses, closed in pauses.</summary>
internal static class LoudnessVisemes
{
    const int StepMs = 80;
    const double Quiet = 0.06;

    /// <summary>Crossings of zero for each second above which it is a hiss and no voice. s begins at about 4 kHz, that is 8000 crossings.</summary>
    const int HissCrossings = 5000;

    /// <returns>Visemes without gaps or overlaps from 0 to the end, the last one silence where the audio ends in it.</returns>
    internal static List<TimedViseme> Make(ReadOnlySpan<short> audio, int sampleRate, int durationMs)
    {
        var levels = new List<double>();
        for (var at = 0; at < durationMs; at += StepMs)
            levels.Add(Math.Sqrt(Loudness.Energy(Step(audio, sampleRate, at))));
        var sorted = levels.Order().ToArray();
        var loud = sorted.Length == 0 ? 1 : Math.Max(1, sorted[(sorted.Length - 1) * 9 / 10]);
        var track = new List<TimedViseme>();
        for (var i = 0; i < levels.Count; i++)
        {
            var at = i * StepMs;
            var relative = Math.Min(1, levels[i] / loud);
            var shape = ShapeOf(relative, Step(audio, sampleRate, at), sampleRate);
            var weight = shape == IpaVisemes.Silence ? 1 : Math.Round(0.4 + 0.6 * Math.Sqrt(relative), 3);
            var length = Math.Min(StepMs, durationMs - at);
            if (track.Count > 0 && track[^1].Viseme == shape && shape == IpaVisemes.Silence)
                track[^1] = track[^1] with { DurationMs = track[^1].DurationMs + length };
            else
                track.Add(new TimedViseme(at, length, shape, weight));
        }

        return track;
    }

    static string ShapeOf(double relative, ReadOnlySpan<short> step, int sampleRate)
    {
        if (relative < Quiet)
            return IpaVisemes.Silence;
        var crossings = 0;
        for (var i = 1; i < step.Length; i++)
            crossings += (step[i] ^ step[i - 1]) < 0 ? 1 : 0;
        if ((long)crossings * sampleRate > (long)HissCrossings * step.Length)
            return "SS";
        return relative > 0.6 ? "aa" : relative > 0.3 ? "E" : "I";
    }

    static ReadOnlySpan<short> Step(ReadOnlySpan<short> audio, int sampleRate, int atMs)
    {
        var from = (int)Math.Min(audio.Length, atMs * (long)sampleRate / 1000);
        return audio[from..(int)Math.Min(audio.Length, (atMs + StepMs) * (long)sampleRate / 1000)];
    }
}
