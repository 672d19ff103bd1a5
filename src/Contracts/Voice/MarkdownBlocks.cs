namespace JeanTrail.Contracts.Voice;

/// <summary>Tells blocks that are not said from their first line.</summary>
static class MarkdownBlocks
{
    /// <summary>Whether an unfinished line could still become another kind of block than it looks like. The indent is already taken off.</summary>
    internal static bool IsUndecided(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty)
            return true;
        switch (line[0])
        {
            case '|':
                return true;
            case '`' or '~' or '$':
                return line.Length < 3 ? !line.ContainsAnyExcept(line[0]) : IsFence(line) || line.StartsWith("$$", StringComparison.Ordinal);
            case '\\':
                return line.Length < 2 || line[1] == '[';
            case '-' or '=' or '*' or '_' or '+' or '•' or '–' or '—' or ':':
                return !line.ContainsAnyExcept(MarkdownLines.RuleOrBullet);
            case '#':
                return !line.ContainsAnyExcept('#');
            default:
                return line.Length <= 10 && !line.TrimEnd(".)").ContainsAnyExceptInRange('0', '9');
        }
    }

    /// <summary>Whether this whole line is passed over; <paramref name="fence"/> is what ends the block it opens, or null.</summary>
    internal static bool IsSkipped(ReadOnlySpan<char> line, out string? fence)
    {
        fence = null;
        if (line[0] == '|' || MarkdownLines.IsRule(line))
            return true;
        if (IsFence(line) && !(line[0] == '`' && line.TrimStart('`').Contains('`')))
        {
            fence = new string(line[0], 3);
            return true;
        }
        if (line.StartsWith("$$", StringComparison.Ordinal))
        {
            fence = line[2..].Contains("$$", StringComparison.Ordinal) ? null : "$$";
            return true;
        }
        if (line.StartsWith("\\[", StringComparison.Ordinal))
        {
            fence = line.Contains("\\]", StringComparison.Ordinal) ? null : "\\]";
            return true;
        }
        return false;
    }

    static bool IsFence(ReadOnlySpan<char> line)
        => line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal);
}
