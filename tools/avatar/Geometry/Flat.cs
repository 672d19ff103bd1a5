using System.Numerics;

namespace JeanTrail.Avatar.Geometry;

internal static class Flat
{
    internal static float Distance(Vector2 p, Vector2 from, Vector2 to)
    {
        var d = to - from;
        var t = Math.Clamp(Vector2.Dot(p - from, d) / Math.Max(d.LengthSquared(), 1e-9f), 0f, 1f);
        return Vector2.Distance(p, from + d * t);
    }

    /// <summary>Even-odd rule.</summary>
    internal static bool Contains(IReadOnlyList<Vector2> polygon, Vector2 p)
    {
        var inside = false;
        for (int i = 0, j = polygon.Count - 1; i < polygon.Count; j = i++)
        {
            Vector2 a = polygon[i], b = polygon[j];
            if (a.Y > p.Y != b.Y > p.Y && p.X < (b.X - a.X) * (p.Y - a.Y) / (b.Y - a.Y) + a.X) inside = !inside;
        }
        return inside;
    }
}
