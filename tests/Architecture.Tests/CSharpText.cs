using System.Text;

namespace JeanTrail.Architecture.Tests;

/// <summary>
/// Blanks out comments and the text of strings, so that what is left is code. The code inside interpolations stays; so do line breaks,
/// which keeps line numbers right.
/// </summary>
internal sealed class CSharpText
{
    readonly string source;
    readonly StringBuilder code;
    int at;

    CSharpText(string source)
    {
        this.source = source;
        code = new StringBuilder(source.Length);
    }

    internal static string CodeOnly(string source)
    {
        var text = new CSharpText(source);
        text.ReadCode(closing: 0);
        return text.code.ToString();
    }

    bool More => at < source.Length;

    /// <summary>Reads code to the end, or through the braces that close an interpolation.</summary>
    void ReadCode(int closing)
    {
        for (var depth = 0; More;)
        {
            if (closing > 0 && depth == 0 && Run('}') >= closing)
            {
                Blank(closing);
                return;
            }

            if (Starts("//"))
                BlankUntil("\n", keepEnd: true);
            else if (Starts("/*"))
                BlankUntil("*/", keepEnd: false);
            else if (source[at] == '\'')
                BlankQuoted('\'');
            else if (StringPrefix() is var prefix and >= 0)
                ReadString(prefix);
            else
            {
                depth += source[at] switch { '{' => 1, '}' => -1, _ => 0 };
                Keep();
            }
        }
    }

    /// <summary>How many characters of <c>$ @</c> stand before the quotes of a string that begins here; -1 when none does.</summary>
    int StringPrefix()
    {
        var quote = at;
        while (quote < source.Length && source[quote] is '$' or '@')
            quote++;
        return quote < source.Length && source[quote] == '"' ? quote - at : -1;
    }

    void ReadString(int prefix)
    {
        var dollars = source.AsSpan(at, prefix).Count('$');
        var verbatim = source.AsSpan(at, prefix).Contains('@');
        Blank(prefix);
        var quotes = Run('"');
        if (quotes >= 3)
        {
            Blank(quotes);
            ReadRaw(quotes, dollars);
        }
        else if (quotes == 2 && !verbatim)
        {
            Blank(2);
        }
        else
        {
            Blank(1);
            ReadQuoted(verbatim, dollars > 0);
        }
    }

    void ReadRaw(int quotes, int dollars)
    {
        while (More)
        {
            if (source[at] == '"' && Run('"') >= quotes)
            {
                Blank(Run('"'));
                return;
            }

            if (dollars > 0 && source[at] == '{' && Run('{') >= dollars)
            {
                Blank(Run('{'));
                ReadCode(dollars);
            }
            else
            {
                Blank(1);
            }
        }
    }

    void ReadQuoted(bool verbatim, bool interpolated)
    {
        while (More)
        {
            if (interpolated && source[at] == '{' && Run('{') % 2 == 1)
            {
                Blank(Run('{'));
                ReadCode(closing: 1);
            }
            else if (interpolated && source[at] == '{')
            {
                Blank(Run('{'));
            }
            else if (!verbatim && source[at] == '\\')
            {
                Blank(2);
            }
            else if (verbatim && Starts("\"\""))
            {
                Blank(2);
            }
            else
            {
                var end = source[at] == '"';
                Blank(1);
                if (end)
                    return;
            }
        }
    }

    void BlankQuoted(char quote)
    {
        Blank(1);
        while (More && source[at] != quote && source[at] != '\n')
            Blank(source[at] == '\\' ? 2 : 1);
        Blank(1);
    }

    void BlankUntil(string end, bool keepEnd)
    {
        var found = source.IndexOf(end, at, StringComparison.Ordinal);
        Blank((found < 0 ? source.Length : found + (keepEnd ? 0 : end.Length)) - at);
    }

    void Blank(int count)
    {
        for (; count > 0 && More; count--, at++)
            code.Append(source[at] == '\n' ? '\n' : ' ');
    }

    void Keep() => code.Append(source[at++]);

    bool Starts(string text) => string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

    int Run(char of)
    {
        var end = at;
        while (end < source.Length && source[end] == of)
            end++;
        return end - at;
    }
}
