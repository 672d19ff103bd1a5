using JeanTrail.Contracts.Voice;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Speaking;

namespace JeanTrail.Voice.Faces;

/// <summary>Lays visemes on the time line of the finished audio.</summary>
internal static class VisemeTrack
{
    /// <summary>How open a mouth stays at its quietest.</summary>
    const double QuietVowel = 0.4;
    const double QuietConsonant = 0.6;

    /// <param name="shiftMs">What was cut from the front of the audio after the marks were made.</param>
    /// <returns>Visemes without gaps or overlaps from 0 to the end, the last one silence.</returns>
    internal static List<TimedViseme> Make(IReadOnlyList<PhonemeMark> phonemes, ReadOnlySpan<short> audio, int sampleRate, int shiftMs, int durationMs)
    {
        var track = Shapes(phonemes, shiftMs, durationMs);
        var loud = Reference(track, audio, sampleRate);
        for (var i = 0; i < track.Count; i++)
            track[i] = track[i] with { Weight = Weight(track[i], audio, sampleRate, loud) };
        return track;
    }

    static List<TimedViseme> Shapes(IReadOnlyList<PhonemeMark> phonemes, int shiftMs, int durationMs)
    {
        var track = new List<TimedViseme>(phonemes.Count + 2);
        for (var i = 0; i < phonemes.Count; i++)
        {
            var shapes = IpaVisemes.Of(phonemes[i].Ipa);
            var from = Math.Clamp(phonemes[i].AtMs - shiftMs, 0, durationMs);
            var to = i + 1 < phonemes.Count ? Math.Clamp(phonemes[i + 1].AtMs - shiftMs, from, durationMs) : durationMs;
            if (track.Count == 0 && from > 0)
                Add(track, 0, from, IpaVisemes.Silence);
            if (shapes.Count == 0 && track.Count > 0)
                track[^1] = track[^1] with { DurationMs = to - track[^1].AtMs };
            for (var part = 0; part < shapes.Count; part++)
                Add(track, from + (to - from) * part / shapes.Count, from + (to - from) * (part + 1) / shapes.Count, shapes[part]);
        }
        return track;
    }

    static void Add(List<TimedViseme> track, int from, int to, string viseme)
    {
        if (to <= from)
            return;
        if (track.Count > 0 && track[^1].Viseme == IpaVisemes.Silence && viseme == IpaVisemes.Silence)
            track[^1] = track[^1] with { DurationMs = to - track[^1].AtMs };
        else
            track.Add(new TimedViseme(from, to - from, viseme, 1));
    }

    /// <summary>The level of a loud vowel in this utterance.</summary>
    static double Reference(List<TimedViseme> track, ReadOnlySpan<short> audio, int sampleRate)
    {
        var levels = new List<double>(track.Count);
        foreach (var viseme in track)
            if (IsVowel(viseme.Viseme))
                levels.Add(Level(viseme, audio, sampleRate));
        if (levels.Count == 0)
            return 1;
        levels.Sort();
        return Math.Max(1, levels[(levels.Count - 1) * 9 / 10]);
    }

    static double Weight(TimedViseme viseme, ReadOnlySpan<short> audio, int sampleRate, double loud)
    {
        // Closed lips are closed at any loudness, and so is a mouth at rest.
        if (viseme.Viseme is IpaVisemes.Silence or "PP")
            return 1;
        var quiet = IsVowel(viseme.Viseme) ? QuietVowel : QuietConsonant;
        var relative = Math.Min(1, Level(viseme, audio, sampleRate) / loud);
        return Math.Round(quiet + (1 - quiet) * Math.Sqrt(relative), 3);
    }

    static double Level(TimedViseme viseme, ReadOnlySpan<short> audio, int sampleRate)
    {
        var from = (int)Math.Min(audio.Length, viseme.AtMs * (long)sampleRate / 1000);
        var to = (int)Math.Min(audio.Length, (viseme.AtMs + viseme.DurationMs) * (long)sampleRate / 1000);
        return Math.Sqrt(Loudness.Energy(audio[from..to]));
    }

    static bool IsVowel(string viseme) => viseme is "aa" or "E" or "I" or "O" or "U";
}
