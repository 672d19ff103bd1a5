using System.Buffers.Binary;

namespace JeanTrail.Contracts.Voice;

/// <summary>The 44 bytes before 16-bit mono samples. Source: Multimedia Programming Interface and Data Specifications 1.0, "WAVE".</summary>
public static class WavHeader
{
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="dataBytes">Length of the samples, or null for a stream whose length is not known yet.</param>
    public static byte[] For(int sampleRate, int? dataBytes)
    {
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), dataBytes is { } known ? (uint)known + 36 : uint.MaxValue);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), sampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), dataBytes is { } bytes ? (uint)bytes : uint.MaxValue);
        return header;
    }
}
