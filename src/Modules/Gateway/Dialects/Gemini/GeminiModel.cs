namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// What a model takes, told by its name. Source: Gemini API, Thinking; Thought signatures; Structured outputs.
/// </summary>
/// <param name="Generation">25 is 2.5; 0 where the name is not Gemini's (Gemma, LearnLM).</param>
internal readonly record struct GeminiModel(int Generation, bool IsPro)
{
    const int Newest = 999;

    /// <summary>How long it thinks is said as a level.</summary>
    internal bool ThinksInLevels => Generation >= 30;

    /// <summary>How long it thinks is said as a number of tokens.</summary>
    internal bool ThinksInTokens => Generation is >= 25 and < 30;

    /// <summary>Refuses calls of its own that come back without the proof it gave with them.</summary>
    internal bool WantsSignatures => Generation >= 30;

    /// <summary>Can be given tools and a form for the answer in one request.</summary>
    internal bool CallsToolsBesideJson => Generation >= 30;

    internal static GeminiModel Of(string name)
    {
        var at = name.IndexOf("gemini-", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return new GeminiModel(0, false);
        var rest = name[(at + "gemini-".Length)..];
        var isPro = rest.Contains("pro", StringComparison.OrdinalIgnoreCase);
        if (rest.Length == 0 || !char.IsAsciiDigit(rest[0]))
            return new GeminiModel(Newest, isPro);
        var minor = rest.Length > 2 && rest[1] == '.' && char.IsAsciiDigit(rest[2]) ? rest[2] - '0' : 0;
        return new GeminiModel(((rest[0] - '0') * 10) + minor, isPro);
    }
}
