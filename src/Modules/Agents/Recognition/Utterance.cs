namespace JeanTrail.Agents.Recognition;

internal enum TokenKind
{
    Word,
    Number,
    Symbol,
}

/// <summary>A word, number or symbol of what was said. <c>Start</c> and <c>End</c> are offsets in the source.</summary>
/// <param name="Plain">Folded: lower case, no marks at all.</param>
/// <param name="Exact">Folded but with the Vietnamese marks, the tone last, so that hòa and hoà are equal.</param>
/// <param name="Marked">Whether it was typed with Vietnamese marks; then it must be equal with them.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Plain, string Exact, bool Marked);

/// <summary>A part of an utterance: tokens <c>From</c> up to but not including <c>To</c>.</summary>
internal readonly record struct Extent(int From, int To)
{
    public int Count => To - From;
}

/// <summary>A text and its first tokens. Long texts are cut: what follows can only be the end of a slot that runs to the end.</summary>
internal sealed class Utterance(string source, IReadOnlyList<Token> tokens, bool truncated)
{
    public string Source { get; } = source;

    public IReadOnlyList<Token> Tokens { get; } = tokens;

    public bool Truncated { get; } = truncated;

    public Extent All => new(0, Tokens.Count);

    /// <summary>The source from the first to the last token of the part, without the punctuation around it.</summary>
    public string Text(Extent part)
        => part.Count <= 0 ? "" : Source[Tokens[part.From].Start..(Truncated && part.To == Tokens.Count ? Source.Length : Tokens[part.To - 1].End)];

    /// <summary>The source of the part with all its punctuation, less a leading colon and the quotes around the whole.</summary>
    public string Raw(Extent part) => Unquote(Quoted(part, out _)).ToString();

    /// <summary>Whether the writing sets the part off from what stands before it: a colon, a line break, or quotes around the whole.</summary>
    public bool IsSetOff(Extent part)
    {
        var quoted = Quoted(part, out var lead);
        return lead.ContainsAny(":\n") || Unquote(quoted).Length < quoted.Length;
    }

    ReadOnlySpan<char> Quoted(Extent part, out ReadOnlySpan<char> lead)
    {
        lead = default;
        if (part.Count <= 0)
            return "";
        var start = part.From == 0 ? 0 : Tokens[part.From - 1].End;
        var end = part.To == Tokens.Count ? Source.Length : Tokens[part.To].Start;
        lead = Source.AsSpan(start, Tokens[part.From].Start - start);
        var raw = Source.AsSpan(start, end - start).Trim();
        raw = raw.TrimStart(":,،.?!؟;؛-–—").TrimStart();
        return part.To == Tokens.Count ? raw : raw.TrimEnd(",،:").TrimEnd();
    }

    static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> raw)
    {
        if (raw.Length < 2)
            return raw;
        var close = raw[0] switch { '"' => '"', '“' => '”', '«' => '»', '\'' => '\'', '`' => '`', '„' => '“', _ => '\0' };
        if (close == '\0')
            return raw;
        var body = raw[^1] is '.' or '?' or '!' or '؟' ? raw[..^1] : raw;
        return body.Length >= 2 && body[^1] == close && !body[1..^1].Contains(close) ? body[1..^1] : raw;
    }
}
