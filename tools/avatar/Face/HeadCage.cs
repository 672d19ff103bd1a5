using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>
/// The plain head without features: a smooth surface through a net of control points over the left half.
/// Parameter <c>a</c> runs around the head (0 at the nose, <see cref="Around"/> at the back), <c>b</c> from the crown (14) over the
/// eye line (0), the mouth (−6), the jaw's edge (−9) and the throat down to the neck's foot (−21). Near the front both are about
/// centimetres. The eye line's middle is the origin, x to the figure's left, y up, z forward.
/// </summary>
internal static class HeadCage
{
    internal const float Around = 7f * MathF.PI;
    internal const float Crown = 14f;
    internal const float NeckFoot = -21f;

    static readonly float[] Columns = [.. new float[] { 0, 15, 30, 45, 60, 80, 100, 135, 180 }.Select(d => 7f * Smooth.Radians(d))];
    static readonly float[] Rows = [14f, 12.6f, 10.2f, 6.5f, 3f, 0f, -3f, -6f, -9f, -11.3f, -13.5f, -17f, -21f];

    static readonly Vector3[][] Net =
    [
        Ring(12.1f, 0.01f, -1f, -1.02f, -1f),
        Ring(11.65f, 3.6f, 2.9f, -5.4f),
        Ring(9.7f, 6.0f, 6.0f, -8.6f),
        Ring(6.4f, 7.2f, 7.6f, -9.8f),
        Ring(3f, 7.4f, 7.95f, -10f),
        Ring(0f, 7.2f, 7.4f, -9.7f),
        Points(0, -3, 7.5f, 1.9f, -3, 7.25f, 3.72f, -2.9f, 6.4f, 5.25f, -2.6f, 4.95f, 6.35f, -2.15f, 3.1f, 6.95f, -1.5f, 0.6f, 7.0f, -1.1f, -1.5f, 5.6f, -1.5f, -6.9f, 0, -1.6f, -9.1f),
        Points(0, -6, 7.35f, 1.8f, -5.97f, 7.0f, 3.45f, -5.72f, 6.1f, 4.8f, -5.1f, 4.65f, 5.85f, -4.2f, 2.9f, 6.6f, -2.9f, 0.5f, 6.75f, -2.2f, -1.5f, 5.2f, -2.9f, -6.6f, 0, -3.1f, -8.4f),
        Points(0, -9.05f, 6.9f, 1.3f, -8.92f, 6.6f, 2.6f, -8.4f, 5.75f, 3.85f, -7.4f, 4.5f, 5.0f, -6.0f, 2.8f, 6.0f, -4.2f, 0.5f, 6.3f, -3.2f, -1.6f, 4.6f, -4.2f, -6f, 0, -4.6f, -7.6f),
        Points(0, -9.15f, 4.6f, 0.95f, -9.0f, 4.45f, 1.9f, -8.6f, 3.8f, 2.85f, -7.8f, 2.9f, 3.7f, -6.9f, 1.4f, 4.6f, -5.8f, -0.6f, 4.9f, -5.2f, -2.4f, 3.9f, -5.6f, -5.8f, 0, -6f, -7f),
        Points(0, -10.1f, 2.0f, 1f, -10f, 1.85f, 1.95f, -9.8f, 1.35f, 2.7f, -9.4f, 0.55f, 3.25f, -9f, -0.4f, 3.6f, -8.6f, -1.6f, 3.65f, -8.4f, -2.8f, 2.75f, -8.4f, -5f, 0, -8.5f, -5.9f),
        Ring(-13.2f, 3.45f, 1.2f, -6f, -2.3f),
        Ring(-17f, 4.2f, 1.3f, -6.8f, -2.6f),
    ];

    internal static Vector3 At(float a, float b)
    {
        var side = a < 0 ? -1f : 1f;
        a = Math.Min(MathF.Abs(a), Around);
        b = Math.Clamp(b, NeckFoot, Crown);
        var i = 0;
        while (i < Rows.Length - 2 && b < Rows[i + 1]) i++;
        Vector3 p0 = Along(i, a), p1 = Along(i + 1, a);
        var before = i > 0 ? Along(i - 1, a) : p0;
        var after = i + 2 < Rows.Length ? Along(i + 2, a) : p1;
        var span = Rows[i + 1] - Rows[i];
        var m0 = i > 0 ? (p1 - before) / (Rows[i + 1] - Rows[i - 1]) * span : p1 - p0;
        var m1 = i + 2 < Rows.Length ? (after - p0) / (Rows[i + 2] - Rows[i]) * span : p1 - p0;
        var p = Hermite.Blend(p0, p1, m0, m1, (b - Rows[i]) / span);
        return p with { X = p.X * side };
    }

    static Vector3 Along(int row, float a)
    {
        var points = Net[row];
        var i = 0;
        while (i < Columns.Length - 2 && a > Columns[i + 1]) i++;
        var span = Columns[i + 1] - Columns[i];
        return Hermite.Blend(points[i], points[i + 1], Tangent(points, i) * span, Tangent(points, i + 1) * span, (a - Columns[i]) / span);
    }

    // The head is symmetric, so beyond both ends the net goes on as its own reflection.
    static Vector3 Tangent(Vector3[] points, int i)
    {
        if (i == 0) return (points[1] - MeshPart.Reflect(points[1])) / (2 * Columns[1]);
        if (i == points.Length - 1) return (MeshPart.Reflect(points[i - 1]) - points[i - 1]) / (2 * (Columns[i] - Columns[i - 1]));
        return (points[i + 1] - points[i - 1]) / (Columns[i + 1] - Columns[i - 1]);
    }

    static Vector3[] Ring(float y, float halfWidth, float front, float back, float middle = -0.8f) =>
        [.. Columns.Select(c => c / 7f).Select(angle =>
        {
            var cos = MathF.Cos(angle);
            var z = cos >= 0 ? middle + (front - middle) * MathF.Pow(cos, 0.88f) : middle + (back - middle) * -cos;
            return new Vector3(halfWidth * MathF.Sin(angle), y, z);
        })];

    static Vector3[] Points(params float[] xyz) => [.. xyz.Chunk(3).Select(c => new Vector3(c[0], c[1], c[2]))];
}
