namespace JeanTrail.Chat.Context;

/// <summary>
/// Tokens without a tokeniser: characters per token differ by script, and each model's true counts correct the sum
/// (<see cref="ModelTokens"/>). The figures are means over the byte-pair vocabularies in use, where Latin words of a language with few
/// accents are whole and other scripts fall into pieces.
/// </summary>
internal static class TokenEstimate
{
    /// <summary>Roles, separators and the like, of one message.</summary>
    public const int PerMessage = 4;

    /// <summary>Source: Anthropic and OpenAI document about a token for 750 pixels, after scaling to about 1.15 megapixels.</summary>
    public static int OfImage(int? width, int? height)
        => (int)Math.Clamp((long)(width ?? 1024) * (height ?? 1024) / 750, 85, 1600);

    public static int Of(string text)
    {
        var sum = 0.0;
        foreach (var letter in text)
            sum += Weight(letter);
        return (int)Math.Ceiling(sum);
    }

    /// <summary>Of text whose letters are not at hand.</summary>
    public static int OfLength(int characters) => (int)Math.Ceiling(characters / 3.6);

    static double Weight(char letter) => letter switch
    {
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' => 0.22,
        ' ' => 0.12,
        >= '0' and <= '9' => 0.4,
        '\n' => 0.35,
        < '\u0080' => 0.45,
        // Latin with accents; Vietnamese writes most of its vowels from the second block.
        < '\u0250' => 0.5,
        >= '\u1E00' and < '\u1F00' => 0.75,
        >= '\u0400' and < '\u0530' => 0.36,
        >= '\u0590' and < '\u0900' => 0.45,
        >= '\u2E80' and < '\uD800' => 0.85,
        // Either half of a pair: emoji and rare scripts.
        >= '\uD800' and < '\uE000' => 1.0,
        _ => 0.6,
    };
}
