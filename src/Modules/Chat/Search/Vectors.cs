using System.Numerics;
using System.Runtime.InteropServices;

namespace JeanTrail.Chat.Search;

/// <summary>Embeddings as they are kept: a bit a dimension to look quickly, a byte a dimension to look closely.</summary>
internal static class Vectors
{
    internal static byte[] Signs(ReadOnlySpan<float> vector)
    {
        // In whole words of 64 bits, so that they are counted eight bytes at a time.
        var signs = new byte[(vector.Length + 63) / 64 * 8];
        for (var i = 0; i < vector.Length; i++)
        {
            if (vector[i] > 0)
                signs[i / 8] |= (byte)(1 << (i % 8));
        }

        return signs;
    }

    /// <summary>The largest part becomes 127: only directions are compared, so the scale is of no account.</summary>
    internal static byte[] Quantise(ReadOnlySpan<float> vector)
    {
        var largest = 0f;
        foreach (var value in vector)
            largest = Math.Max(largest, Math.Abs(value));
        var bytes = new byte[vector.Length];
        for (var i = 0; i < vector.Length && largest > 0; i++)
            bytes[i] = (byte)(sbyte)MathF.Round(vector[i] / largest * 127);
        return bytes;
    }

    /// <summary>In how many dimensions the signs differ.</summary>
    internal static int Distance(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var lefts = MemoryMarshal.Cast<byte, ulong>(left);
        var rights = MemoryMarshal.Cast<byte, ulong>(right);
        var distance = 0;
        for (var i = 0; i < lefts.Length; i++)
            distance += BitOperations.PopCount(lefts[i] ^ rights[i]);
        return distance;
    }

    /// <summary>The cosine of the angle between a vector and a kept one; 0 where either has no direction.</summary>
    internal static double Cosine(ReadOnlySpan<float> vector, ReadOnlySpan<byte> kept)
    {
        if (vector.Length != kept.Length)
            return 0;
        double product = 0, left = 0, right = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            double value = (sbyte)kept[i];
            product += vector[i] * value;
            left += vector[i] * vector[i];
            right += value * value;
        }

        return left > 0 && right > 0 ? product / Math.Sqrt(left * right) : 0;
    }
}
