using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>The head with its features at rest: cage, nose, lips, chin, and lids wrapped around the eyeballs.</summary>
internal static class FaceSurface
{
    const float LidThickness = 0.1f;
    const float LidReach = 0.95f;

    static readonly Keys NoseHeight = new((-4.25f, 0), (-3.95f, 0.05f), (-3.6f, 0.52f), (-3.2f, 1.08f), (-2.85f, 1.16f), (-2.3f, 0.93f), (-1.2f, 0.56f), (0f, 0.27f), (1.3f, 0.08f), (2.4f, 0));
    static readonly Keys NoseWidth = new((-4f, 0.75f), (-3.3f, 0.72f), (-2.6f, 0.56f), (-1.2f, 0.5f), (0.5f, 0.5f), (2f, 0.8f));

    /// <summary>The surface at parameters (a, b); negative a is the figure's right.</summary>
    internal static Vector3 At(float a, float b)
    {
        var side = a < 0 ? -1f : 1f;
        a = MathF.Abs(a);
        var p = WithFeatures(a, MouthShape.Close(a, b));
        if (a is > 0.2f and < 7f && b is > -2.2f and < 2.8f)
        {
            var wrap = 1f - Smooth.Step(0f, LidReach, EyeShape.Distance(a, b));
            if (wrap > 0) p = Vector3.Lerp(p, EyeShape.OnBall(p, LidThickness), wrap);
        }
        return p with { X = p.X * side };
    }

    static Vector3 WithFeatures(float a, float b)
    {
        var p = HeadCage.At(a, b);
        if (a > 9f || b < -10.5f) return p;
        var forward = NoseHeight.At(b) * Smooth.Bell(a, NoseWidth.At(b));
        forward += 0.26f * Smooth.Bell(a - 0.72f, b + 3.28f, 0.34f, 0.34f);
        forward += MouthShape.Bulge(a, b);
        forward += 0.12f * Smooth.Bell(a, b + 5.4f, 1.9f, 1.5f);
        forward -= 0.05f * Smooth.Bell(a, b + 4.65f, 0.2f, 0.35f);
        forward -= 0.2f * Smooth.Bell(a, b + 6.95f, 1.3f, 0.42f);
        forward += 0.16f * Smooth.Bell(a, b + 8.2f, 1.2f, 0.7f);
        forward -= 0.1f * Smooth.Bell(a - 1.9f, b + 5.42f, 0.3f, 0.4f);
        forward += 0.1f * Smooth.Bell(a - 3.6f, b + 2.6f, 1.8f, 1.3f);
        return p with { Z = p.Z + forward };
    }
}
