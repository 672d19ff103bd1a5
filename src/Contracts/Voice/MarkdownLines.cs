using System.Buffers;

namespace JeanTrail.Contracts.Voice;

/// <summary>The little of Markdown's block structure that decides what can be said.</summary>
static class MarkdownLines
{
    internal static readonly SearchValues<char> RuleOrBullet = SearchValues.Create("-=*_+•–—|: ");
    internal static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    static readonly SearchValues<char> Rule = SearchValues.Create("-=*_|: ");

    internal static readonly (string Name, char Character)[] Entities =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&apos;", '\''), ("&nbsp;", ' ')];

    /// <summary>The length of a heading's hashes, a bullet or a list number with the space after it; 0 when the line begins with none.</summary>
    internal static int MarkerLength(ReadOnlySpan<char> line)
    {
        var i = 0;
        while (i < line.Length && line[i] == '#')
            i++;
        if (i is > 0 and <= 6)
            return WithSpace(line, i);
        if (line.Length > 0 && line[0] is '-' or '*' or '+' or '•' or '–' or '—')
            return WithSpace(line, 1);
        while (i < line.Length && i < 9 && char.IsDigit(line[i]))
            i++;
        return i > 0 && i < line.Length && line[i] is '.' or ')' ? WithSpace(line, i + 1) : 0;
    }

    /// <summary>A thematic break, an underline of a heading, or the line below a table's head.</summary>
    internal static bool IsRule(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        return line.Length >= 2 && !line.ContainsAnyExcept(Rule) && line.ContainsAny("-=*_");
    }

    static int WithSpace(ReadOnlySpan<char> line, int length)
        => length < line.Length && line[length] is ' ' or '\t' ? length + 1 : 0;
}
