using System.Buffers.Binary;
using System.IO.Compression;

namespace JeanTrail.Avatar.Textures;

/// <summary>Writes 8-bit RGB PNG. Source: ISO/IEC 15948 (PNG), filters by least sum of absolute differences (§12.8).</summary>
internal static class PngWriter
{
    static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    internal static byte[] Write(Canvas canvas)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), canvas.Height);
        header[8] = 8;
        header[9] = 2;
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Compress(canvas));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    static byte[] Compress(Canvas canvas)
    {
        var stride = canvas.Width * 3;
        var above = new byte[stride];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            for (var y = 0; y < canvas.Height; y++)
            {
                var row = canvas.Pixels.AsSpan(y * stride, stride).ToArray();
                var best = Enumerable.Range(0, 5).Select(filter => Filter(filter, row, above)).MinBy(Cost)!;
                zlib.Write(best);
                above = row;
            }
        }
        return packed.ToArray();
    }

    static byte[] Filter(int type, byte[] row, byte[] above)
    {
        var result = new byte[row.Length + 1];
        result[0] = (byte)type;
        for (var i = 0; i < row.Length; i++)
        {
            int left = i >= 3 ? row[i - 3] : 0, up = above[i], corner = i >= 3 ? above[i - 3] : 0;
            var guess = type switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 };
            result[i + 1] = (byte)(row[i] - guess);
        }
        return result;
    }

    static int Paeth(int a, int b, int c)
    {
        int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    static int Cost(byte[] filtered)
    {
        var cost = 0;
        foreach (var b in filtered.AsSpan(1)) cost += Math.Abs((int)(sbyte)b);
        return cost;
    }

    static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc([.. type, .. data]));
        file.Write(number);
    }

    static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
