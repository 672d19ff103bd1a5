using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Replies;

/// <summary>
/// Writes a JSON value so that equal values have equal bytes: members sorted by name, no white space, one spelling for each string and each
/// number. One pass over the input into one pooled buffer; only objects whose members are out of order are copied once more.
/// Source: the idea is RFC 8785's; numbers keep all their digits here, where it rounds them to doubles.
/// </summary>
internal sealed class CanonicalJson : IDisposable
{
    /// <summary>Deeper requests are refused before they come here.</summary>
    const int MaxDepth = 128;

    byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    byte[] scratch = [];
    Member[] members = ArrayPool<Member>.Shared.Rent(64);
    int length;
    int count;
    long blankAt;

    /// <summary>What was written, until the next <see cref="Write"/> or <see cref="Dispose"/>.</summary>
    internal ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    /// <summary>Writes a request without what does not change the answer: how it is delivered, and on whose behalf.</summary>
    /// <param name="blankAt">Where the value begins that is left open, or -1.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal ReadOnlySpan<byte> Write(ReadOnlySpan<byte> request, int blankAt = -1)
    {
        (length, count, this.blankAt) = (0, 0, blankAt);
        var json = new Utf8JsonReader(request, new JsonReaderOptions { MaxDepth = MaxDepth });
        json.Read();
        WriteValue(ref json, outermost: true);
        return Written;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        ArrayPool<Member>.Shared.Return(members);
        if (scratch.Length > 0)
            ArrayPool<byte>.Shared.Return(scratch);
        (buffer, members, scratch) = ([], [], []);
    }

    /// <param name="name">As written here, quotes included.</param>
    static bool IsLeftOut(ReadOnlySpan<byte> name)
        => name.SequenceEqual("\"stream\""u8) || name.SequenceEqual("\"stream_options\""u8) || name.SequenceEqual("\"user\""u8)
            || name.SequenceEqual("\"prompt_cache_key\""u8) || name.SequenceEqual("\"metadata\""u8) || name.SequenceEqual("\"store\""u8);

    void WriteValue(ref Utf8JsonReader json, bool outermost = false)
    {
        if (json.TokenStartIndex == blankAt)
        {
            json.Skip();
            Add("~"u8);
            return;
        }

        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref json, outermost);
                break;
            case JsonTokenType.StartArray:
                Add("["u8);
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    WriteValue(ref json);
                    Add(","u8);
                }

                Close((byte)']');
                break;
            case JsonTokenType.String:
                WriteString(ref json);
                break;
            case JsonTokenType.Number:
                WriteNumber(json.ValueSpan);
                break;
            default:
                Add(json.ValueSpan);
                break;
        }
    }

    void WriteObject(ref Utf8JsonReader json, bool outermost)
    {
        var first = count;
        Add("{"u8);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var start = length;
            WriteString(ref json);
            var nameEnd = length;
            json.Read();
            if (outermost && IsLeftOut(buffer.AsSpan(start, nameEnd - start)))
            {
                length = start;
                json.Skip();
                continue;
            }

            Add(":"u8);
            WriteValue(ref json);
            Add(","u8);
            if (count == members.Length)
                Grow(ref members, count, count + 1);
            members[count++] = new Member(start, nameEnd, length);
        }

        Order(members.AsSpan(first, count - first));
        count = first;
        Close((byte)'}');
    }

    /// <summary>Puts the end in the place of the comma after the last element, if there was one.</summary>
    void Close(byte end)
    {
        if (buffer[length - 1] == ',')
            buffer[length - 1] = end;
        else
            Add([end]);
    }

    void Order(Span<Member> unordered)
    {
        var byName = new ByName(buffer);
        var ordered = true;
        for (var i = 1; i < unordered.Length && ordered; i++)
            ordered = byName.Compare(unordered[i - 1], unordered[i]) < 0;
        if (ordered)
            return;
        var start = unordered[0].Start;
        unordered.Sort(byName);
        if (scratch.Length < length - start)
            Grow(ref scratch, 0, length - start);
        var at = 0;
        foreach (var member in unordered)
        {
            buffer.AsSpan(member.Start, member.End - member.Start).CopyTo(scratch.AsSpan(at));
            at += member.End - member.Start;
        }

        scratch.AsSpan(0, at).CopyTo(buffer.AsSpan(start));
    }

    void WriteString(ref Utf8JsonReader json)
    {
        Add("\""u8);
        if (!json.ValueIsEscaped)
        {
            Add(json.ValueSpan);
        }
        else
        {
            // A string never gets longer by unescaping.
            var start = length;
            Room(json.ValueSpan.Length);
            try
            {
                length += json.CopyString(buffer.AsSpan(length));
                Escape(start);
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair is no text, but one spelling of it is as good as another.
                length = start;
                Add(json.ValueSpan);
            }
        }

        Add("\""u8);
    }

    /// <summary>Escapes what must be, and nothing else.</summary>
    void Escape(int start)
    {
        var text = buffer.AsSpan(start, length - start);
        var at = FirstToEscape(text);
        if (at < 0)
            return;
        var rest = text[at..].ToArray();
        length = start + at;
        foreach (var value in rest)
        {
            if (value is (byte)'"' or (byte)'\\')
                Add([(byte)'\\', value]);
            else if (value < 0x20)
                Add([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)('0' + (value >> 4)), (byte)"0123456789abcdef"[value & 15]]);
            else
                Add([value]);
        }
    }

    static int FirstToEscape(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)'"' or (byte)'\\' or < 0x20)
                return i;
        }

        return -1;
    }

    /// <summary>As digits without zeros at either end, and a power of ten: <c>1</c>, <c>1.0</c> and <c>10e-1</c> are one number.</summary>
    void WriteNumber(ReadOnlySpan<byte> text)
    {
        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0L;
        if (mark >= 0 && (!Utf8Parser.TryParse(text[(mark + 1)..].TrimStart((byte)'+'), out exponent, out _) || Math.Abs(exponent) > int.MaxValue))
        {
            Add(text);
            return;
        }

        var mantissa = mark >= 0 ? text[..mark] : text;
        var point = mantissa.IndexOf((byte)'.');
        exponent -= point >= 0 ? mantissa.Length - point - 1 : 0;
        var start = length;
        foreach (var digit in mantissa)
        {
            if (digit == '-' || (digit is >= (byte)'0' and <= (byte)'9' && (digit != '0' || length > start + (buffer[start] == '-' && length > start ? 1 : 0))))
                Add([digit]);
        }

        var sign = length > start && buffer[start] == '-' ? 1 : 0;
        if (length == start + sign)
        {
            length = start;
            Add("0"u8);
            return;
        }

        for (; buffer[length - 1] == '0'; exponent++)
            length--;
        if (exponent == 0)
            return;
        Add("e"u8);
        Room(20);
        Utf8Formatter.TryFormat(exponent, buffer.AsSpan(length), out var written);
        length += written;
    }

    void Add(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    void Room(int sizeBytes)
    {
        if (buffer.Length - length < sizeBytes)
            Grow(ref buffer, length, length + sizeBytes);
    }

    static void Grow<T>(ref T[] array, int used, int needed)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    /// <summary>Where a member stands in the buffer, its comma included.</summary>
    readonly record struct Member(int Start, int NameEnd, int End);

    /// <summary>Of two with one name the later counts, so they keep their order.</summary>
    readonly struct ByName(byte[] buffer) : IComparer<Member>
    {
        public int Compare(Member x, Member y)
        {
            var names = buffer.AsSpan(x.Start, x.NameEnd - x.Start).SequenceCompareTo(buffer.AsSpan(y.Start, y.NameEnd - y.Start));
            return names != 0 ? names : x.Start.CompareTo(y.Start);
        }
    }
}
