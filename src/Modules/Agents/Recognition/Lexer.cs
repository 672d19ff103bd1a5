using System.Globalization;
using System.Text;

namespace JeanTrail.Agents.Recognition;

/// <summary>
/// Cuts text into folded tokens. Sentence punctuation is no token, so that a comma more or less changes nothing; signs that may
/// calculate are. Reads at most <see cref="MaxTokens"/> tokens, so its time does not grow with hostile input.
/// </summary>
internal static class Lexer
{
    public const int MaxTokens = 256;
    const int MaxWord = 80;
    const string Symbols = "+-−*×·/÷^%=()[]{}<>√°$€£¥₫₽&|~@_\\∙⋅٪";

    public static Utterance Read(string source)
    {
        var tokens = new List<Token>(24);
        var at = 0;
        while (at < source.Length)
        {
            if (tokens.Count == MaxTokens)
                return new Utterance(source, Agree(tokens), truncated: HasMore(source, at));
            var c = source[at];
            if (Letters.Digit(c) >= 0 || (c is '.' or '٫' && at + 1 < source.Length && Letters.Digit(source[at + 1]) >= 0 && !PrecededByWord(source, at)))
                at = ReadNumber(source, at, tokens);
            else if (IsWordStart(source, at))
                at = ReadWord(source, at, tokens);
            else
                at = ReadSymbol(source, at, tokens);
        }

        return new Utterance(source, Agree(tokens), truncated: false);
    }

    /// <summary>Who types marks at all means the words without them as they are: in "lịch tháng sau", sau is not sáu.</summary>
    static List<Token> Agree(List<Token> tokens)
    {
        if (tokens.Exists(token => token.Marked))
        {
            for (var i = 0; i < tokens.Count; i++)
                tokens[i] = tokens[i] with { Marked = true };
        }

        return tokens;
    }

    static bool HasMore(string source, int at)
    {
        for (; at < source.Length; at++)
        {
            if (char.IsLetterOrDigit(source[at]) || Symbols.Contains(source[at], StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    static bool PrecededByWord(string source, int at) => at > 0 && char.IsLetterOrDigit(source[at - 1]);

    static bool IsWordStart(string source, int at)
    {
        var c = source[at];
        if (char.IsLetter(c) || c == '\u0640')
            return true;
        return c switch
        {
            '#' => at + 1 < source.Length && char.IsAsciiLetterOrDigit(source[at + 1]),
            '°' => at + 1 < source.Length && char.IsLetter(source[at + 1]),
            _ => false,
        };
    }

    static int ReadNumber(string source, int at, List<Token> tokens)
    {
        var start = at;
        if (source[at] == '0' && at + 2 < source.Length && source[at + 1] is 'x' or 'X' or 'b' or 'B' or 'o' or 'O' && at + 2 < source.Length && char.IsAsciiHexDigit(source[at + 2]))
            return ReadWord(source, at, tokens);
        var text = new StringBuilder();
        while (at < source.Length)
        {
            var digit = Letters.Digit(source[at]);
            if (digit >= 0)
                text.Append((char)('0' + digit));
            else if (Separator(source, at) is var separator and not '\0')
                text.Append(separator);
            else if (source[at] is 'e' or 'E' && text.Length > 0 && IsExponent(source, at))
                text.Append('e').Append(source[at + 1] is '-' or '+' ? source[++at] : "");
            else
                break;
            at++;
        }

        var plain = text.Length > 1200 ? text.ToString(0, 1200) : text.ToString();
        tokens.Add(new Token(TokenKind.Number, start, at, plain, plain, false));
        return at;
    }

    /// <summary>A sign inside a number (between two digits), in its ASCII form.</summary>
    static char Separator(string source, int at)
    {
        if (at + 1 >= source.Length || Letters.Digit(source[at + 1]) < 0)
            return '\0';
        return source[at] switch
        {
            '.' or '٫' => '.',
            ',' or '٬' when at > 0 => ',',
            ':' => ':',
            '\u00A0' or '\u202F' or '\'' or '’' => ' ',
            _ => '\0',
        };
    }

    static bool IsExponent(string source, int at)
    {
        var next = at + 1 < source.Length && source[at + 1] is '-' or '+' ? at + 2 : at + 1;
        if (next >= source.Length || !char.IsAsciiDigit(source[next]))
            return false;
        while (next < source.Length && char.IsAsciiDigit(source[next]))
            next++;
        return next == source.Length || !char.IsLetterOrDigit(source[next]);
    }

    static int ReadWord(string source, int at, List<Token> tokens)
    {
        var start = at;
        var shapes = new StringBuilder(16);
        var tone = '\0';
        var marked = false;
        for (; at < source.Length; at++)
        {
            var c = source[at];
            var digit = Letters.Digit(c);
            if (Letters.IsTone(c) && shapes.Length > 0)
            {
                tone = c;
                marked = true;
            }
            else if (shapes.Length > 0 && Letters.Join(shapes[^1], c) is var joined and not '\0')
            {
                shapes[^1] = joined;
                marked |= Letters.IsVietnameseShape(joined);
            }
            else if (digit >= 0)
                Append((char)('0' + digit));
            else if (char.IsLetter(c) && c != '\u0640')
            {
                var (shape, itsTone) = Letters.Split(char.ToLowerInvariant(c));
                if (itsTone != '\0')
                    tone = itsTone;
                marked |= itsTone != '\0' || Letters.IsVietnameseShape(shape);
                Append(shape);
            }
            else if (c is '#' or '°' && at == start)
                Append(c);
            else if (!(Letters.IsSilent(c) || IsInnerApostrophe(source, at, start)))
                break;
        }

        if (shapes.Length == 0)
            return at; // Only silent marks, such as a lone tatweel.
        var exact = shapes.ToString();
        var plain = exact;
        if (marked)
        {
            plain = string.Create(exact.Length, exact, static (span, from) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = Letters.Base(from[i]);
            });
            if (tone != '\0')
                exact += tone;
        }

        tokens.Add(new Token(TokenKind.Word, start, at, plain, exact, marked));
        return at;

        void Append(char c)
        {
            if (shapes.Length < MaxWord)
                shapes.Append(c);
        }
    }

    static bool IsInnerApostrophe(string source, int at, int start)
        => source[at] is '\'' or '’' or 'ʼ' && at > start && at + 1 < source.Length && char.IsLetter(source[at + 1]);

    static int ReadSymbol(string source, int at, List<Token> tokens)
    {
        var c = source[at];
        if (c is '-' && IsHyphen(source, at))
            return at + 1;
        if (Symbols.Contains(c, StringComparison.Ordinal) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol)
        {
            var plain = c switch { '−' => "-", '×' or '·' or '∙' or '⋅' => "*", '÷' => "/", '٪' => "%", _ => c.ToString() };
            tokens.Add(new Token(TokenKind.Symbol, at, at + 1, plain, plain, false));
        }

        return at + 1;
    }

    /// <summary>Joins words, as in time-zone and 5-minute; UTC-5, 5-3 and x - 3 keep their minus.</summary>
    static bool IsHyphen(string source, int at)
        => at > 0 && at + 1 < source.Length && char.IsLetterOrDigit(source[at - 1]) && char.IsLetter(source[at + 1]);
}
