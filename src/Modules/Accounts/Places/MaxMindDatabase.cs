using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Net;
using System.Text;

namespace JeanTrail.Accounts.Places;

/// <summary>
/// Reads databases of places by network address. The file is mapped, not loaded, and every length and offset in it is checked: a damaged file
/// is an <see cref="InvalidDataException"/> and nothing worse.
/// </summary>
/// <remarks>Source: MaxMind DB File Format Specification 2.0.</remarks>
internal sealed class MaxMindDatabase : IDisposable
{
    const int MaxDepth = 32;
    const int MaxItems = 10_000;
    const int SeparatorBytes = 16;
    const int MetadataSearchBytes = 128 * 1024;

    static readonly byte[] Marker = [0xab, 0xcd, 0xef, .. "MaxMind.com"u8];

    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;
    readonly long length;
    readonly long nodes;
    readonly int recordBits;
    readonly int addressBits;
    readonly long dataStart;

    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no such database.</exception>
    internal MaxMindDatabase(string path)
    {
        length = new FileInfo(path).Length;
        if (length == 0)
            throw Damaged();
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        try
        {
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            var metadata = ReadMetadata();
            nodes = Number(metadata, "node_count");
            recordBits = (int)Number(metadata, "record_size");
            addressBits = Number(metadata, "ip_version") == 6 ? 128 : 32;
            if (recordBits is not (24 or 28 or 32))
                throw Damaged();
            dataStart = (nodes * recordBits / 4) + SeparatorBytes;
            if (nodes is < 1 or > int.MaxValue || dataStart > length)
                throw Damaged();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the database says about the address: a map of maps, lists, texts and numbers; null when it knows nothing.</summary>
    internal object? Find(IPAddress address)
    {
        var bits = Bits(address);
        if (bits is null)
            return null;
        long node = 0;
        foreach (var isRight in bits)
        {
            node = Child(node, isRight);
            if (node == nodes)
                return null;
            if (node > nodes)
                return Read(dataStart + (node - nodes - SeparatorBytes), dataStart, 0).Value;
        }

        return null;
    }

    public void Dispose()
    {
        view?.Dispose();
        file.Dispose();
    }

    /// <summary>From the most significant; an IPv4 address stands at ::/96 of a database for both. Null when it has no such addresses.</summary>
    bool[]? Bits(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        if (bytes.Length * 8 > addressBits)
            return null;
        var bits = new bool[addressBits];
        var skipped = addressBits - (bytes.Length * 8);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
            bits[skipped + bit] = (bytes[bit / 8] & (0x80 >> (bit % 8))) != 0;
        return bits;
    }

    long Child(long node, bool isRight)
    {
        Span<byte> pair = stackalloc byte[8];
        pair = pair[..(recordBits / 4)];
        Fill(node * (recordBits / 4), pair);
        return recordBits switch
        {
            24 => isRight ? Big(pair[3..6]) : Big(pair[..3]),
            28 => isRight ? ((pair[3] & 0x0fL) << 24) | Big(pair[4..7]) : ((pair[3] & 0xf0L) << 20) | Big(pair[..3]),
            _ => isRight ? Big(pair[4..8]) : Big(pair[..4]),
        };
    }

    Dictionary<string, object?> ReadMetadata()
    {
        var from = Math.Max(0, length - MetadataSearchBytes);
        var tail = new byte[length - from];
        Fill(from, tail);
        var at = tail.AsSpan().LastIndexOf(Marker);
        if (at < 0)
            throw Damaged();
        var start = from + at + Marker.Length;
        return Read(start, start, 0).Value as Dictionary<string, object?> ?? throw Damaged();
    }

    /// <summary>The value at a place, and where the next one begins.</summary>
    /// <param name="section">Where pointers count from.</param>
    (object? Value, long Next) Read(long at, long section, int depth)
    {
        if (depth > MaxDepth)
            throw Damaged();
        var control = Byte(at++);
        var type = control >> 5;
        if (type == 1)
            return Follow(control, at, section, depth);
        if (type == 0)
            type = Byte(at++) + 7;
        (var size, at) = Size(control & 0x1f, at);
        switch (type)
        {
            case 2:
                return (Encoding.UTF8.GetString(Bytes(at, size)), at + size);
            case 3:
                return (BinaryPrimitives.ReadDoubleBigEndian(Bytes(at, 8)), at + 8);
            case 5 or 6 or 9:
                return (size <= 8 ? Big(Bytes(at, size)) : throw Damaged(), at + size);
            case 8:
                return (size <= 4 ? (long)(int)Big(Bytes(at, size)) : throw Damaged(), at + size);
            case 7:
                return ReadMap(at, size, section, depth);
            case 11:
                return ReadList(at, size, section, depth);
            case 14:
                return (size != 0, at);
            case 15:
                return ((double)BinaryPrimitives.ReadSingleBigEndian(Bytes(at, 4)), at + 4);
            case 4 or 10:
                // Bytes and very large numbers: nothing here reads them.
                return (null, at + size);
            default:
                throw Damaged();
        }
    }

    (object? Value, long Next) Follow(int control, long at, long section, int depth)
    {
        var extra = (control >> 3) & 0x3;
        var low = Big(Bytes(at, extra + 1));
        long pointer = extra switch
        {
            0 => ((control & 0x7L) << 8) | low,
            1 => (((control & 0x7L) << 16) | low) + 2048,
            2 => (((control & 0x7L) << 24) | low) + 526_336,
            _ => low,
        };
        return (Read(section + pointer, section, depth + 1).Value, at + extra + 1);
    }

    (object? Value, long Next) ReadMap(long at, int size, long section, int depth)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < Checked(size); i++)
        {
            (var key, at) = Read(at, section, depth + 1);
            (var value, at) = Read(at, section, depth + 1);
            map[key as string ?? throw Damaged()] = value;
        }

        return (map, at);
    }

    (object? Value, long Next) ReadList(long at, int size, long section, int depth)
    {
        var list = new List<object?>();
        for (var i = 0; i < Checked(size); i++)
        {
            (var value, at) = Read(at, section, depth + 1);
            list.Add(value);
        }

        return (list, at);
    }

    (int Size, long Next) Size(int size, long at) => size switch
    {
        29 => (29 + Byte(at), at + 1),
        30 => (285 + (int)Big(Bytes(at, 2)), at + 2),
        31 => (65_821 + (int)Big(Bytes(at, 3)), at + 3),
        _ => (size, at),
    };

    byte Byte(long at) => at >= 0 && at < length ? view.ReadByte(at) : throw Damaged();

    byte[] Bytes(long at, int count)
    {
        var bytes = new byte[count is >= 0 and <= 1 << 20 ? count : throw Damaged()];
        Fill(at, bytes);
        return bytes;
    }

    void Fill(long at, Span<byte> target)
    {
        if (at < 0 || at > length - target.Length)
            throw Damaged();
        for (var i = 0; i < target.Length; i++)
            target[i] = view.ReadByte(at + i);
    }

    static long Big(ReadOnlySpan<byte> bytes)
    {
        long number = 0;
        foreach (var b in bytes)
            number = (number << 8) | b;
        return number;
    }

    static long Number(Dictionary<string, object?> metadata, string name) => metadata.GetValueOrDefault(name) is long number ? number : throw Damaged();

    static int Checked(int items) => items <= MaxItems ? items : throw Damaged();

    static InvalidDataException Damaged() => new("The database of places is damaged, or is none.");
}
