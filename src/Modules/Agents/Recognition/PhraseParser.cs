using System.Buffers;

namespace JeanTrail.Agents.Recognition;

/// <summary>Compiles the notation of <see cref="Phrase"/>. Malformed phrases throw at start: they are ours, not the person's.</summary>
internal sealed class PhraseParser
{
    static readonly SearchValues<char> WordEnds = SearchValues.Create(" |()[]{}");

    readonly string source;
    readonly List<Node?> nodes = [];
    readonly List<string> slots = [];
    int at;

    PhraseParser(string source) => this.source = source;

    public static Phrase Compile(string source, string tag)
    {
        var parser = new PhraseParser(source);
        var tree = parser.ReadChoice();
        if (parser.at != source.Length)
            throw new FormatException($"Unbalanced phrase: {source}");
        var end = parser.Add(new Node(NodeKind.End, -1));
        var start = parser.Emit(tree, end);
        return new Phrase(source, tag, [.. parser.nodes.Select(node => node!)], parser.slots, start);
    }

    abstract record Part;

    sealed record Choice(IReadOnlyList<IReadOnlyList<Part>> Options) : Part;

    sealed record Word(Token Token, bool Prefix) : Part;

    sealed record Slot(int Index, bool MayBeEmpty) : Part;

    Choice ReadChoice()
    {
        var options = new List<IReadOnlyList<Part>>();
        var current = new List<Part>();
        while (at < source.Length && source[at] is not (')' or ']'))
        {
            switch (source[at])
            {
                case '|':
                    options.Add(current);
                    current = [];
                    at++;
                    break;
                case '(' or '[':
                    current.Add(ReadGroup());
                    break;
                case '{':
                    current.Add(ReadSlot());
                    break;
                case ' ':
                    at++;
                    break;
                default:
                    current.AddRange(ReadWords());
                    break;
            }
        }

        options.Add(current);
        return new Choice(options);
    }

    Choice ReadGroup()
    {
        var optional = source[at++] == '[';
        var inner = ReadChoice();
        if (at >= source.Length || source[at] != (optional ? ']' : ')'))
            throw new FormatException($"Unbalanced phrase: {source}");
        at++;
        // The longest first, so that in "(md5|md5 of) {x}" the "of" does not end up in the slot.
        IEnumerable<IReadOnlyList<Part>> options = inner.Options.OrderByDescending(option => option.Count);
        return new Choice(optional ? [.. options, []] : [.. options]);
    }

    Slot ReadSlot()
    {
        var close = source.IndexOf('}', at);
        var name = source[(at + 1)..close];
        at = close + 1;
        var mayBeEmpty = name.EndsWith('?');
        slots.Add(name.TrimEnd('?'));
        return new Slot(slots.Count - 1, mayBeEmpty);
    }

    IEnumerable<Part> ReadWords()
    {
        var end = source.AsSpan(at).IndexOfAny(WordEnds);
        end = end < 0 ? source.Length : at + end;
        var text = source[at..end];
        at = end;
        var prefix = text.Length > 1 && text.EndsWith('*');
        var tokens = Lexer.Read(prefix ? text[..^1] : text).Tokens;
        if (tokens.Count == 0)
            throw new FormatException($"'{text}' is no word in the phrase: {source}");
        return tokens.Select((token, index) => new Word(token, prefix && index == tokens.Count - 1));
    }

    int Add(Node node)
    {
        nodes.Add(node);
        return nodes.Count - 1;
    }

    int Emit(Part part, int next) => part switch
    {
        Word word => Add(new Node(NodeKind.Literal, next, word.Token, word.Prefix)),
        Slot slot => Add(new Node(NodeKind.Slot, next, Slot: slot.Index, MayBeEmpty: slot.MayBeEmpty)),
        Choice { Options: [var only] } => EmitAll(only, next),
        Choice choice => Add(new Node(NodeKind.Branch, -1, Branches: [.. choice.Options.Select(option => EmitAll(option, next))])),
        _ => throw new FormatException(source),
    };

    int EmitAll(IReadOnlyList<Part> parts, int next)
    {
        for (var index = parts.Count - 1; index >= 0; index--)
            next = Emit(parts[index], next);
        return next;
    }
}
