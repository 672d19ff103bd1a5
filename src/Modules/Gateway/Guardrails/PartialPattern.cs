using System.Globalization;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// Derives from a regular expression the one that matches what its matches may begin with, up to the end of a text that goes on: the empty
/// string, and everything after which the original still wants a character or a look at the next one. With it a filter of a stream knows from
/// where on a text may still become a match, and holds back no more than that. Understands what <c>RegexOptions.NonBacktracking</c> does, but for
/// inline options and <c>$</c>.
/// </summary>
/// <remarks>
/// For a single character <c>c</c> the beginnings are <c>ε</c>; for a sequence <c>rs</c> those of <c>r</c>, and <c>r</c> followed by those of
/// <c>s</c>; for <c>r{n,m}</c> up to <c>m-1</c> times <c>r</c> followed by those of <c>r</c>.
/// </remarks>
internal ref struct PartialPattern
{
    readonly ReadOnlySpan<char> pattern;
    int at;
    bool unknown;

    PartialPattern(ReadOnlySpan<char> pattern) => this.pattern = pattern;

    /// <summary>Null for a pattern with something in it that is not understood.</summary>
    internal static string? Of(string pattern)
    {
        var parser = new PartialPattern(pattern);
        var whole = parser.Alternatives();
        return parser.unknown || parser.at < pattern.Length ? null : $"(?:{whole.Begun ?? ""})";
    }

    /// <param name="Text">The expression itself, safe to stand in a sequence.</param>
    /// <param name="Begun">Its beginnings; null where there are none because it never wants more.</param>
    readonly record struct Piece(string Text, string? Begun);

    Piece Alternatives()
    {
        var pieces = new List<Piece> { Sequence() };
        while (at < pattern.Length && pattern[at] == '|')
        {
            at++;
            pieces.Add(Sequence());
        }

        if (pieces.Count == 1)
            return pieces[0];
        var begun = pieces.Where(piece => piece.Begun is not null).Select(piece => piece.Begun!).Distinct(StringComparer.Ordinal).ToList();
        return new Piece($"(?:{string.Join('|', pieces.Select(piece => piece.Text))})", begun.Count == 0 ? null : $"(?:{string.Join('|', begun)})");
    }

    Piece Sequence()
    {
        var pieces = new List<Piece>();
        while (at < pattern.Length && pattern[at] is not ('|' or ')') && !unknown)
            pieces.Add(Quantified());
        string? begun = null;
        for (var i = pieces.Count - 1; i >= 0; i--)
        {
            var later = begun is null ? null : pieces[i].Text + begun;
            begun = (pieces[i].Begun, later) switch
            {
                (null, _) => later,
                ({ } own, null) => own,
                ({ } own, { } rest) => $"(?:{own}|{rest})",
            };
        }

        return new Piece(string.Concat(pieces.Select(piece => piece.Text)), begun);
    }

    Piece Quantified()
    {
        var piece = Atom();
        while (at < pattern.Length && !unknown)
        {
            var start = at;
            long most;
            switch (pattern[at])
            {
                case '*' or '+':
                    most = long.MaxValue;
                    at++;
                    break;
                case '?':
                    most = 1;
                    at++;
                    break;
                case '{' when TryCount(out most):
                    break;
                default:
                    return piece;
            }

            if (at < pattern.Length && pattern[at] == '?')
                at++;
            var again = most == long.MaxValue ? $"(?:{piece.Text})*" : most > 1 ? string.Create(CultureInfo.InvariantCulture, $"(?:{piece.Text}){{0,{most - 1}}}") : "";
            piece = new Piece($"(?:{piece.Text}){pattern[start..at]}", most == 0 || piece.Begun is null ? null : $"{again}{piece.Begun}");
        }

        return piece;
    }

    /// <summary>Reads <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; anything else in braces is text.</summary>
    bool TryCount(out long most)
    {
        most = 0;
        var length = pattern[at..].IndexOf('}');
        if (length < 2)
            return false;
        var inside = pattern.Slice(at + 1, length - 1);
        var comma = inside.IndexOf(',');
        var last = inside[(comma + 1)..];
        if (!int.TryParse(comma < 0 ? inside : inside[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return false;
        if (last.IsEmpty)
            most = long.MaxValue;
        else if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out most))
            return false;
        at += length + 1;
        return true;
    }

    Piece Atom()
    {
        switch (pattern[at])
        {
            case '(':
                return Group();
            case '[':
                return Wanting(ClassLength());
            case '\\':
                return Escape();
            case '^':
                at++;
                return new Piece("^", null);
            // Whether it holds at a line break shows only behind it.
            case '$':
                return Unknown();
            default:
                return Wanting(1);
        }
    }

    Piece Group()
    {
        at++;
        var named = 0;
        if (at < pattern.Length && pattern[at] == '?')
        {
            var rest = pattern[at..];
            named = rest.StartsWith("?:") ? 2 : rest.StartsWith("?<") && rest.Length > 2 && char.IsLetter(rest[2]) ? rest.IndexOf('>') + 1 : 0;
            if (named == 0)
                return Unknown();
        }

        at += named;
        var inside = Alternatives();
        if (at >= pattern.Length || pattern[at] != ')')
            return Unknown();
        at++;
        return inside with { Text = $"(?:{inside.Text})" };
    }

    Piece Escape()
    {
        if (at + 1 >= pattern.Length)
            return Unknown();
        switch (pattern[at + 1])
        {
            case 'A':
                at += 2;
                return new Piece(@"\A", null);
            case 'Z' or 'G' or 'k' or (>= '0' and <= '9'):
                return Unknown();
            case 'p' or 'P' when pattern[at..].IndexOf('}') is > 0 and var length:
                return Wanting(length + 1);
            case 'u':
                return Wanting(Math.Min(6, pattern.Length - at));
            case 'x':
                return Wanting(Math.Min(4, pattern.Length - at));
            case 'c':
                return Wanting(Math.Min(3, pattern.Length - at));
            default:
                return Wanting(2);
        }
    }

    /// <summary>How long the character class is that begins here.</summary>
    readonly int ClassLength()
    {
        var (end, depth) = (at, 0);
        while (end < pattern.Length)
        {
            if (pattern[end] == '\\')
            {
                end += 2;
                continue;
            }

            if (pattern[end] == '[' && (depth == 0 || pattern[end - 1] == '-'))
            {
                depth++;
                // A bracket that closes at once is text.
                end += end + 1 < pattern.Length && pattern[end + 1] == '^' ? 2 : 1;
                end += end < pattern.Length && pattern[end] == ']' ? 1 : 0;
                continue;
            }

            depth -= pattern[end++] == ']' ? 1 : 0;
            if (depth == 0)
                break;
        }

        return Math.Min(end, pattern.Length) - at;
    }

    /// <summary>One that wants a character, or a look at the next.</summary>
    Piece Wanting(int length)
    {
        var text = pattern.Slice(at, length).ToString();
        at += length;
        return new Piece(text, "");
    }

    Piece Unknown()
    {
        unknown = true;
        at = pattern.Length;
        return default;
    }
}
