using System.Buffers.Binary;

namespace JeanTrail.Gateway.Local;

/// <summary>RIFF/WAVE with 16-bit samples, read. Source: Multimedia Programming Interface and Data Specifications 1.0, "WAVE".</summary>
internal static class WaveAudio
{
    /// <summary>What local recognisers hear, in hertz.</summary>
    internal const int HeardRate = 16_000;

    const int ChunkHeaderBytes = 8;
    const int FormatBytes = 16;
    const int Pcm = 1;
    const int Extensible = 0xFFFE;

    /// <summary>Zero crossings of the filter on each side.</summary>
    const int FilterReach = 16;

    /// <summary>The audio as 16-bit mono samples of <see cref="HeardRate"/>; null when it is no such file.</summary>
    internal static byte[]? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            return null;
        var (rate, channels) = (0, 0);
        for (var rest = file[12..]; rest.Length >= ChunkHeaderBytes;)
        {
            // Whoever did not know the length wrote the largest, or none.
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), (uint)(rest.Length - ChunkHeaderBytes));
            var chunk = rest.Slice(ChunkHeaderBytes, length);
            if (rest.StartsWith("fmt "u8) && length >= FormatBytes)
            {
                if (BinaryPrimitives.ReadUInt16LittleEndian(chunk) is not (Pcm or Extensible) || BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) != 16)
                    return null;
                (channels, rate) = (BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]), BinaryPrimitives.ReadInt32LittleEndian(chunk[4..]));
            }
            else if (rest.StartsWith("data"u8))
            {
                return channels is < 1 or > 8 || rate is < 4000 or > 192_000 ? null : Write(Resample(Mix(chunk, channels), rate));
            }

            rest = rest[Math.Min(rest.Length, ChunkHeaderBytes + length + length % 2)..];
        }

        return null;
    }

    static float[] Mix(ReadOnlySpan<byte> samples, int channels)
    {
        var mixed = new float[samples.Length / (channels * sizeof(short))];
        for (var at = 0; at < mixed.Length; at++)
        {
            var sum = 0;
            for (var channel = 0; channel < channels; channel++)
                sum += BinaryPrimitives.ReadInt16LittleEndian(samples[((at * channels + channel) * sizeof(short))..]);
            mixed[at] = (float)sum / channels;
        }

        return mixed;
    }

    /// <summary>By a windowed sinc that leaves out what the new rate has no room for.</summary>
    static float[] Resample(float[] samples, int rate)
    {
        if (rate == HeardRate)
            return samples;
        var made = new float[(int)((long)samples.Length * HeardRate / rate)];
        var cutoff = Math.Min(1, (double)HeardRate / rate);
        var reach = FilterReach / cutoff;
        for (var at = 0; at < made.Length; at++)
        {
            var centre = (double)at * rate / HeardRate;
            var (sum, weights) = (0.0, 0.0);
            for (var from = Math.Max(0, (int)Math.Ceiling(centre - reach)); from <= centre + reach && from < samples.Length; from++)
            {
                var distance = from - centre;
                var weight = Sinc(distance * cutoff) * (0.5 + 0.5 * Math.Cos(Math.PI * distance / reach));
                sum += samples[from] * weight;
                weights += weight;
            }

            made[at] = (float)(sum / weights);
        }

        return made;
    }

    static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    static byte[] Write(float[] samples)
    {
        var bytes = new byte[samples.Length * sizeof(short)];
        for (var at = 0; at < samples.Length; at++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at * sizeof(short)), (short)Math.Clamp(Math.Round(samples[at]), short.MinValue, short.MaxValue));
        return bytes;
    }
}
