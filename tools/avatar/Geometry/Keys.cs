using System.Numerics;

namespace JeanTrail.Avatar.Geometry;

/// <summary>Smooth scalar curve through keys sorted by position: cubic Hermite with finite-difference tangents, flat outside.</summary>
internal sealed class Keys(params (float At, float Value)[] keys)
{
    internal float At(float x)
    {
        if (x <= keys[0].At) return keys[0].Value;
        if (x >= keys[^1].At) return keys[^1].Value;
        var i = 0;
        while (x > keys[i + 1].At) i++;
        var span = keys[i + 1].At - keys[i].At;
        return Hermite.Blend(keys[i].Value, keys[i + 1].Value, Tangent(i) * span, Tangent(i + 1) * span, (x - keys[i].At) / span);
    }

    float Tangent(int i)
    {
        if (i == 0 || i == keys.Length - 1) return 0;
        return (keys[i + 1].Value - keys[i - 1].Value) / (keys[i + 1].At - keys[i - 1].At);
    }
}

/// <summary>Smooth space curve through points, uniform Catmull-Rom, parameter 0..1 over the whole curve.</summary>
internal sealed class SpaceCurve(params Vector3[] points)
{
    internal Vector3 At(float t)
    {
        var scaled = Math.Clamp(t, 0f, 1f) * (points.Length - 1);
        var i = Math.Min((int)scaled, points.Length - 2);
        var before = i > 0 ? points[i - 1] : points[0] * 2 - points[1];
        var after = i + 2 < points.Length ? points[i + 2] : points[^1] * 2 - points[^2];
        return Hermite.Blend(points[i], points[i + 1], (points[i + 1] - before) * 0.5f, (after - points[i]) * 0.5f, scaled - i);
    }

    internal Vector3 Direction(float t)
    {
        var d = At(Math.Min(t + 0.01f, 1f)) - At(Math.Max(t - 0.01f, 0f));
        return d.LengthSquared() < 1e-12f ? Vector3.UnitY : Vector3.Normalize(d);
    }
}

internal static class Hermite
{
    internal static float Blend(float p0, float p1, float m0, float m1, float t)
    {
        float t2 = t * t, t3 = t2 * t;
        return (2 * t3 - 3 * t2 + 1) * p0 + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * p1 + (t3 - t2) * m1;
    }

    internal static Vector3 Blend(Vector3 p0, Vector3 p1, Vector3 m0, Vector3 m1, float t)
    {
        float t2 = t * t, t3 = t2 * t;
        return p0 * (2 * t3 - 3 * t2 + 1) + m0 * (t3 - 2 * t2 + t) + p1 * (3 * t2 - 2 * t3) + m1 * (t3 - t2);
    }
}
