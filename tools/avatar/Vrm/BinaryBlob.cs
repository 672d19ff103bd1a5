using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json.Nodes;

namespace JeanTrail.Avatar.Vrm;

/// <summary>The one binary buffer of a GLB file with its views and accessors.</summary>
internal sealed class BinaryBlob
{
    const int Float = 5126, UnsignedShort = 5123, UnsignedByte = 5121;

    // A hundredth of a millimetre: below it a displacement is not worth its bytes.
    const float Still = 1e-5f;

    readonly List<byte> bytes = [];

    internal JsonArray Views { get; } = [];
    internal JsonArray Accessors { get; } = [];
    internal byte[] ToArray() => [.. bytes];

    internal int Image(byte[] png) => View(png);

    internal int Indices(IReadOnlyList<int> indices) => Accessor(View(Shorts(indices)), UnsignedShort, indices.Count, "SCALAR");

    internal int Positions(IReadOnlyList<Vector3> values)
    {
        var accessor = Accessor(View(Floats(values)), Float, values.Count, "VEC3");
        Bounds(accessor, values);
        return accessor;
    }

    internal int Normals(IReadOnlyList<Vector3> values) => Accessor(View(Floats(values)), Float, values.Count, "VEC3");

    internal int Uvs(IReadOnlyList<Vector2> values)
    {
        var data = new byte[values.Count * 4];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(i * 4), Normalised(values[i].X));
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(i * 4 + 2), Normalised(values[i].Y));
        }
        return Accessor(View(data), UnsignedShort, values.Count, "VEC2", normalised: true);
    }

    internal int Bytes4(byte[] data, bool normalised) => Accessor(View(data), UnsignedByte, data.Length / 4, "VEC4", normalised);

    internal int Matrices(float[] values) => Accessor(View(FloatBytes(values)), Float, values.Length / 16, "MAT4");

    /// <summary>Displacements stored only for the vertices that move.</summary>
    internal int Sparse(Vector3[] deltas, bool bounds)
    {
        var moving = Enumerable.Range(0, deltas.Length).Where(i => deltas[i].LengthSquared() > Still * Still).ToList();
        if (moving.Count == 0) moving.Add(0);
        var kept = new Vector3[deltas.Length];
        foreach (var i in moving) kept[i] = deltas[i];
        var accessor = Accessors.Count;
        Accessors.Add(new JsonObject
        {
            ["componentType"] = Float,
            ["count"] = deltas.Length,
            ["type"] = "VEC3",
            ["sparse"] = new JsonObject
            {
                ["count"] = moving.Count,
                ["indices"] = new JsonObject { ["bufferView"] = View(Shorts(moving)), ["componentType"] = UnsignedShort },
                ["values"] = new JsonObject { ["bufferView"] = View(Floats([.. moving.Select(i => deltas[i])])) },
            },
        });
        if (bounds) Bounds(accessor, kept);
        return accessor;
    }

    int Accessor(int view, int type, int count, string shape, bool normalised = false)
    {
        var accessor = new JsonObject { ["bufferView"] = view, ["componentType"] = type, ["count"] = count, ["type"] = shape };
        if (normalised) accessor["normalized"] = true;
        Accessors.Add(accessor);
        return Accessors.Count - 1;
    }

    void Bounds(int accessor, IReadOnlyList<Vector3> values)
    {
        var min = values.Aggregate(Vector3.Min);
        var max = values.Aggregate(Vector3.Max);
        Accessors[accessor]!["min"] = new JsonArray(min.X, min.Y, min.Z);
        Accessors[accessor]!["max"] = new JsonArray(max.X, max.Y, max.Z);
    }

    int View(byte[] data)
    {
        while (bytes.Count % 4 != 0) bytes.Add(0);
        Views.Add(new JsonObject { ["buffer"] = 0, ["byteOffset"] = bytes.Count, ["byteLength"] = data.Length });
        bytes.AddRange(data);
        return Views.Count - 1;
    }

    static byte[] Shorts(IReadOnlyList<int> values)
    {
        var data = new byte[values.Count * 2];
        for (var i = 0; i < values.Count; i++) BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(i * 2), checked((ushort)values[i]));
        return data;
    }

    static byte[] Floats(IReadOnlyList<Vector3> values) => FloatBytes([.. values.SelectMany(v => new[] { v.X, v.Y, v.Z })]);

    static byte[] FloatBytes(float[] values)
    {
        var data = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * 4), values[i]);
        return data;
    }

    static ushort Normalised(float v) => (ushort)MathF.Round(Math.Clamp(v, 0f, 1f) * ushort.MaxValue);
}
