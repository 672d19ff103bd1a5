namespace JeanTrail.Gateway.Replies;

/// <summary>Cuts a kept text into pieces for a stream: a few words each, no character in two.</summary>
internal static class TextPieces
{
    const int Wanted = 48;
    const int Longest = 96;

    internal static IEnumerable<string> Of(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + Wanted, text.Length);
            while (end < text.Length && end - start < Longest && !char.IsWhiteSpace(text[end]))
                end++;
            if (end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]))
                end++;
            yield return text[start..end];
            start = end;
        }
    }
}
