using System.Runtime.InteropServices;
using JeanTrail.Contracts.Voice;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Speaking;

namespace JeanTrail.Voice.Faces;

/// <summary>
/// Times for a voice that tells none: the sounds of another voice's reading of the same text, laid between the same pauses of this one. Where the two do
/// not pause equally often, between the first sound and the last.
/// </summary>
internal static class MarkStretch
{
    const int FrameMs = 10;
    const int PauseMs = 120;

    /// <summary>Of the level of the loud parts: below it is silence.</summary>
    const double Quiet = 0.06;

    /// <param name="other">Null gives words alone, spread by their letters.</param>
    internal static (IReadOnlyList<PhonemeMark> Phonemes, IReadOnlyList<WordMark> Words) Onto(ReadOnlySpan<short> audio, int sampleRate, Reading? other, SpeakableText text)
    {
        var here = Sounds(audio, sampleRate);
        if (here.Count == 0)
            return ([], []);
        var there = other is null ? [] : Sounds(CollectionsMarshal.AsSpan(other.Samples), other.SampleRate);
        if (there.Count == 0)
            return ([], Spread(text.Text, here[0].From, here[^1].To));
        if (here.Count != there.Count)
            (here, there) = ([(here[0].From, here[^1].To)], [(there[0].From, there[^1].To)]);
        return (
            [.. other!.Phonemes.Select(mark => mark with { AtMs = Map(mark.AtMs, there, here) })],
            [.. other.Words.Select(mark => mark with { AtMs = Map(mark.AtMs, there, here) })]);
    }

    /// <summary>Stretches of sound in milliseconds; pauses of a moment, as before a p, belong to them.</summary>
    internal static List<(int From, int To)> Sounds(ReadOnlySpan<short> audio, int sampleRate)
    {
        var frame = sampleRate * FrameMs / 1000;
        var levels = new double[frame == 0 ? 0 : audio.Length / frame];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = Math.Sqrt(Loudness.Energy(audio.Slice(i * frame, frame)));
        var sorted = levels.Order().ToArray();
        var least = sorted.Length == 0 ? 0 : Math.Max(60, sorted[(sorted.Length - 1) * 9 / 10] * Quiet);
        var sounds = new List<(int From, int To)>();
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i] < least)
                continue;
            var (from, to) = (i * FrameMs, (i + 1) * FrameMs);
            if (sounds.Count > 0 && from - sounds[^1].To < PauseMs)
                sounds[^1] = (sounds[^1].From, to);
            else
                sounds.Add((from, to));
        }

        return sounds;
    }

    /// <summary>Linear within each sound and each pause; before the first and after the last, as far from it as there.</summary>
    static int Map(int atMs, List<(int From, int To)> there, List<(int From, int To)> here)
    {
        if (atMs <= there[0].From)
            return Math.Max(0, here[0].From - (there[0].From - atMs));
        for (var i = 0; i < there.Count; i++)
        {
            if (atMs <= there[i].To)
                return Between(atMs, there[i].From, there[i].To, here[i].From, here[i].To);
            if (i + 1 < there.Count && atMs < there[i + 1].From)
                return Between(atMs, there[i].To, there[i + 1].From, here[i].To, here[i + 1].From);
        }

        return here[^1].To + atMs - there[^1].To;
    }

    static int Between(int at, int from, int to, int newFrom, int newTo) => newFrom + (int)((long)(at - from) * (newTo - newFrom) / Math.Max(1, to - from));

    static List<WordMark> Spread(string text, int fromMs, int toMs)
    {
        var words = new List<WordMark>();
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[at]))
            {
                at++;
                continue;
            }

            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            words.Add(new WordMark(Between(at, 0, text.Length, fromMs, toMs), at, end - at));
            at = end;
        }

        return words;
    }
}
