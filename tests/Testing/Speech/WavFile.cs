using System.Buffers.Binary;

namespace JeanTrail.Testing.Speech;

/// <summary>Sound as a file that other programs play.</summary>
public static class WavFile
{
    const int HeaderBytes = 44;

    /// <param name="pcm">16-bit mono samples at 16 kHz.</param>
    public static void Write(string path, ReadOnlySpan<byte> pcm)
    {
        var file = new byte[HeaderBytes + pcm.Length];
        var header = file.AsSpan(0, HeaderBytes);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        // Samples as they are, of one channel.
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], Spoken.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], Spoken.SampleRate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 8 * sizeof(short));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], pcm.Length);
        pcm.CopyTo(file.AsSpan(HeaderBytes));
        File.WriteAllBytes(path, file);
    }
}
