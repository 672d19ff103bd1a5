using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>Outline of the left eye's opening in surface parameters and the ball behind it.</summary>
internal static class EyeShape
{
    internal const float Inner = 1.42f;
    internal const float Outer = 5.02f;
    internal const float BallRadius = 4f;

    const float Tilt = 0.42f;
    const float Recess = 0.22f;

    static readonly Keys Upper = new((0, 0), (0.09f, 0.54f), (0.27f, 1.14f), (0.5f, 1.36f), (0.72f, 1.24f), (0.9f, 0.7f), (1, 0));
    static readonly Keys Lower = new((0, 0), (0.12f, -0.2f), (0.35f, -0.66f), (0.6f, -0.86f), (0.8f, -0.72f), (0.93f, -0.34f), (1, 0));
    static readonly Vector2[] Polygon = [.. Outline(48)];

    internal static Vector2 Centre { get; } = new(3.2f, 0.2f);
    internal static Vector3 Forward { get; } = new(MathF.Sin(Tilt), 0, MathF.Cos(Tilt));
    internal static Vector3 BallCentre { get; } = HeadCage.At(Centre.X, Centre.Y) - Forward * (BallRadius + Recess);

    /// <summary>0 at the inner corner, 1 at the outer one.</summary>
    internal static float Along(float a) => (a - Inner) / (Outer - Inner);

    internal static float A(float along) => Smooth.Lerp(Inner, Outer, along);

    internal static float UpperLid(float along) => Base(along) + Upper.At(along);

    internal static float LowerLid(float along) => Base(along) + Lower.At(along);

    /// <summary>Where both lids meet when the eye is shut: low, with a gentle downward bow.</summary>
    internal static float ClosedLine(float along) => Smooth.Lerp(LowerLid(along), UpperLid(along), 0.16f);

    /// <summary>Points counter-clockwise from the inner corner along the lower lid, then back along the upper one.</summary>
    internal static IEnumerable<Vector2> Outline(int perLid)
    {
        for (var i = 0; i < perLid; i++) yield return Point(Spread(i, perLid), LowerLid);
        for (var i = 0; i < perLid; i++) yield return Point(1 - Spread(i, perLid), UpperLid);
    }

    /// <summary>Distance to the opening's rim; negative inside.</summary>
    internal static float Distance(float a, float b)
    {
        var point = new Vector2(a, b);
        var best = float.MaxValue;
        for (var i = 0; i < Polygon.Length; i++) best = Math.Min(best, Flat.Distance(point, Polygon[i], Polygon[(i + 1) % Polygon.Length]));
        return Flat.Contains(Polygon, point) ? -best : best;
    }

    /// <summary>The point of the lid's inner face above the ball in the direction of <paramref name="p"/>.</summary>
    internal static Vector3 OnBall(Vector3 p, float above) => BallCentre + Vector3.Normalize(p - BallCentre) * (BallRadius + above);

    static Vector2 Point(float along, Func<float, float> lid) => new(A(along), lid(along));

    // Denser towards the corners, where the outline bends.
    static float Spread(int i, int count) => 0.5f - 0.5f * MathF.Cos(MathF.PI * i / count);

    static float Base(float along) => Smooth.Lerp(-0.22f, 0.22f, along);
}
