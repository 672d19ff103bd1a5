using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace JeanTrail.Contracts.Voice;

/// <summary>Samples of any rate as samples of 16 kHz, by a windowed sinc that leaves out what the new rate has no room for, as they come.</summary>
internal sealed class Resampler
{
    public const int LeastRate = 4_000;
    public const int MostRate = 192_000;

    const int OutRate = HeardSamples.Rate;

    /// <summary>Zero crossings of the filter on each side.</summary>
    const int FilterReach = 16;

    readonly int rate;
    readonly int reach;
    readonly double cutoff;

    /// <summary>The filter by where an output sample stands between two input samples: there are only so many such places.</summary>
    readonly Dictionary<int, float[]> filters = [];

    float[] held;
    long heldFrom;
    int heldCount;
    long next;

    public Resampler(int rate)
    {
        this.rate = rate;
        cutoff = Math.Min(1, (double)OutRate / rate);
        reach = (int)Math.Ceiling(FilterReach / cutoff);
        // As if there had been silence before.
        (held, heldFrom, heldCount) = (new float[reach], -reach, reach);
    }

    /// <summary>Takes samples of any strength up to 16 bits and gives little-endian 16-bit samples.</summary>
    /// <param name="last">Nothing follows: silence is taken to.</param>
    public byte[] Take(ReadOnlySpan<float> samples, bool last)
    {
        if (rate == OutRate)
            return Write(samples);
        var total = heldFrom + heldCount + samples.Length;
        Hold(samples, last ? reach : 0);
        var made = new List<float>((int)((long)samples.Length * OutRate / rate) + reach);
        for (; ; next++)
        {
            var (whole, between) = Math.DivRem(next * rate, OutRate);
            if (last ? whole >= total : whole + reach >= heldFrom + heldCount)
                break;
            var filter = FilterOf((int)between);
            var around = held.AsSpan((int)(whole - reach + 1 - heldFrom), filter.Length);
            var sum = 0f;
            for (var at = 0; at < filter.Length; at++)
                sum += filter[at] * around[at];
            made.Add(sum);
        }

        return Write(CollectionsMarshal.AsSpan(made));
    }

    /// <summary>Puts samples behind those that are still needed.</summary>
    void Hold(ReadOnlySpan<float> samples, int silence)
    {
        var needed = (int)Math.Clamp(next * rate / OutRate - reach + 1 - heldFrom, 0, heldCount);
        var kept = heldCount - needed;
        var grown = new float[kept + samples.Length + silence];
        held.AsSpan(needed, kept).CopyTo(grown);
        samples.CopyTo(grown.AsSpan(kept));
        (held, heldFrom, heldCount) = (grown, heldFrom + needed, grown.Length);
    }

    float[] FilterOf(int between)
    {
        if (filters.TryGetValue(between, out var known))
            return known;
        var filter = new float[2 * reach];
        var sum = 0.0;
        for (var at = 0; at < filter.Length; at++)
        {
            var distance = at - reach + 1 - (double)between / OutRate;
            var weight = Math.Abs(distance) >= reach ? 0 : Sinc(distance * cutoff) * (0.5 + 0.5 * Math.Cos(Math.PI * distance / reach));
            sum += weight;
            filter[at] = (float)weight;
        }

        for (var at = 0; at < filter.Length; at++)
            filter[at] = (float)(filter[at] / sum);
        return filters[between] = filter;
    }

    static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    static byte[] Write(ReadOnlySpan<float> samples)
    {
        var bytes = new byte[samples.Length * sizeof(short)];
        for (var at = 0; at < samples.Length; at++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at * sizeof(short)), (short)Math.Clamp(MathF.Round(samples[at]), short.MinValue, short.MaxValue));
        return bytes;
    }
}
