using JeanTrail.Contracts.Voice;

namespace JeanTrail.Voice.Faces;

/// <summary>Reads off a text what the face should show. Conservative: without a clear word or mark the face stays neutral.</summary>
internal static class ExpressionTrack
{
    const string Neutral = "neutral";

    /// <summary>One expression at the start of each sentence where it changes; the first is at 0.</summary>
    /// <param name="text">As the words point into it; emoji still in.</param>
    /// <param name="language">Primary subtag.</param>
    internal static List<TimedExpression> Make(string text, string language, IReadOnlyList<TimedWord> words)
    {
        var track = new List<TimedExpression>();
        var start = 0;
        while (start < text.Length)
        {
            var end = EndOfSentence(text, start);
            var (name, weight) = Judge(text.AsSpan(start, end - start), language);
            var atMs = track.Count == 0 ? 0 : words.FirstOrDefault(word => word.Start >= start && word.Start < end)?.AtMs;
            if (atMs is { } at && (track.Count == 0 || track[^1].Name != name))
                track.Add(new TimedExpression(at, name, weight));
            start = end;
        }
        return track.Count > 0 ? track : [new TimedExpression(0, Neutral, 1)];
    }

    static int EndOfSentence(string text, int start)
    {
        const string ends = ".!?…؟۔\n";
        var end = start;
        while (end < text.Length && !ends.Contains(text[end]))
            end++;
        while (end < text.Length && (ends.Contains(text[end]) || char.IsWhiteSpace(text[end]) || "\"'”’»)".Contains(text[end])))
            end++;
        // Emoji after the full stop still belong to the sentence.
        while (end < text.Length && !char.IsLetterOrDigit(text[end]))
            end++;
        return end;
    }

    static (string Name, double Weight) Judge(ReadOnlySpan<char> sentence, string language)
    {
        var exclaims = sentence.Contains('!');
        var asks = sentence.ContainsAny('?', '؟');
        if (Emotions.OfEmoji(sentence) is { } shown)
            return (shown, 0.7);
        if (Emotions.OfWords(sentence, language) is { } felt)
            return (felt, exclaims ? 0.75 : 0.55);
        if (exclaims && asks)
            return ("surprised", 0.5);
        return exclaims ? ("happy", 0.35) : (Neutral, 1);
    }
}
