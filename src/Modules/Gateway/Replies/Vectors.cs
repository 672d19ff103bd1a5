using System.Numerics;
using System.Runtime.InteropServices;

namespace JeanTrail.Gateway.Replies;

/// <summary>Arithmetic of embeddings.</summary>
internal static class Vectors
{
    /// <summary>Scales to length one, so that the cosine of two is their product. False for a vector without direction.</summary>
    internal static bool Normalize(Span<float> vector)
    {
        var length = MathF.Sqrt(Product(vector, vector));
        if (length is 0 || !float.IsFinite(length))
            return false;
        foreach (ref var value in vector)
            value /= length;
        return true;
    }

    internal static float Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length)
            return 0;
        var lefts = MemoryMarshal.Cast<float, Vector<float>>(left);
        var rights = MemoryMarshal.Cast<float, Vector<float>>(right);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < lefts.Length; i++)
            sums += lefts[i] * rights[i];
        var sum = Vector.Sum(sums);
        for (var i = lefts.Length * Vector<float>.Count; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
