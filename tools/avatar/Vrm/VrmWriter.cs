using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using JeanTrail.Avatar.Textures;

namespace JeanTrail.Avatar.Vrm;

/// <summary>
/// Writes parts as a binary glTF 2.0 file with the VRM 1.0 extensions.
/// Source: Khronos glTF 2.0 specification §4 (GLB); VRM Consortium, VRMC_vrm-1.0.
/// </summary>
internal static class VrmWriter
{
    // The eye line stands this high above the ground.
    static readonly Vector3 Lift = new(0, 150f, 0);

    internal static byte[] Write(IReadOnlyList<MeshPart> parts)
    {
        var blob = new BinaryBlob();
        var nodes = new JsonArray();
        var meshes = new JsonArray();
        AddBones(nodes, [.. Enumerable.Range(0, parts.Count).Where(i => parts[i].IsRigid).Select(i => Skeleton.Bones.Count + i)]);
        var sceneNodes = new JsonArray(0);
        foreach (var part in parts)
        {
            meshes.Add(MeshToJson(part, blob));
            var node = new JsonObject { ["name"] = part.Name, ["mesh"] = meshes.Count - 1 };
            if (!part.IsRigid)
            {
                node["skin"] = 0;
                sceneNodes.Add(nodes.Count);
            }
            nodes.Add(node);
        }
        var images = new JsonArray([.. Materials.Pictures.Select(p => (JsonNode)new JsonObject { ["name"] = p.Name, ["mimeType"] = "image/png", ["bufferView"] = blob.Image(PngWriter.Write(p.Paint())) })]);
        var skin = new JsonObject
        {
            ["inverseBindMatrices"] = blob.Matrices(InverseBinds()),
            ["joints"] = new JsonArray([.. Enumerable.Range(0, Skeleton.Bones.Count).Select(i => (JsonNode)i)]),
        };
        var document = new JsonObject
        {
            ["asset"] = new JsonObject { ["version"] = "2.0", ["generator"] = "jeantrail-avatar" },
            ["extensionsUsed"] = new JsonArray("VRMC_vrm", "VRMC_materials_mtoon"),
            ["scene"] = 0,
            ["scenes"] = new JsonArray(new JsonObject { ["nodes"] = sceneNodes }),
            ["nodes"] = nodes,
            ["meshes"] = meshes,
            ["skins"] = new JsonArray(skin),
            ["materials"] = new JsonArray([.. Materials.All.Select(m => (JsonNode)Materials.ToJson(m))]),
            ["textures"] = new JsonArray([.. Materials.Pictures.Select((_, i) => (JsonNode)new JsonObject { ["source"] = i, ["sampler"] = 0 })]),
            ["samplers"] = new JsonArray(new JsonObject { ["magFilter"] = 9729, ["minFilter"] = 9987, ["wrapS"] = 10497, ["wrapT"] = 33071 }),
            ["images"] = images,
            ["accessors"] = blob.Accessors,
            ["bufferViews"] = blob.Views,
            ["extensions"] = new JsonObject { ["VRMC_vrm"] = VrmExtension.ToJson(parts) },
        };
        var binary = blob.ToArray();
        document["buffers"] = new JsonArray(new JsonObject { ["byteLength"] = binary.Length });
        return Pack(Encoding.UTF8.GetBytes(document.ToJsonString()), binary);
    }

    static Vector3 Metres(Vector3 centimetres) => (centimetres + Lift) * 0.01f;

    // Rigid parts are children of the head: hair alone would otherwise cost most of a frame on machines without a graphics card.
    static void AddBones(JsonArray nodes, int[] onHead)
    {
        var bones = Skeleton.Bones;
        foreach (var bone in bones)
        {
            var parent = bones.FirstOrDefault(b => b.Name == bone.Parent);
            var offset = parent is null ? Metres(bone.Place) : (bone.Place - parent.Place) * 0.01f;
            var node = new JsonObject { ["name"] = bone.Name, ["translation"] = new JsonArray(offset.X, offset.Y, offset.Z) };
            var children = Enumerable.Range(0, bones.Count).Where(i => bones[i].Parent == bone.Name).Concat(bone.Name == "head" ? onHead : []).Select(i => (JsonNode)i).ToArray();
            if (children.Length > 0) node["children"] = new JsonArray(children);
            nodes.Add(node);
        }
    }

    static float[] InverseBinds() =>
    [
        .. Skeleton.Bones.SelectMany(b =>
        {
            var p = -Metres(b.Place);
            return new[] { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, p.X, p.Y, p.Z, 1 };
        }),
    ];

    static JsonObject MeshToJson(MeshPart part, BinaryBlob blob)
    {
        var origin = part.IsRigid ? Metres(Skeleton.Bones.First(b => b.Name == "head").Place) : Vector3.Zero;
        var attributes = new JsonObject
        {
            ["POSITION"] = blob.Positions([.. part.Positions.Select(p => Metres(p) - origin)]),
            ["NORMAL"] = blob.Normals(part.Normals),
            ["TEXCOORD_0"] = blob.Uvs(part.Uvs),
        };
        if (!part.IsRigid)
        {
            attributes["JOINTS_0"] = blob.Bytes4([.. part.Skin.SelectMany(Joints)], normalised: false);
            attributes["WEIGHTS_0"] = blob.Bytes4([.. part.Skin.SelectMany(Weights)], normalised: true);
        }
        var primitive = new JsonObject
        {
            ["attributes"] = attributes,
            ["indices"] = blob.Indices(part.Indices),
            ["material"] = Materials.All.Select(m => m.Name).ToList().IndexOf(part.Material),
        };
        var mesh = new JsonObject { ["name"] = part.Name, ["primitives"] = new JsonArray(primitive) };
        if (part.Morphs.Count == 0) return mesh;
        primitive["targets"] = new JsonArray([.. part.Morphs.Values.Select(m => (JsonNode)Target(part, m, blob))]);
        mesh["weights"] = new JsonArray([.. part.Morphs.Select(_ => (JsonNode)0)]);
        mesh["extras"] = new JsonObject { ["targetNames"] = new JsonArray([.. part.Morphs.Keys.Select(k => (JsonNode)k)]) };
        return mesh;
    }

    static JsonObject Target(MeshPart part, Vector3[] moved, BinaryBlob blob)
    {
        var normals = part.NormalsOf(moved);
        var turns = normals.Select((n, i) => (n - part.Normals[i]) is var d && d.LengthSquared() > 0.002f ? d : Vector3.Zero).ToArray();
        return new JsonObject
        {
            ["POSITION"] = blob.Sparse([.. moved.Select((p, i) => (p - part.Positions[i]) * 0.01f)], bounds: true),
            ["NORMAL"] = blob.Sparse(turns, bounds: false),
        };
    }

    static byte Bone(string name) => (byte)Skeleton.Bones.Select(b => b.Name).ToList().IndexOf(name);

    static byte[] Joints(Skinning s) => [Bone(s.Bone), s.Bone == s.SecondBone ? (byte)0 : Bone(s.SecondBone), 0, 0];

    static byte[] Weights(Skinning s)
    {
        var share = s.Bone == s.SecondBone ? (byte)255 : (byte)MathF.Round(s.Share * 255);
        return [share, (byte)(255 - share), 0, 0];
    }

    static byte[] Pack(byte[] json, byte[] binary)
    {
        int jsonLength = (json.Length + 3) / 4 * 4, binaryLength = (binary.Length + 3) / 4 * 4;
        var file = new byte[12 + 8 + jsonLength + 8 + binaryLength];
        Put(0, 0x46546C67);
        Put(4, 2);
        Put(8, (uint)file.Length);
        Put(12, (uint)jsonLength);
        Put(16, 0x4E4F534A);
        json.CopyTo(file, 20);
        file.AsSpan(20 + json.Length, jsonLength - json.Length).Fill((byte)' ');
        Put(20 + jsonLength, (uint)binaryLength);
        Put(24 + jsonLength, 0x004E4942);
        binary.CopyTo(file, 28 + jsonLength);
        return file;

        void Put(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
    }
}
