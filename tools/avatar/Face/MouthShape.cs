using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>
/// Lips in surface parameters. The parameter plane has a lens-shaped gap between the lips so that the mesh can be cut there;
/// <see cref="Close"/> draws the plane together until the gap is the line along which the resting lips touch.
/// </summary>
internal static class MouthShape
{
    internal const float Corner = 1.74f;
    internal const float Gap = 0.55f;
    internal const float Reach = 2.4f;

    static readonly Keys Line = new((0, -5.66f), (0.3f, -5.63f), (0.75f, -5.58f), (1.2f, -5.58f), (1.74f, -5.44f), (2.8f, -5.4f));
    static readonly Keys UpperHeight = new((0, 0.4f), (0.18f, 0.43f), (0.36f, 0.48f), (0.75f, 0.38f), (1.25f, 0.2f), (1.74f, 0.02f));
    static readonly Keys LowerHeight = new((0, 0.7f), (0.45f, 0.67f), (0.9f, 0.5f), (1.35f, 0.25f), (1.74f, 0.02f));

    /// <summary>Height of the line where the lips meet.</summary>
    internal static float ContactLine(float a) => Line.At(MathF.Abs(a));

    internal static float GapHalf(float a) => Gap * Smooth.Dome(a, Corner);

    internal static float Close(float a, float b)
    {
        var line = ContactLine(a);
        float distance = MathF.Abs(b - line), half = GapHalf(a);
        if (distance >= Reach) return b;
        var closed = distance <= half ? 0 : (distance - half) * Reach / (Reach - half);
        return line + (b < line ? -closed : closed);
    }

    /// <summary>0 at the contact line, 1 at the outer border of the red of the lip, negative never.</summary>
    internal static float LipShare(float a, float closedB)
    {
        var v = closedB - ContactLine(a);
        var height = v >= 0 ? UpperHeight.At(MathF.Abs(a)) : LowerHeight.At(MathF.Abs(a));
        return MathF.Abs(v) / Math.Max(height, 0.02f);
    }

    /// <summary>How far the lips stand out of the face.</summary>
    internal static float Bulge(float a, float closedB)
    {
        var v = closedB - ContactLine(a);
        var width = Smooth.Dome(a, Corner + 0.15f, 0.6f);
        if (width <= 0) return 0;
        var t = LipShare(Math.Clamp(a, -1.42f, 1.42f), closedB);
        var bulge = v >= 0 ? 0.3f * Smooth.Bell(t - 0.42f, 0.62f) : 0.38f * Smooth.Bell(t - 0.5f, 0.6f);
        return width * (bulge - 0.2f * Smooth.Bell(v, 0.1f));
    }

    /// <summary>Rim of the gap on the left half, from the lower middle to the upper middle through the corner.</summary>
    internal static IEnumerable<Vector2> Rim(int steps)
    {
        for (var i = 0; i <= steps; i++)
        {
            var angle = -MathF.PI / 2 + MathF.PI * i / steps;
            var a = i == 0 || i == steps ? 0 : Corner * MathF.Cos(angle);
            yield return new Vector2(a, ContactLine(a) + GapHalf(a) * MathF.Sign(i * 2 - steps));
        }
    }
}
