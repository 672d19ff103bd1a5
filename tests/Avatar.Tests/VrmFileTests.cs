using System.Text.Json;

namespace JeanTrail.Avatar.Tests;

public sealed class VrmFileTests(JeanFixture jean) : IClassFixture<JeanFixture>
{
    static readonly string[] Visemes = ["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"];

    Glb Glb => jean.Glb;

    [Fact]
    public void The_file_is_at_most_one_and_a_half_megabytes() => jean.File.Length.ShouldBeLessThanOrEqualTo(1_500_000);

    [Fact]
    public void Building_twice_gives_the_same_bytes() => JeanBody.BuildVrm().SequenceEqual(jean.File).ShouldBeTrue();

    [Fact]
    public void The_file_says_it_is_VRM_1_with_the_standard_licence()
    {
        Glb.Vrm.GetProperty("specVersion").GetString().ShouldBe("1.0");
        Glb.Vrm.GetProperty("meta").GetProperty("licenseUrl").GetString().ShouldBe("https://vrm.dev/licenses/1.0/");
        Glb.Json.GetProperty("extensionsUsed").EnumerateArray().Select(e => e.GetString()).ShouldContain("VRMC_vrm");
    }

    [Theory]
    [InlineData("hips")]
    [InlineData("spine")]
    [InlineData("head")]
    [InlineData("leftEye")]
    [InlineData("rightEye")]
    [InlineData("leftUpperLeg")]
    [InlineData("leftLowerLeg")]
    [InlineData("leftFoot")]
    [InlineData("leftUpperArm")]
    [InlineData("leftLowerArm")]
    [InlineData("leftHand")]
    [InlineData("rightUpperLeg")]
    [InlineData("rightLowerLeg")]
    [InlineData("rightFoot")]
    [InlineData("rightUpperArm")]
    [InlineData("rightLowerArm")]
    [InlineData("rightHand")]
    public void Every_bone_that_VRM_needs_is_a_node_of_its_own_name(string bone)
    {
        var node = Glb.Vrm.GetProperty("humanoid").GetProperty("humanBones").GetProperty(bone).GetProperty("node").GetInt32();
        Glb.Json.GetProperty("nodes")[node].GetProperty("name").GetString().ShouldBe(bone);
    }

    [Fact]
    public void Every_expression_moves_something_that_exists()
    {
        var names = Visemes.Select(v => "viseme_" + v).Concat(["happy", "angry", "sad", "relaxed", "surprised", "neutral", "blink", "blinkLeft", "blinkRight",
            "lookUp", "lookDown", "lookLeft", "lookRight", "aa", "ih", "ou", "ee", "oh"]);
        foreach (var name in names)
        {
            var binds = Glb.Binds(name).ToList();
            binds.ShouldNotBeEmpty(name);
            foreach (var (node, index, weight) in binds)
            {
                var mesh = Glb.Json.GetProperty("meshes")[Glb.Json.GetProperty("nodes")[node].GetProperty("mesh").GetInt32()];
                index.ShouldBeInRange(0, Glb.TargetNames(mesh).Count - 1, name);
                weight.ShouldBeInRange(0.01f, 1f, name);
            }
            Glb.Shape("Face", name).Zip(Glb.Positions("Face")).Any(p => p.First != p.Second).ShouldBeTrue($"{name} changes the face");
        }
    }

    [Fact]
    public void Visemes_are_custom_expressions_with_exact_names() =>
        Glb.Vrm.GetProperty("expressions").GetProperty("custom").EnumerateObject().Select(e => e.Name).ShouldBe(Visemes.Select(v => "viseme_" + v), ignoreOrder: true);

    [Fact]
    public void Target_names_match_the_targets_of_every_mesh()
    {
        foreach (var mesh in Glb.Json.GetProperty("meshes").EnumerateArray())
        {
            var targets = Glb.Primitive(mesh).TryGetProperty("targets", out var found) ? found.GetArrayLength() : 0;
            Glb.TargetNames(mesh).Count.ShouldBe(targets, mesh.GetProperty("name").GetString());
        }
    }

    [Fact]
    public void Bone_weights_of_every_vertex_sum_to_one()
    {
        foreach (var primitive in Glb.Json.GetProperty("meshes").EnumerateArray().Select(Glb.Primitive).Where(IsSkinned))
        {
            var weights = Glb.Numbers(primitive.GetProperty("attributes").GetProperty("WEIGHTS_0").GetInt32());
            foreach (var vertex in weights.Chunk(4)) vertex.Sum().ShouldBe(1f, 1e-6f);
        }
    }

    [Fact]
    public void Indices_joints_and_normals_are_valid()
    {
        var joints = Glb.Json.GetProperty("skins")[0].GetProperty("joints").GetArrayLength();
        foreach (var primitive in Glb.Json.GetProperty("meshes").EnumerateArray().Select(Glb.Primitive))
        {
            var attributes = primitive.GetProperty("attributes");
            var vertices = Glb.Vectors(attributes.GetProperty("POSITION").GetInt32()).Length;
            Glb.Numbers(primitive.GetProperty("indices").GetInt32()).Max().ShouldBeLessThan(vertices);
            if (IsSkinned(primitive)) Glb.Numbers(attributes.GetProperty("JOINTS_0").GetInt32()).Max().ShouldBeLessThan(joints);
            foreach (var normal in Glb.Vectors(attributes.GetProperty("NORMAL").GetInt32())) normal.Length().ShouldBe(1f, 1e-3f);
        }
    }

    [Fact]
    public void Parts_without_skin_hang_on_the_head()
    {
        var nodes = Glb.Json.GetProperty("nodes");
        var head = nodes.EnumerateArray().Single(n => n.GetProperty("name").GetString() == "head").GetProperty("children").EnumerateArray().Select(c => c.GetInt32()).ToList();
        var rigid = Enumerable.Range(0, nodes.GetArrayLength()).Where(i => nodes[i].TryGetProperty("mesh", out _) && !nodes[i].TryGetProperty("skin", out _)).ToList();
        rigid.Select(i => nodes[i].GetProperty("name").GetString()).ShouldContain("Hair");
        rigid.ShouldAllBe(i => head.Contains(i));
    }

    static bool IsSkinned(JsonElement primitive) => primitive.GetProperty("attributes").TryGetProperty("WEIGHTS_0", out _);

    [Fact]
    public void The_committed_file_is_what_the_tool_makes()
    {
        // Compared by content: compression and the last bits of sine may differ between machines.
        var committed = new Glb(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "jean.vrm")));
        foreach (var part in new[] { "nodes", "meshes", "materials", "extensions", "skins" })
        {
            JsonElement.DeepEquals(committed.Json.GetProperty(part), Glb.Json.GetProperty(part)).ShouldBeTrue($"{part} are out of date: regenerate the file");
        }
        for (var i = 0; i < Glb.Json.GetProperty("accessors").GetArrayLength(); i++)
        {
            float[] expected = Glb.Numbers(i), actual = committed.Numbers(i);
            actual.Length.ShouldBe(expected.Length);
            expected.Zip(actual).Max(p => MathF.Abs(p.First - p.Second)).ShouldBeLessThan(1e-4f, $"accessor {i} is out of date: regenerate the file");
        }
        foreach (var (expected, actual) in Glb.Json.GetProperty("images").EnumerateArray().Zip(committed.Json.GetProperty("images").EnumerateArray()))
        {
            byte[] fresh = Glb.Unpack(Glb.Picture(expected)), old = Glb.Unpack(committed.Picture(actual));
            old.Length.ShouldBe(fresh.Length);
            fresh.Zip(old).Count(p => p.First != p.Second).ShouldBeLessThan(fresh.Length / 1000 + 1, $"{expected.GetProperty("name")} is out of date: regenerate the file");
        }
    }
}
