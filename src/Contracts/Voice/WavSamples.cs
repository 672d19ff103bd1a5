using System.Buffers.Binary;

namespace JeanTrail.Contracts.Voice;

/// <summary>
/// RIFF/WAVE with 16-bit samples, read without any native decoder, a second at a time. Source: Multimedia Programming Interface and Data
/// Specifications 1.0, "WAVE".
/// </summary>
public static class WavSamples
{
    const int ChunkHeaderBytes = 8;
    const int FormatBytes = 16;
    const int ExtensibleBytes = 40;
    const int Pcm = 1;
    const int Extensible = 0xFFFE;

    /// <summary>Writes it as 16-bit mono samples of <see cref="HeardSamples.Rate"/>.</summary>
    /// <returns>Null when it is WAV of another kind, or none; else whether all of it was written: false is more than <paramref name="maxBytes"/>.</returns>
    public static async Task<bool?> WriteAsync(Stream wav, Stream output, long maxBytes, CancellationToken cancel)
    {
        if (await FormatAsync(wav, cancel) is not { } format)
            return null;
        var resampler = new Resampler(format.Rate);
        var frame = format.Channels * sizeof(short);
        var block = new byte[format.Rate * frame];
        var mixed = new float[format.Rate];
        var written = 0L;
        for (var left = format.DataBytes; ;)
        {
            var read = await wav.ReadAtLeastAsync(block.AsMemory(0, (int)Math.Min(block.Length, left)), (int)Math.Min(block.Length, left), throwOnEndOfStream: false, cancel);
            left -= read;
            var frames = read / frame;
            Mix(block.AsSpan(0, frames * frame), format.Channels, mixed);
            var last = read < block.Length;
            var made = resampler.Take(mixed.AsSpan(0, frames), last);
            written += made.Length;
            if (written > maxBytes)
                return false;
            await output.WriteAsync(made, cancel);
            if (last)
                return true;
        }
    }

    /// <summary>Reads up to the first sample.</summary>
    static async Task<Format?> FormatAsync(Stream wav, CancellationToken cancel)
    {
        var header = new byte[12];
        if (!await FillAsync(wav, header, cancel) || !header.AsSpan().StartsWith("RIFF"u8) || !header.AsSpan(8).SequenceEqual("WAVE"u8))
            return null;
        Format? format = null;
        var chunk = new byte[ChunkHeaderBytes];
        while (await FillAsync(wav, chunk, cancel))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            // Whoever did not know the length wrote the largest, or none.
            if (chunk.AsSpan().StartsWith("data"u8))
                return format is { } known ? known with { DataBytes = length is 0 or >= int.MaxValue ? long.MaxValue : length } : null;
            var known16 = chunk.AsSpan().StartsWith("fmt "u8);
            var body = new byte[known16 ? Math.Min(length, ExtensibleBytes) : 0];
            if (!await FillAsync(wav, body, cancel) || !await SkipAsync(wav, length + length % 2 - body.Length, cancel))
                return null;
            if (known16 && (format = Read(body)) is null)
                return null;
        }

        return null;
    }

    static Format? Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < FormatBytes || BinaryPrimitives.ReadUInt16LittleEndian(body[14..]) != 16)
            return null;
        var tag = BinaryPrimitives.ReadUInt16LittleEndian(body);
        // The first two bytes of the sub-format are the tag it would have without it.
        var kind = tag == Extensible && body.Length >= 26 ? BinaryPrimitives.ReadUInt16LittleEndian(body[24..]) : tag;
        var (channels, rate) = (BinaryPrimitives.ReadUInt16LittleEndian(body[2..]), BinaryPrimitives.ReadInt32LittleEndian(body[4..]));
        return kind == Pcm && channels is >= 1 and <= 8 && rate is >= Resampler.LeastRate and <= Resampler.MostRate ? new Format(channels, rate, 0) : null;
    }

    static void Mix(ReadOnlySpan<byte> samples, int channels, Span<float> mixed)
    {
        for (var at = 0; at < samples.Length / (channels * sizeof(short)); at++)
        {
            var sum = 0;
            for (var channel = 0; channel < channels; channel++)
                sum += BinaryPrimitives.ReadInt16LittleEndian(samples[((at * channels + channel) * sizeof(short))..]);
            mixed[at] = (float)sum / channels;
        }
    }

    static async Task<bool> FillAsync(Stream from, byte[] buffer, CancellationToken cancel)
        => await from.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel) == buffer.Length;

    static async Task<bool> SkipAsync(Stream from, long bytes, CancellationToken cancel)
    {
        var rest = new byte[4096];
        for (int read; bytes > 0; bytes -= read)
        {
            read = await from.ReadAsync(rest.AsMemory(0, (int)Math.Min(rest.Length, bytes)), cancel);
            if (read == 0)
                return false;
        }

        return true;
    }

    sealed record Format(int Channels, int Rate, long DataBytes);
}
