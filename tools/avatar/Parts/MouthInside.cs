using System.Numerics;
using JeanTrail.Avatar.Face;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>Teeth and tongue.</summary>
internal static class MouthInside
{
    const float TeethHalfWidth = 2.05f;

    static readonly Skinning Head = Skinning.To("head");

    internal static IEnumerable<MeshPart> Build()
    {
        yield return Teeth();
        yield return Tongue();
    }

    static MeshPart Teeth()
    {
        var part = new MeshPart("Teeth", "teeth");
        Arch(part, -5.72f, -5.0f, 0);
        var lowerFrom = part.Positions.Count;
        Arch(part, -6.6f, -6.02f, 0.12f);
        part.ComputeNormals();
        part.Morphs["jawOpen"] = [.. part.Positions.Select((p, i) => i < lowerFrom ? p : p + MouthMuscles.Jaw(p, 1f))];
        return part;
    }

    // One smooth band per row with a rounded edge: single teeth read as noise at this size.
    static void Arch(MeshPart part, float bottom, float top, float back)
    {
        const int Steps = 20;
        var first = part.Positions.Count;
        foreach (var (share, inward) in new[] { (0f, 0.22f), (0.04f, 0.05f), (0.2f, 0f), (1f, 0.02f) })
        {
            for (var i = 0; i <= Steps; i++)
            {
                var x = -1f + 2f * i / Steps;
                var y = back > 0 ? Smooth.Lerp(top, bottom, share) : Smooth.Lerp(bottom, top, share);
                part.Add(new Vector3(x * TeethHalfWidth, y + (back > 0 ? -0.05f : 0.1f) * x * x, 6.95f - back - inward - 1.7f * x * x), new Vector2(0.5f, 0.5f), Head);
            }
        }
        part.Lattice(first, 4, Steps + 1, flip: back > 0);
    }

    static MeshPart Tongue()
    {
        const int Rows = 10, Columns = 14;
        var part = new MeshPart("Tongue", "tongue");
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            for (var c = 0; c < Columns; c++) part.Add(Section(t, c * MathF.Tau / Columns), new Vector2(0.5f, t), Head);
        }
        part.Lattice(0, Rows, Columns, closed: true, flip: true);
        part.ComputeNormals();
        part.Morphs["jawOpen"] = Moved(part, (p, _) => MouthMuscles.Jaw(p, 0.92f));
        part.Morphs["tongueUp"] = Moved(part, (_, t) => new Vector3(0, 0.72f, 0.12f) * Smooth.Step(0.3f, 0.95f, t));
        part.Morphs["tongueOut"] = Moved(part, (_, t) => new Vector3(0, 0.34f * Smooth.Step(0.4f, 1f, t), 1.0f * Smooth.Step(0.1f, 1f, t)));
        part.Morphs["tongueBack"] = Moved(part, (_, t) => new Vector3(0, 0.5f * Smooth.Bell(t - 0.3f, 0.3f), -0.3f));
        return part;
    }

    // t runs from the root to the tip.
    static Vector3 Section(float t, float angle)
    {
        var size = Smooth.Dome(t, 1.001f, 0.42f);
        float x = MathF.Cos(angle) * 1.1f * size, y = MathF.Sin(angle) * 0.3f * size;
        y -= 0.1f * Smooth.Bell(x, 0.3f) * (MathF.Sin(angle) > 0 ? 1f : 0f);
        return new Vector3(x, -5.98f + y - 0.2f * (1f - t), 3.6f + 3.05f * t);
    }

    static Vector3[] Moved(MeshPart part, Func<Vector3, float, Vector3> by) => [.. part.Positions.Select((p, i) => p + by(p, part.Uvs[i].Y))];
}
