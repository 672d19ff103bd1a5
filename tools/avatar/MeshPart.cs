using System.Numerics;

namespace JeanTrail.Avatar;

/// <summary>Up to two bones and the share of the first; the second bone has the rest.</summary>
internal readonly record struct Skinning(string Bone, string SecondBone, float Share)
{
    internal static Skinning To(string bone) => new(bone, bone, 1f);
}

/// <summary>One drawable piece of the body: positions in centimetres, one material, displacements per facial muscle.</summary>
internal sealed class MeshPart(string name, string material)
{
    internal string Name => name;
    internal string Material => material;
    internal List<Vector3> Positions { get; } = [];
    internal List<Vector3> Normals { get; } = [];
    internal List<Vector2> Uvs { get; } = [];
    internal List<Skinning> Skin { get; } = [];
    internal List<int> Indices { get; } = [];

    /// <summary>Whether everything hangs on the head alone, so that no vertex needs to be skinned.</summary>
    internal bool IsRigid => Skin.TrueForAll(s => s == Skinning.To("head"));

    /// <summary>Muscle name to displaced positions, as long as <see cref="Positions"/>.</summary>
    internal SortedDictionary<string, Vector3[]> Morphs { get; } = new(StringComparer.Ordinal);

    internal int Add(Vector3 position, Vector2 uv, Skinning skin)
    {
        Positions.Add(position);
        Normals.Add(Vector3.Zero);
        Uvs.Add(uv);
        Skin.Add(skin);
        return Positions.Count - 1;
    }

    internal void Triangle(int a, int b, int c)
    {
        Indices.Add(a);
        Indices.Add(b);
        Indices.Add(c);
    }

    internal void Quad(int a, int b, int c, int d)
    {
        Triangle(a, b, c);
        Triangle(a, c, d);
    }

    /// <summary>Connects a lattice of vertices added row by row; rows run across, columns along.</summary>
    internal void Lattice(int first, int rows, int columns, bool closed = false, bool flip = false)
    {
        for (var r = 0; r + 1 < rows; r++)
        {
            for (var c = 0; c < (closed ? columns : columns - 1); c++)
            {
                int a = first + r * columns + c, b = first + r * columns + (c + 1) % columns, d = a + columns, e = b + columns;
                if (flip) Quad(a, d, e, b);
                else Quad(a, b, e, d);
            }
        }
    }

    /// <summary>Area-weighted vertex normals of the resting shape; vertices at one place share one normal when <paramref name="weld"/>.</summary>
    internal void ComputeNormals(bool weld = false)
    {
        var normals = NormalsOf([.. Positions], weld);
        for (var i = 0; i < normals.Length; i++) Normals[i] = normals[i];
    }

    internal Vector3[] NormalsOf(Vector3[] positions, bool weld = false)
    {
        var sums = new Vector3[positions.Length];
        for (var i = 0; i < Indices.Count; i += 3)
        {
            int a = Indices[i], b = Indices[i + 1], c = Indices[i + 2];
            var n = Vector3.Cross(positions[b] - positions[a], positions[c] - positions[a]);
            sums[a] += n;
            sums[b] += n;
            sums[c] += n;
        }
        if (weld) Weld(sums);
        for (var i = 0; i < sums.Length; i++) sums[i] = sums[i].LengthSquared() < 1e-16f ? Vector3.UnitZ : Vector3.Normalize(sums[i]);
        return sums;
    }

    void Weld(Vector3[] sums)
    {
        var groups = Enumerable.Range(0, sums.Length).GroupBy(i => (MathF.Round(Positions[i].X, 3), MathF.Round(Positions[i].Y, 3), MathF.Round(Positions[i].Z, 3)));
        foreach (var group in groups.Select(g => g.ToList()).Where(g => g.Count > 1))
        {
            var sum = group.Aggregate(Vector3.Zero, (total, i) => total + sums[i]);
            foreach (var i in group) sums[i] = sum;
        }
    }

    /// <summary>Appends the reflection of everything so far in the plane x = 0 (bones of the left become bones of the right).</summary>
    internal void MirrorAll()
    {
        int vertices = Positions.Count, corners = Indices.Count;
        for (var i = 0; i < vertices; i++)
        {
            Add(Reflect(Positions[i]), Uvs[i], new Skinning(Mirror(Skin[i].Bone), Mirror(Skin[i].SecondBone), Skin[i].Share));
            Normals[^1] = Reflect(Normals[i]);
        }
        for (var i = 0; i < corners; i += 3) Triangle(Indices[i] + vertices, Indices[i + 2] + vertices, Indices[i + 1] + vertices);
    }

    internal static Vector3 Reflect(Vector3 v) => v with { X = -v.X };

    static string Mirror(string bone) => bone.StartsWith("left", StringComparison.Ordinal) ? "right" + bone[4..] : bone;
}
