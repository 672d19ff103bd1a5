namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>
/// What a model takes, told by its name: each generation of Claude refuses words of the one before. Other servers that speak this API offer
/// models of other names, which are taken to know what the API had before its fourth generation, and no more.
/// Source: Anthropic, Migration guide; Adaptive thinking; Structured outputs.
/// </summary>
/// <param name="Generation">47 is 4.7; 0 where the name is not Claude's.</param>
internal readonly record struct ClaudeModel(int Generation)
{
    const int Newest = 999;

    /// <summary>Reasons at all.</summary>
    internal bool Thinks => Generation is 0 or >= 37;

    /// <summary>Decides itself how long to think, and is told only how hard to try.</summary>
    internal bool ThinksAdaptively => Generation >= 46;

    /// <summary>Refuses a budget for thinking, temperature, <c>top_p</c> and <c>top_k</c>.</summary>
    internal bool RefusesTuning => Generation >= 47;

    /// <summary>Takes either a temperature or <c>top_p</c>, not both.</summary>
    internal bool TakesOneSampler => Generation >= 41;

    /// <summary>Writes JSON after a schema by itself: <c>output_config.format</c>.</summary>
    internal bool FollowsSchemas => Generation >= 45;

    /// <summary>Thinks unless told otherwise, and cannot be told otherwise everywhere.</summary>
    internal bool ThinksByDefault => Generation >= 50;

    internal static ClaudeModel Of(string name)
    {
        var at = name.IndexOf("claude", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return new ClaudeModel(0);
        int? major = null;
        foreach (var part in name[(at + "claude".Length)..].Split('-', '.', '@', ':', '_'))
        {
            // Longer numbers are dates.
            var isNumber = part.Length is 1 or 2 && part.All(char.IsAsciiDigit);
            if (isNumber && major is null)
                major = int.Parse(part, System.Globalization.CultureInfo.InvariantCulture);
            else if (major is not null)
                return new ClaudeModel((major.Value * 10) + (isNumber && part.Length == 1 ? part[0] - '0' : 0));
        }

        return new ClaudeModel(major * 10 ?? Newest);
    }
}
