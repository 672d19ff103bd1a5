using System.Buffers;
using System.Text;

namespace JeanTrail.Contracts.Voice;

public sealed partial class SpeakableText
{
    /// <summary>One pass over the text; each branch consumes at least one character.</summary>
    ref struct Stripper(string markdown)
    {
        static readonly SearchValues<char> AddressEnds = SearchValues.Create(" \t\r\n<>\"'`)]*|،؟");

        readonly ReadOnlySpan<char> text = markdown;
        readonly StringBuilder output = new(markdown.Length);
        readonly List<int> sources = new(markdown.Length);
        int at;
        int pendingBreakAt = -1;
        bool pendingParagraph;

        public SpeakableText Run()
        {
            StartLine();
            while (at < text.Length)
                Step();
            return new SpeakableText(output.ToString(), [.. sources]);
        }

        readonly char Peek(int ahead = 0) => at + ahead < text.Length ? text[at + ahead] : '\0';

        readonly bool Starts(ReadOnlySpan<char> prefix) => text[at..].StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

        readonly char Before() => at > 0 ? text[at - 1] : '\0';

        void Step()
        {
            var c = text[at];
            if (c == '\n')
            {
                Break(at++, paragraph: Peek() is '\n' or '\r');
                StartLine();
            }
            else if (char.IsWhiteSpace(c))
                Break(at++, paragraph: false);
            else if (c == '\\' && char.IsAsciiLetter(Peek(1)))
                at++;
            else if (c == '\\' && (char.IsPunctuation(Peek(1)) || char.IsSymbol(Peek(1))))
            {
                at++;
                if (Peek() is '(' or ')' or '[' or ']')
                    at++;
                else
                    Emit(Peek(), at++);
            }
            else if (Starts("http://") || Starts("https://"))
                Address();
            else if (c == '<')
                Tag();
            else if (c == '!' && Peek(1) == '[')
                at++;
            else if (c == '[')
                OpenBracket();
            else if (c == ']')
                CloseBracket();
            else if (c == '&')
                Entity();
            else if (c is '*' or '_' or '~' or '`' or '$' or '|')
                Markup(c);
            else
                Plain();
        }

        /// <summary>Skips what only lays out a line: quote marks, headings, bullets, numbers of a list, rules, fenced blocks.</summary>
        void StartLine()
        {
            while (true)
            {
                while (Peek() is ' ' or '\t' or '>')
                    at++;
                if (!Starts("```") && !Starts("~~~"))
                    break;
                SkipFence(text.Slice(at, 3));
            }

            var marker = MarkdownLines.MarkerLength(text[at..]);
            if (marker > 0 && output.Length > 0)
                Break(at, paragraph: true);
            at += marker;
            if (Peek() == '[' && Peek(2) == ']' && Peek(1) is ' ' or 'x' or 'X')
                at += 3;
            var line = text[at..];
            var end = line.IndexOf('\n');
            if (MarkdownLines.IsRule(end < 0 ? line : line[..end]))
                at += end < 0 ? line.Length : end;
        }

        void SkipFence(ReadOnlySpan<char> fence)
        {
            Break(at, paragraph: true);
            NextLine();
            while (at < text.Length)
            {
                var closes = text[at..].TrimStart(" \t>").StartsWith(fence, StringComparison.Ordinal);
                NextLine();
                if (closes)
                    return;
            }
        }

        void NextLine()
        {
            var end = text[at..].IndexOf('\n');
            at = end < 0 ? text.Length : at + end + 1;
        }

        /// <summary>Of an address only the host is said.</summary>
        void Address()
        {
            at += Starts("https://") ? 8 : 7;
            if (Starts("www."))
                at += 4;
            var rest = text[at..];
            var end = rest.IndexOfAny(AddressEnds);
            end = at + (end < 0 ? rest.Length : end);
            while (end > at && text[end - 1] is '.' or ',' or '!' or '?' or ';' or ':' or '…')
                end--;
            while (at < end && (char.IsLetterOrDigit(text[at]) || text[at] is '.' or '-'))
                Emit(text[at], at++);
            at = end;
        }

        void Tag()
        {
            var next = Peek(1);
            if (Starts("<http"))
            {
                at++;
                return;
            }
            var end = text[at..].IndexOf('>');
            if (end > 0 && (char.IsAsciiLetter(next) || next is '/' or '!') && !text.Slice(at, end).Contains('\n'))
            {
                if (Starts("<br") || Starts("</p") || Starts("</li") || Starts("</h"))
                    Break(at, paragraph: true);
                at += end + 1;
            }
            else
                Plain();
        }

        /// <summary>Footnote and citation marks are not said; the text of a link is.</summary>
        void OpenBracket()
        {
            var end = text[at..].IndexOf(']');
            var inner = end > 1 ? text.Slice(at + 1, end - 1) : [];
            var mark = inner.Length is > 0 and <= 4 && (inner[0] == '^' || !inner.ContainsAnyExcept(MarkdownLines.Digits));
            at += mark && (at + end + 1 >= text.Length || text[at + end + 1] != '(') ? end + 1 : 1;
        }

        void CloseBracket()
        {
            at++;
            var close = Peek() switch { '(' => ')', '[' => ']', _ => '\0' };
            if (close == '\0')
                return;
            var end = text[at..].IndexOf(close);
            if (end >= 0 && !text.Slice(at, end).Contains('\n'))
                at += end + 1;
        }

        void Entity()
        {
            foreach (var (name, character) in MarkdownLines.Entities)
            {
                if (!Starts(name))
                    continue;
                if (character == ' ')
                    Break(at, paragraph: false);
                else
                    Emit(character, at);
                at += name.Length;
                return;
            }
            Plain();
        }

        void Markup(char c)
        {
            if (c == '*' && Before() == ' ' && Peek(1) == ' ')
                Plain();
            else if (c == '_' && char.IsLetterOrDigit(Before()) && char.IsLetterOrDigit(Peek(1)))
                Break(at++, paragraph: false);
            else if (c == '|')
            {
                if (output.Length > 0 && char.IsLetterOrDigit(output[^1]))
                    Emit(',', at);
                at++;
            }
            else if (c == '$' && (char.IsDigit(Peek(1)) || char.IsDigit(Before())))
                Plain();
            else
                at++;
        }

        void Plain()
        {
            if (Rune.DecodeFromUtf16(text[at..], out var rune, out var length) == OperationStatus.Done && !IsUnspeakable(rune))
                for (var i = 0; i < length; i++)
                    Emit(text[at + i], at + i);
            at += length;
        }

        void Break(int source, bool paragraph)
        {
            if (pendingBreakAt < 0)
                pendingBreakAt = source;
            pendingParagraph |= paragraph;
        }

        void Emit(char c, int source)
        {
            if (pendingBreakAt >= 0)
            {
                if (output.Length > 0)
                {
                    output.Append(pendingParagraph ? '\n' : ' ');
                    sources.Add(pendingBreakAt);
                }
                pendingBreakAt = -1;
                pendingParagraph = false;
            }
            output.Append(c);
            sources.Add(source);
        }
    }
}
