using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text.Json;

namespace JeanTrail.Avatar.Tests;

/// <summary>Reads a binary glTF file the way a viewer does, independently of the tool's writer.</summary>
internal sealed class Glb
{
    readonly byte[] binary;

    internal Glb(byte[] file)
    {
        BinaryPrimitives.ReadUInt32LittleEndian(file).ShouldBe(0x46546C67u, "the file starts with glTF");
        BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)).ShouldBe(2u);
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8)).ShouldBe(file.Length);
        var json = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        Json = JsonDocument.Parse(file.AsMemory(20, json)).RootElement;
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(20 + json));
        binary = file.AsSpan(28 + json, length).ToArray();
    }

    internal JsonElement Json { get; }

    internal JsonElement Vrm => Json.GetProperty("extensions").GetProperty("VRMC_vrm");

    internal JsonElement Mesh(string name) => Json.GetProperty("meshes").EnumerateArray().Single(m => m.GetProperty("name").GetString() == name);

    internal List<string> TargetNames(JsonElement mesh) =>
        mesh.TryGetProperty("extras", out var extras) ? [.. extras.GetProperty("targetNames").EnumerateArray().Select(n => n.GetString()!)] : [];

    internal Vector3[] Positions(string mesh) => Vectors(Primitive(Mesh(mesh)).GetProperty("attributes").GetProperty("POSITION").GetInt32());

    /// <summary>Positions under an expression, its weights applied as a viewer applies them.</summary>
    internal Vector3[] Shape(string mesh, string expression)
    {
        var positions = Positions(mesh);
        foreach (var (node, index, weight) in Binds(expression))
        {
            var target = Json.GetProperty("nodes")[node].GetProperty("mesh").GetInt32();
            if (Json.GetProperty("meshes")[target].GetProperty("name").GetString() != mesh) continue;
            var deltas = Vectors(Primitive(Mesh(mesh)).GetProperty("targets")[index].GetProperty("POSITION").GetInt32());
            for (var i = 0; i < positions.Length; i++) positions[i] += deltas[i] * weight;
        }
        return positions;
    }

    internal IEnumerable<(int Node, int Index, float Weight)> Binds(string expression) => Expression(expression).GetProperty("morphTargetBinds").EnumerateArray()
        .Select(b => (b.GetProperty("node").GetInt32(), b.GetProperty("index").GetInt32(), b.GetProperty("weight").GetSingle()));

    internal JsonElement Expression(string name)
    {
        var expressions = Vrm.GetProperty("expressions");
        return expressions.GetProperty("preset").TryGetProperty(name, out var preset) ? preset : expressions.GetProperty("custom").GetProperty(name);
    }

    internal static JsonElement Primitive(JsonElement mesh) => mesh.GetProperty("primitives")[0];

    internal Vector3[] Vectors(int accessor)
    {
        var numbers = Numbers(accessor);
        return [.. numbers.Chunk(3).Select(c => new Vector3(c[0], c[1], c[2]))];
    }

    /// <summary>All numbers of an accessor, sparse values filled in, normalised integers scaled.</summary>
    internal float[] Numbers(int index)
    {
        var accessor = Json.GetProperty("accessors")[index];
        var width = accessor.GetProperty("type").GetString() switch { "SCALAR" => 1, "VEC2" => 2, "VEC3" => 3, "VEC4" => 4, "MAT4" => 16, var other => throw new InvalidDataException(other) };
        var type = accessor.GetProperty("componentType").GetInt32();
        var values = new float[accessor.GetProperty("count").GetInt32() * width];
        if (accessor.TryGetProperty("bufferView", out var view)) Read(view.GetInt32(), type, values);
        if (accessor.TryGetProperty("normalized", out var normalised) && normalised.GetBoolean())
        {
            for (var i = 0; i < values.Length; i++) values[i] /= type == 5121 ? 255f : 65535f;
        }
        if (accessor.TryGetProperty("sparse", out var sparse)) Fill(values, width, type, sparse);
        return values;
    }

    internal byte[] Picture(JsonElement image) => View(image.GetProperty("bufferView").GetInt32()).ToArray();

    /// <summary>The filtered rows of a PNG, unpacked.</summary>
    internal static byte[] Unpack(byte[] png)
    {
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8)) packed.Write(png, at + 8, length);
            at += 12 + length;
        }
        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        return rows.ToArray();
    }

    void Fill(float[] values, int width, int type, JsonElement sparse)
    {
        var count = sparse.GetProperty("count").GetInt32();
        var places = new float[count];
        var filled = new float[count * width];
        Read(sparse.GetProperty("indices").GetProperty("bufferView").GetInt32(), sparse.GetProperty("indices").GetProperty("componentType").GetInt32(), places);
        Read(sparse.GetProperty("values").GetProperty("bufferView").GetInt32(), type, filled);
        for (var i = 0; i < count; i++) filled.AsSpan(i * width, width).CopyTo(values.AsSpan((int)places[i] * width));
    }

    void Read(int view, int type, float[] into)
    {
        var bytes = View(view);
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = type switch
            {
                5126 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * 4)..]),
                5123 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]),
                5121 => bytes[i],
                _ => throw new InvalidDataException($"component type {type}"),
            };
        }
    }

    ReadOnlySpan<byte> View(int index)
    {
        var view = Json.GetProperty("bufferViews")[index];
        return binary.AsSpan(view.GetProperty("byteOffset").GetInt32(), view.GetProperty("byteLength").GetInt32());
    }
}
