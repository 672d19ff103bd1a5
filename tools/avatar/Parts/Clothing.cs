using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>A cream roll-neck under an open teal jacket with a turned-down collar and coral piping; the bust ends below the frame.</summary>
internal static class Clothing
{
    const int Around = 44;
    const float Middle = -2.2f;

    static readonly Keys Width = new((-46, 12.4f), (-36, 12.2f), (-30, 12.8f), (-26.5f, 12.9f), (-24f, 11.9f), (-22f, 10.2f), (-20.3f, 8.2f), (-18.7f, 6.2f), (-17.4f, 5.0f), (-16.2f, 4.2f));
    static readonly Keys Front = new((-46, 8.6f), (-36, 9.2f), (-31, 8.8f), (-26, 6.9f), (-23, 5.2f), (-20, 3.3f), (-18f, 2.4f), (-16.2f, 2f));
    static readonly Keys Back = new((-46, -9.2f), (-30, -9.8f), (-25, -9.6f), (-21, -8.7f), (-18, -7.4f), (-16.2f, -6.9f));
    static readonly Keys Opening = new((-46, 0.4f), (-36, 0.9f), (-29, 2.1f), (-23, 3.7f), (-19.5f, 4.7f), (-17.6f, 4.9f));

    internal static IEnumerable<MeshPart> Build()
    {
        yield return RollNeck();
        yield return Jacket();
        yield return Collar();
        yield return Piping();
        yield return Pendant();
    }

    static Vector3 Torso(float angle, float y, float off)
    {
        float sin = MathF.Sin(angle), cos = MathF.Cos(angle);
        var z = cos > 0 ? Front.At(y) - Middle : Middle - Back.At(y);
        var round = MathF.Pow(MathF.Abs(sin), 0.9f) * MathF.Sign(sin);
        return new Vector3((Width.At(y) + off) * round, y, Middle + (z + off) * cos);
    }

    static Skinning SkinAt(float y) => y > -17f ? new Skinning("neck", "upperChest", Smooth.Step(-18f, -12.5f, y)) : new Skinning("upperChest", "chest", Smooth.Step(-40f, -26f, y));

    static MeshPart RollNeck()
    {
        var part = new MeshPart("RollNeck", "knit");
        (float Y, float Off)[] profile = [(-14.6f, 0.02f), (-13.0f, 0.05f), (-12.62f, 0.14f), (-12.52f, 0.32f), (-12.7f, 0.5f), (-13.3f, 0.6f), (-14.3f, 0.66f), (-15.2f, 0.78f), (-15.8f, 0.84f), (-16.1f, 0.7f), (-16.2f, 0.4f)];
        // One column more than there are places: the texture's seam runs down the back.
        foreach (var (y, off) in profile)
        {
            for (var c = 0; c <= Around; c++)
            {
                var (u, angle) = Column(c);
                float sin = MathF.Sin(angle), cos = MathF.Cos(angle);
                var p = new Vector3((3.55f + off) * sin, y, -2.4f + ((cos > 0 ? 3.65f : 3.75f) + off) * cos);
                part.Add(p with { Y = y - 0.2f * (p.Z + 2.4f) }, new Vector2(u, 0.02f + 0.5f * Math.Clamp((-12.5f - y) / 3.6f, 0, 1)), new Skinning("neck", "upperChest", Smooth.Step(-18.5f, -12f, y)));
            }
        }
        const int ChestRows = 16;
        for (var r = 0; r < ChestRows; r++)
        {
            var y = -16.2f - r * 1.9f;
            for (var c = 0; c <= Around; c++)
            {
                var (u, angle) = Column(c);
                part.Add(Torso(angle, y, 0), new Vector2(u, 0.62f + 0.02f * r), SkinAt(y));
            }
        }
        part.Lattice(0, profile.Length, Around + 1);
        part.Lattice(profile.Length * (Around + 1), ChestRows, Around + 1);
        part.ComputeNormals(weld: true);
        return part;
    }

    static (float U, float Angle) Column(int c) => (c / (float)Around, MathF.PI + (c % Around) * MathF.Tau / Around);

    static float OpeningAngle(float y) => MathF.Asin(Math.Clamp(Opening.At(y) / (Width.At(y) + 0.5f), 0, 0.95f));

    static MeshPart Jacket()
    {
        var part = new MeshPart("Jacket", "jacket");
        const int Rows = 22;
        for (var r = 0; r < Rows; r++)
        {
            var y = -17.6f - r * 1.3f;
            for (var c = 0; c < Around; c++)
            {
                var open = OpeningAngle(y);
                var angle = open + (MathF.Tau - 2 * open) * c / (Around - 1f);
                part.Add(Torso(angle, y, 0.55f), new Vector2(c / (Around - 1f), r / (Rows - 1f)), SkinAt(y));
            }
        }
        part.Lattice(0, Rows, Around);
        Sleeve(part, 1f);
        Sleeve(part, -1f);
        part.ComputeNormals();
        return part;
    }

    static void Sleeve(MeshPart part, float side)
    {
        const int Rows = 16, Columns = 24;
        var first = part.Positions.Count;
        var curve = new SpaceCurve(new(6.4f, -21.6f, -1.9f), new(10.2f, -24.0f, -1.9f), new(12.9f, -28.6f, -1.7f), new(14.2f, -35f, -1.4f), new(14.8f, -46f, -0.8f));
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            var along = curve.Direction(t);
            var across = Vector3.Normalize(Vector3.Cross(along, Vector3.UnitZ));
            var radius = Smooth.Lerp(1.4f, 4.2f, Smooth.Step(0, 0.45f, t)) - 0.3f * Smooth.Step(0.5f, 1f, t);
            for (var c = 0; c < Columns; c++)
            {
                var angle = c * MathF.Tau / Columns;
                var p = curve.At(t) + across * (MathF.Cos(angle) * radius) + Vector3.UnitZ * (MathF.Sin(angle) * radius * 1.12f);
                part.Add(p with { X = p.X * side }, new Vector2(c / (float)Columns, t), Skinning.To("upperChest"));
            }
        }
        part.Lattice(first, Rows, Columns, closed: true, flip: side > 0);
    }

    // t from the left front (0) around the neck's back to the right front (1).
    static (Vector3 Edge, Vector3 Out) CollarEdge(float t)
    {
        var side = t < 0.5f ? 1f : -1f;
        var u = MathF.Abs(t - 0.5f) * 2f;
        var y = -16.6f - 0.9f * Smooth.Step(0.2f, 0.6f, u) - 9.5f * Smooth.Step(0.4f, 1f, u) * u;
        var open = u < 0.55f ? Smooth.Lerp(MathF.PI, OpeningAngle(-18f), Smooth.Step(0f, 0.55f, u)) : OpeningAngle(y);
        var p = Torso(open, y, 0.62f + 0.5f * Smooth.Step(0.55f, 0f, u));
        var outward = Vector3.Normalize(new Vector3(p.X, 0, (p.Z - Middle) * 1.3f));
        return (p with { X = p.X * side }, outward with { X = outward.X * side });
    }

    static MeshPart Collar()
    {
        var part = new MeshPart("Collar", "jacket");
        Fold(part, [(0f, -0.4f, 0f), (0.05f, 0.9f, 0.1f), (0.3f, 1.5f, 0.3f), (0.7f, 1.45f, 0.55f), (1.1f, 0.9f, 1.3f), (1.05f, 0.1f, 2.3f), (0.9f, -0.7f, 3.1f), (0.6f, -0.75f, 3.1f), (0.45f, -0.2f, 2.4f)]);
        part.ComputeNormals();
        return part;
    }

    static MeshPart Piping()
    {
        var part = new MeshPart("Piping", "coral");
        Fold(part, [(0.86f, -0.62f, 3.02f), (1.0f, -0.72f, 3.12f), (0.95f, -0.9f, 3.25f), (0.75f, -0.9f, 3.22f), (0.6f, -0.75f, 3.1f)]);
        part.ComputeNormals();
        return part;
    }

    static MeshPart Pendant()
    {
        const int Rings = 8, Steps = 12;
        var part = new MeshPart("Pendant", "coral");
        var middle = Torso(0, -20.6f, 0.3f);
        for (var r = 0; r <= Rings; r++)
        {
            var polar = MathF.PI * r / Rings;
            for (var i = 0; i < Steps; i++)
            {
                var turn = i * MathF.Tau / Steps;
                // A drop: pointed above, round below.
                var size = MathF.Sin(polar) * (0.45f + 0.55f * Smooth.Step(0, MathF.PI * 0.7f, polar));
                part.Add(middle + new Vector3(0.5f * size * MathF.Cos(turn), 0.72f * MathF.Cos(polar), 0.34f * size * MathF.Sin(turn)), new Vector2(0.5f, 0.5f), SkinAt(middle.Y));
            }
        }
        part.Lattice(0, Rings + 1, Steps, closed: true, flip: false);
        foreach (var side in new[] { 1f, -1f }) Cord(part, side, middle + new Vector3(0, 0.65f, 0));
        part.ComputeNormals();
        return part;
    }

    static void Cord(MeshPart part, float side, Vector3 end)
    {
        const int Rows = 14, Columns = 6;
        var first = part.Positions.Count;
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            var y = Smooth.Lerp(-16.6f, end.Y, t);
            var p = Torso(side * 0.85f * MathF.Pow(1 - t, 0.8f), y, 0.28f);
            for (var c = 0; c < Columns; c++)
            {
                var angle = c * MathF.Tau / Columns;
                part.Add(p + new Vector3(MathF.Cos(angle), 0, MathF.Sin(angle)) * 0.075f, new Vector2(0.5f, 0.5f), SkinAt(y));
            }
        }
        part.Lattice(first, Rows, Columns, closed: true, flip: false);
    }

    // A section of (outward, up, sideways) offsets carried along the collar's edge, narrowing to the fronts.
    static void Fold(MeshPart part, (float Out, float Up, float Side)[] section)
    {
        const int Steps = 60;
        foreach (var (outward, up, sideways) in section)
        {
            for (var i = 0; i <= Steps; i++)
            {
                var t = i / (float)Steps;
                var u = MathF.Abs(t - 0.5f) * 2f;
                var (edge, direction) = CollarEdge(t);
                var size = 0.35f + 0.65f * Smooth.Step(1f, 0.55f, u);
                var toSide = new Vector3(edge.X >= 0 ? 1 : -1, -0.25f, -0.15f) * (sideways * 0.75f * Smooth.Step(0.15f, 0.6f, u) * (0.25f + 0.75f * Smooth.Step(1.02f, 0.7f, u)));
                var drop = new Vector3(0, -0.45f * sideways * Smooth.Step(0.6f, 0.1f, u), 0) + direction * (0.35f * sideways * Smooth.Step(0.6f, 0.1f, u));
                part.Add(edge + direction * outward + new Vector3(0, up * size, 0) + toSide + drop, new Vector2(t, 0.5f), SkinAt(edge.Y));
            }
        }
        part.Lattice(0, section.Length, Steps + 1, flip: true);
    }
}
