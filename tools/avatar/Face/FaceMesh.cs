using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>
/// The skin of head and neck as one mesh: rings of vertices around eyes and mouth, a denser net in the face, Delaunay triangles
/// between them, the openings cut out and lined with the lids' inner edge and the mouth's lining; then reflected.
/// </summary>
internal sealed class FaceMesh
{
    const int LidSteps = 22;
    const int LipSteps = 32;
    const float LidInset = 0.25f;

    static readonly float[] LidRings = [0.1f, 0.22f, 0.38f, 0.58f, 0.82f, 1.1f];
    static readonly float[] LipRings = [0.09f, 0.2f, 0.34f, 0.5f, 0.68f, 0.9f, 1.2f];

    // Share of the gap's size, height gained, depth behind the lips: the lining from the lips back to the throat.
    static readonly (float Size, float Rise, float Depth)[] LiningRings = [(0.98f, 0.1f, 0.22f), (0.95f, 0.42f, 0.6f), (0.9f, 0.95f, 1.5f), (0.7f, 1.1f, 2.8f), (0.3f, 0.4f, 3.8f)];

    readonly List<Vector2> points = [];
    readonly List<Vector3> places = [];
    readonly List<FacePoint> samples = [];
    readonly List<(int A, int B, int C)> triangles = [];

    /// <summary>Vertices of the lips' touching edges, upper and lower in pairs (for tests of the seal).</summary>
    internal List<(int Upper, int Lower)> LipContacts { get; } = [];

    /// <summary>Lid margins at the same place along the eye, upper and lower in pairs (for tests of the blink).</summary>
    internal List<(int Upper, int Lower)> LidContacts { get; } = [];

    internal MeshPart Part { get; } = new("Face", "skin");

    internal static FaceMesh Build()
    {
        var mesh = new FaceMesh();
        mesh.LayOut();
        mesh.Mirror();
        return mesh;
    }

    /// <summary>Texture coordinates of surface parameters.</summary>
    internal static Vector2 Uv(float a, float b) => new(Math.Clamp(0.5f + a / 22f, 0.003f, 0.997f), Math.Clamp((9f - b) / 24f, 0.003f, 0.997f));

    void LayOut()
    {
        var eye = EyeShape.Outline(LidSteps).ToList();
        var lips = MouthShape.Rim(LipSteps).ToList();
        foreach (var p in eye) AddPoint(p);
        foreach (var p in lips) AddPoint(p);
        foreach (var d in LidRings) AddRing(eye, d);
        foreach (var d in LipRings) AddLipRing(d);
        Fill(0.3f, (a, b) => a < 1.7f && b is > -4.6f and < 0.4f);
        Fill(0.42f, (a, b) => a < 4.4f && b is > -9.8f and < 4.4f);
        Fill(0.72f, (a, b) => a < 9f && b is > -12.5f and < 7f);
        Fill(1.7f, (_, _) => true);
        for (var b = HeadCage.NeckFoot; b <= HeadCage.Crown; b += 1.75f) Keep(new Vector2(HeadCage.Around, b), 0.5f);

        var hole = eye;
        var gap = lips;
        foreach (var t in Delaunay.Triangulate(points))
        {
            var middle = (points[t.A] + points[t.B] + points[t.C]) / 3f;
            if (!Flat.Contains(hole, middle) && !Flat.Contains(gap, middle)) triangles.Add(t);
        }
        for (var i = 0; i < points.Count; i++)
        {
            var p = points[i];
            places.Add(FaceSurface.At(p.X, p.Y));
            var closed = MouthShape.Close(p.X, p.Y);
            samples.Add(new FacePoint(places[i], p.X, closed, p.Y < MouthShape.ContactLine(p.X) && p.X < MouthShape.Corner));
        }
        LineLids(eye.Count);
        LineMouth(eye.Count, lips);
    }

    void AddPoint(Vector2 p) => points.Add(p);

    void AddRing(List<Vector2> outline, float distance)
    {
        for (var i = 0; i < outline.Count; i++)
        {
            var along = outline[(i + 1) % outline.Count] - outline[(i + outline.Count - 1) % outline.Count];
            Keep(outline[i] + Vector2.Normalize(new Vector2(along.Y, -along.X)) * distance, 0.05f + distance * 0.11f);
        }
    }

    void AddLipRing(float distance)
    {
        for (var i = 0; i <= LipSteps; i++)
        {
            var angle = -MathF.PI / 2 + MathF.PI * i / LipSteps;
            var a = i == 0 || i == LipSteps ? 0 : (MouthShape.Corner + distance * 0.6f) * MathF.Cos(angle);
            Keep(new Vector2(a, MouthShape.ContactLine(a) + (MouthShape.Gap + distance) * MathF.Sin(angle)), 0.07f + distance * 0.08f);
        }
    }

    void Fill(float spacing, Func<float, float, bool> where)
    {
        var row = 0;
        for (var b = HeadCage.NeckFoot; b <= HeadCage.Crown + 0.01f; b += spacing * 0.9f, row++)
        {
            for (var a = 0f; a <= HeadCage.Around; a += spacing)
            {
                var p = new Vector2(a == 0 || row % 2 == 0 ? a : a + spacing * 0.5f, Math.Min(b, HeadCage.Crown));
                if (p.X <= HeadCage.Around && where(p.X, p.Y)) Keep(p, spacing * 0.8f);
            }
        }
    }

    void Keep(Vector2 p, float clearance)
    {
        if (p.X != 0 && p.X < clearance * 0.6f) return;
        if (EyeShape.Distance(p.X, p.Y) < 0.02f) return;
        if (MathF.Abs(p.Y - MouthShape.ContactLine(p.X)) < MouthShape.GapHalf(p.X) + 0.02f && p.X < MouthShape.Corner) return;
        if (points.TrueForAll(q => Vector2.DistanceSquared(p, q) > clearance * clearance)) points.Add(p);
    }

    void LineLids(int count)
    {
        var first = places.Count;
        for (var i = 0; i < count; i++)
        {
            var edge = samples[i];
            places.Add(EyeShape.OnBall(edge.Position, -LidInset));
            points.Add(Vector2.Lerp(points[i], EyeShape.Centre, 0.06f));
            samples.Add(edge);
        }
        for (var i = 0; i < count; i++)
        {
            var next = (i + 1) % count;
            triangles.Add((i, next, first + next));
            triangles.Add((i, first + next, first + i));
        }
        for (var i = 1; i < LidSteps; i++) LidContacts.Add((count - i, i));
    }

    void LineMouth(int firstLip, List<Vector2> lips)
    {
        var previous = firstLip;
        foreach (var (size, rise, depth) in LiningRings)
        {
            var first = places.Count;
            for (var i = 0; i <= LipSteps; i++)
            {
                var edge = samples[firstLip + i];
                var angle = -MathF.PI / 2 + MathF.PI * i / LipSteps;
                var lower = i < LipSteps / 2;
                places.Add(new Vector3(edge.Position.X * size, edge.Position.Y + rise * MathF.Sin(angle), edge.Position.Z - depth));
                var a = lips[i].X * (0.92f - depth * 0.1f);
                var share = MathF.Sin(angle) * (0.86f - depth * 0.22f);
                points.Add(new Vector2(a, MouthShape.ContactLine(a) + MouthShape.GapHalf(a) * share));
                samples.Add(new FacePoint(places[^1], edge.A, edge.B, lower, depth));
            }
            for (var i = 0; i < LipSteps; i++)
            {
                triangles.Add((previous + i, previous + i + 1, first + i + 1));
                triangles.Add((previous + i, first + i + 1, first + i));
            }
            previous = first;
        }
        CloseThroat(previous);
        for (var i = 0; i < LipSteps / 2; i++) LipContacts.Add((firstLip + LipSteps - i, firstLip + i));
    }

    void CloseThroat(int ring)
    {
        var middle = places.Count;
        places.Add(new Vector3(0, MouthShape.ContactLine(0), places[ring].Z - 0.3f));
        points.Add(new Vector2(0, MouthShape.ContactLine(0)));
        samples.Add(new FacePoint(places[^1], 0, MouthShape.ContactLine(0), true, 4f));
        for (var i = 0; i < LipSteps; i++) triangles.Add((ring + i, ring + i + 1, middle));
    }

    void Mirror()
    {
        var twin = new int[places.Count];
        for (var i = 0; i < places.Count; i++) Part.Add(places[i], Uv(points[i].X, points[i].Y), SkinAt(points[i].Y, places[i]));
        for (var i = 0; i < places.Count; i++)
        {
            twin[i] = points[i].X == 0 ? i : Part.Add(MeshPart.Reflect(places[i]), Uv(-points[i].X, points[i].Y), SkinAt(points[i].Y, places[i]));
        }
        foreach (var (a, b, c) in triangles)
        {
            Part.Triangle(a, b, c);
            Part.Triangle(twin[a], twin[c], twin[b]);
        }
        Part.ComputeNormals(weld: false);
        foreach (var muscle in Muscles.All) Part.Morphs[muscle.Name] = Displaced(muscle, twin);
    }

    Vector3[] Displaced(Muscle muscle, int[] twin)
    {
        var moved = Part.Positions.ToArray();
        for (var i = 0; i < places.Count; i++)
        {
            var d = muscle.Displace(samples[i]);
            if (d.LengthSquared() < 1e-7f) continue;
            if (twin[i] == i) moved[i] = places[i] + (muscle.Side == FaceSide.Both ? d with { X = 0 } : d * 0.5f);
            else
            {
                if (muscle.Side != FaceSide.Right) moved[i] = places[i] + d;
                if (muscle.Side != FaceSide.Left) moved[twin[i]] = MeshPart.Reflect(places[i] + d);
            }
        }
        return moved;
    }

    static Skinning SkinAt(float b, Vector3 p) => b > -10f ? Skinning.To("head") : new Skinning("head", "neck", 1f - Smooth.Step(-9f, -14f, p.Y) * Smooth.Step(-10f, -13f, b));
}

internal static class Muscles
{
    internal static IReadOnlyList<Muscle> All { get; } = [.. MouthMuscles.All, .. UpperMuscles.All];

    internal static Muscle Named(string name) => All.First(m => m.Name == name);
}
