using System.Numerics;
using System.Runtime.InteropServices;

namespace JeanTrail.Avatar.Geometry;

/// <summary>
/// Delaunay triangulation of a few thousand points in the plane.
/// Source: Bowyer and Watson, The Computer Journal 24 (2), 1981.
/// </summary>
internal static class Delaunay
{
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Triangle(int A, int B, int C, double X, double Y, double RadiusSquared);

    /// <summary>Counter-clockwise triangles as index triples. Points closer than a micrometre to each other are not allowed.</summary>
    internal static List<(int A, int B, int C)> Triangulate(IReadOnlyList<Vector2> points)
    {
        var xy = points.Select(Separate).ToList();
        var n = xy.Count;
        xy.AddRange([(-1e4, -1e4), (1e4, -1e4), (0, 1e4)]);
        var triangles = new List<Triangle> { Make(xy, n, n + 1, n + 2) };
        for (var i = 0; i < n; i++) Insert(xy, triangles, i);
        return [.. triangles.Where(t => t.A < n && t.B < n && t.C < n).Select(t => (t.A, t.B, t.C))];
    }

    // Points on a regular grid lie on common circles; a tiny index-dependent offset makes every choice definite.
    static (double X, double Y) Separate(Vector2 p, int i) =>
        (p.X + 1e-5 * ((i * 7919 % 1009) / 1009.0 - 0.5), p.Y + 1e-5 * ((i * 6271 % 1013) / 1013.0 - 0.5));

    static void Insert(List<(double X, double Y)> xy, List<Triangle> triangles, int point)
    {
        var (x, y) = xy[point];
        var rim = new Dictionary<(int, int), (int From, int To)>();
        for (var i = triangles.Count - 1; i >= 0; i--)
        {
            var t = triangles[i];
            if ((t.X - x) * (t.X - x) + (t.Y - y) * (t.Y - y) >= t.RadiusSquared) continue;
            Toggle(rim, t.A, t.B);
            Toggle(rim, t.B, t.C);
            Toggle(rim, t.C, t.A);
            triangles[i] = triangles[^1];
            triangles.RemoveAt(triangles.Count - 1);
        }
        foreach (var (from, to) in rim.Values.OrderBy(e => e.From).ThenBy(e => e.To)) triangles.Add(Make(xy, from, to, point));
    }

    // An edge met twice is inside the cavity, an edge met once is on its rim.
    static void Toggle(Dictionary<(int, int), (int From, int To)> rim, int from, int to)
    {
        var key = from < to ? (from, to) : (to, from);
        if (!rim.Remove(key)) rim[key] = (from, to);
    }

    static Triangle Make(List<(double X, double Y)> xy, int a, int b, int c)
    {
        double ax = xy[a].X, ay = xy[a].Y, bx = xy[b].X - ax, by = xy[b].Y - ay, cx = xy[c].X - ax, cy = xy[c].Y - ay;
        var d = 2 * (bx * cy - by * cx);
        double b2 = bx * bx + by * by, c2 = cx * cx + cy * cy;
        double ux = (cy * b2 - by * c2) / d, uy = (bx * c2 - cx * b2) / d;
        return new Triangle(a, b, c, ax + ux, ay + uy, ux * ux + uy * uy);
    }
}
