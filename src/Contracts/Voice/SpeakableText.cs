using System.Globalization;
using System.Text;

namespace JeanTrail.Contracts.Voice;

/// <summary>
/// What of a Markdown text can be said aloud: markup, code blocks, addresses and emoji are taken out, and every remaining
/// character remembers where it came from, so that timings of the speech can point back into the text.
/// </summary>
public sealed partial class SpeakableText
{
    readonly int[] sources;

    SpeakableText(string text, int[] sources)
    {
        Text = text;
        this.sources = sources;
    }

    /// <summary>The text to say: one line per paragraph, single spaces, no leading or trailing space. Valid UTF-16.</summary>
    public string Text { get; }

    /// <summary>True when there is nothing in it a voice could say.</summary>
    public bool IsSilent => !HasSound(Text);

    /// <summary>The UTF-16 offset in the original of the character at <paramref name="index"/> of <see cref="Text"/> (its length is allowed).</summary>
    public int SourceOf(int index) => index < sources.Length ? sources[index] : sources.Length == 0 ? 0 : sources[^1] + 1;

    /// <summary>Strips <paramref name="markdown"/>, which may be any text. Linear in its length, never throws.</summary>
    public static SpeakableText From(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        return new Stripper(markdown).Run();
    }

    static bool HasSound(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsLetterOrDigit(rune))
                return true;
        return false;
    }

    /// <summary>Emoji and the invisible characters that join and colour them.</summary>
    internal static bool IsUnspeakable(Rune rune)
    {
        var value = rune.Value;
        if (value is '\n' or '\t' or '\r' or 0x200C)
            return false;
        if (value is >= 0x1F000 and <= 0x1FBFF or >= 0x2600 and <= 0x27BF or >= 0x2B00 and <= 0x2BFF or >= 0xFE00 and <= 0xFE0F
            or 0x20E3 or >= 0xE0000 and <= 0xE01EF or >= 0x2300 and <= 0x23FF or >= 0x25A0 and <= 0x25FF or 0xFFFD)
            return true;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
    }
}
