using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Voice;

namespace JeanTrail.Voice.Hearing;

/// <summary>Cuts a long recording into portions that providers take, where it is quietest, so that few words are cut in two.</summary>
internal static class Portions
{
    const int BytesPerSecond = HeardSamples.BytesPerSecond;

    /// <summary>19.2 MB: providers take 25.</summary>
    const int MostBytes = 600 * BytesPerSecond;

    /// <summary>The cut is looked for in the last so much.</summary>
    const int SearchedBytes = 20 * BytesPerSecond;

    const int WindowBytes = BytesPerSecond / 4;

    /// <summary>Of 32,768: below it nobody hears anything.</summary>
    const int Audible = 33;

    internal static TimeSpan LengthOf(ReadOnlyMemory<byte> samples) => TimeSpan.FromSeconds((double)samples.Length / BytesPerSecond);

    /// <summary>Digital silence, for which nobody is asked: models are known to hear words in it.</summary>
    internal static bool IsSilent(ReadOnlyMemory<byte> samples)
    {
        var span = samples.Span;
        for (var at = 0; at + 1 < span.Length; at += sizeof(short))
        {
            if (Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(span[at..])) >= Audible)
                return false;
        }

        return true;
    }

    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> OfAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var held = new MemoryStream();
        await foreach (var piece in audio.WithCancellation(cancel))
        {
            held.Write(piece.Span);
            while (held.Length >= MostBytes)
            {
                var all = held.GetBuffer().AsMemory(0, (int)held.Length);
                var cut = CutOf(all.Span[..MostBytes]);
                yield return all[..cut].ToArray();
                var rest = all[cut..].ToArray();
                held.SetLength(0);
                held.Write(rest);
            }
        }

        if (held.Length >= sizeof(short))
            yield return held.ToArray();
    }

    /// <summary>The middle of the quietest quarter of a second near the end.</summary>
    static int CutOf(ReadOnlySpan<byte> samples)
    {
        var (best, quietest) = (samples.Length, double.MaxValue);
        for (var at = samples.Length - SearchedBytes; at + WindowBytes <= samples.Length; at += WindowBytes / 2)
        {
            var sum = 0.0;
            for (var sample = at; sample < at + WindowBytes; sample += sizeof(short))
            {
                var value = (double)BinaryPrimitives.ReadInt16LittleEndian(samples[sample..]);
                sum += value * value;
            }

            if (sum < quietest)
                (best, quietest) = (at + WindowBytes / 2, sum);
        }

        return best;
    }
}
