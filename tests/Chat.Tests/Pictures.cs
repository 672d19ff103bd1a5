using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace JeanTrail.Chat.Tests;

/// <summary>Small pictures made here. Source: PNG (Third Edition), §5 and §10.</summary>
internal static class Pictures
{
    /// <param name="claimWidth">What the header says, where that is not the truth.</param>
    public static byte[] Png(int width, int height, int? claimWidth = null, int? claimHeight = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, claimWidth ?? width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), claimHeight ?? height);
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width * 3; x++)
                    zlib.WriteByte((byte)((x * 7) + y));
            }
        }

        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>One page with one line. Source: ISO 32000-1, §7.5.</summary>
    public static byte[] Pdf(string line)
    {
        var text = $"BT /F1 18 Tf 20 100 Td ({line}) Tj ET";
        string[] objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            $"<< /Length {text.Length} >>\nstream\n{text}\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ];
        var file = new StringBuilder("%PDF-1.4\n");
        var table = new StringBuilder("xref\n0 6\n0000000000 65535 f \n");
        for (var i = 0; i < objects.Length; i++)
        {
            table.Append($"{file.Length:D10} 00000 n \n");
            file.Append($"{i + 1} 0 obj\n{objects[i]}\nendobj\n");
        }

        var start = file.Length;
        return Encoding.ASCII.GetBytes($"{file}{table}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF");
    }

    static void Chunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var all = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(all, data.Length);
        kind.CopyTo(all.AsSpan(4));
        data.CopyTo(all.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(8 + data.Length), Crc(all.AsSpan(4, data.Length + 4)));
        file.Write(all);
    }

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
