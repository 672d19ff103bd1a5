using System.Globalization;
using System.Text;

namespace JeanTrail.Bench.Wire;

/// <summary>Counts the events of a chunked answer as its bytes come. Chunks may end anywhere, also within a field's name.</summary>
internal struct ChunkedEvents
{
    static ReadOnlySpan<byte> Field => "data: "u8;

    readonly byte[] line = new byte[16];
    readonly byte[] tail = new byte[5];
    int lineLength;
    int tailLength;

    /// <summary>Bytes of the chunk still to come, its line end included.</summary>
    int left;

    public ChunkedEvents()
    {
    }

    internal int Count { get; private set; }

    /// <summary>The last chunk has come, whole.</summary>
    internal bool Ended { get; private set; }

    internal void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !Ended)
        {
            if (left == 0)
            {
                TakeSize(ref bytes);
                continue;
            }

            var data = bytes[..Math.Min(bytes.Length, Math.Max(0, left - 2))];
            TakeData(data);
            var taken = Math.Min(bytes.Length, left);
            left -= taken;
            bytes = bytes[taken..];
        }
    }

    void TakeSize(ref ReadOnlySpan<byte> bytes)
    {
        line[lineLength++] = bytes[0];
        bytes = bytes[1..];
        if (line[lineLength - 1] != '\n')
            return;
        var size = int.Parse(Encoding.ASCII.GetString(line, 0, lineLength - 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        lineLength = 0;
        // The last one is empty, and its line end ends the answer: it comes in the same packet.
        Ended = size == 0;
        left = size + 2;
    }

    void TakeData(ReadOnlySpan<byte> data)
    {
        Span<byte> seam = stackalloc byte[10];
        tail.AsSpan(0, tailLength).CopyTo(seam);
        var head = data[..Math.Min(5, data.Length)];
        head.CopyTo(seam[tailLength..]);
        var joined = seam[..(tailLength + head.Length)];
        Count += joined.Count(Field) + data.Count(Field);
        var last = data.Length >= 5 ? data[^5..] : joined[^Math.Min(5, joined.Length)..];
        last.CopyTo(tail);
        tailLength = last.Length;
    }
}
