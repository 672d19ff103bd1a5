using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>A call of a tool. <paramref name="Arguments"/> is a JSON object.</summary>
public sealed record ScriptedCall(string Name, string Arguments)
{
    internal JsonNode Input => JsonNode.Parse(Arguments)!;
}

/// <summary>What a model says, in no vendor's words: each simulator says it in its own.</summary>
public sealed record ScriptedAnswer
{
    /// <summary>The text as it is streamed, piece by piece.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = [];

    public string? Thinking { get; init; }

    public IReadOnlyList<ScriptedCall> Calls { get; init; } = [];

    /// <summary>A picture in the answer: PNG in Base64.</summary>
    public string? Image { get; init; }

    /// <summary>The vendor held the answer back, or broke it off, for what it is about.</summary>
    public bool Filtered { get; init; }

    /// <summary>The vendor's own word for why it ended, where another than the usual is wanted.</summary>
    public string? Stop { get; init; }

    public int InputTokens { get; init; } = 25;

    public int CachedTokens { get; init; }

    public int CacheWriteTokens { get; init; }

    public int ThinkingTokens { get; init; }

    internal bool Truncated { get; init; }

    /// <summary>The stop sequence that was met.</summary>
    internal string? StoppedBy { get; init; }

    internal string Text => string.Concat(Pieces);

    internal int TextTokens => Pieces.Count + (Calls.Count * 10);

    public static implicit operator ScriptedAnswer(string text) => FromString(text);

    public static ScriptedAnswer FromString(string text) => new() { Pieces = OpenAiShapes.Tokens(text) };

    /// <summary>As a model ends that reaches its limit or a stop sequence.</summary>
    internal ScriptedAnswer Limit(int? maxTokens, IEnumerable<string> stops)
    {
        var stop = stops.FirstOrDefault(stop => Text.Contains(stop, StringComparison.Ordinal));
        if (stop is not null)
            return this with { Pieces = OpenAiShapes.Tokens(Text[..Text.IndexOf(stop, StringComparison.Ordinal)]), StoppedBy = stop };
        return Pieces.Count > maxTokens ? this with { Pieces = [.. Pieces.Take(maxTokens.Value)], Truncated = true } : this;
    }
}
