namespace JeanTrail.Kernel.Texts;

public static class TextCut
{
    /// <summary>The beginning of a text: at most <paramref name="most"/> UTF-16 code units, and never half a surrogate pair.</summary>
    public static string Cut(this string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= most ? text : text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }
}
