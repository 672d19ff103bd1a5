using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>Two coral bars that hold the fringe on the figure's left.</summary>
internal static class HairClip
{
    internal static MeshPart Build()
    {
        var part = new MeshPart("HairClip", "coral");
        Bar(part, new(38, 0.66f, 1.5f), new(51, 0.79f, 1.55f));
        Bar(part, new(34, 0.72f, 1.5f), new(46, 0.85f, 1.5f));
        part.ComputeNormals();
        return part;
    }

    static void Bar(MeshPart part, HairKey from, HairKey to)
    {
        const int Rows = 11, Columns = 10;
        var first = part.Positions.Count;
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            var p = HairGuide.At(Smooth.Lerp(from.Degrees, to.Degrees, t), Smooth.Lerp(from.S, to.S, t), Smooth.Lerp(from.Lift, to.Lift, t));
            var next = HairGuide.At(Smooth.Lerp(from.Degrees, to.Degrees, t + 0.05f), Smooth.Lerp(from.S, to.S, t + 0.05f), Smooth.Lerp(from.Lift, to.Lift, t + 0.05f));
            var along = Vector3.Normalize(next - p);
            var normal = HairGuide.Normal(p);
            var across = Vector3.Normalize(Vector3.Cross(along, normal));
            var size = 0.05f + 0.95f * Smooth.Dome(2f * t - 1f, 1.02f, 0.2f);
            for (var c = 0; c < Columns; c++)
            {
                var angle = c * MathF.Tau / Columns;
                part.Add(p + (across * (0.36f * MathF.Cos(angle)) + normal * (0.2f * MathF.Sin(angle))) * size, new Vector2(0.5f, 0.5f), Skinning.To("head"));
            }
        }
        part.Lattice(first, Rows, Columns, closed: true);
    }
}
