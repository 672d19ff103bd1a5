using System.Numerics;

namespace JeanTrail.Avatar.Tests;

public sealed class FaceShapeTests(JeanFixture jean) : IClassFixture<JeanFixture>
{
    const float Millimetre = 0.001f;

    public static TheoryData<string> Visemes => [.. Vrm.Expressions.VisemeNames.Select(v => "viseme_" + v)];

    [Theory]
    [InlineData("viseme_PP")]
    [InlineData("viseme_sil")]
    [InlineData("neutral")]
    public void Closed_mouths_are_sealed_along_the_whole_lip(string expression)
    {
        var shape = jean.Glb.Shape("Face", expression);
        jean.Face.LipContacts.Count.ShouldBeGreaterThan(10);
        foreach (var (upper, lower) in jean.Face.LipContacts) Vector3.Distance(shape[upper], shape[lower]).ShouldBeLessThan(0.1f * Millimetre);
    }

    [Fact]
    public void Pressed_lips_are_thinner_than_resting_ones() => LipSpread("viseme_PP").ShouldBeLessThan(LipSpread("neutral") * 0.95f);

    [Fact]
    public void The_mouth_opens_most_for_aa_then_O_and_E_then_I_and_not_for_PP()
    {
        var opening = new[] { "aa", "O", "E", "I", "PP" }.ToDictionary(v => v, v => Opening("viseme_" + v));
        opening["aa"].ShouldBeGreaterThan(opening["E"] + 3 * Millimetre);
        opening["O"].ShouldBeGreaterThan(opening["I"]);
        opening["E"].ShouldBeGreaterThan(opening["I"] + Millimetre);
        opening["I"].ShouldBeGreaterThan(2 * Millimetre);
        opening["PP"].ShouldBeLessThan(0.1f * Millimetre);
    }

    [Fact]
    public void Lips_are_wide_for_I_and_narrow_for_U()
    {
        var rest = Width("neutral");
        Width("viseme_I").ShouldBeGreaterThan(rest + 3 * Millimetre);
        Width("viseme_U").ShouldBeLessThan(rest - 5 * Millimetre);
    }

    [Theory]
    [InlineData("blink")]
    [InlineData("blinkLeft")]
    public void A_blink_closes_the_lids_along_the_whole_eye(string expression)
    {
        var shape = jean.Glb.Shape("Face", expression);
        jean.Face.LidContacts.Count.ShouldBeGreaterThan(15);
        foreach (var (upper, lower) in jean.Face.LidContacts) MathF.Abs(shape[upper].Y - shape[lower].Y).ShouldBeLessThan(0.3f * Millimetre);
        jean.Face.LidContacts.Max(pair => jean.Glb.Positions("Face")[pair.Upper].Y - jean.Glb.Positions("Face")[pair.Lower].Y).ShouldBeGreaterThan(15 * Millimetre, "the eye is open at rest");
    }

    [Fact]
    public void A_wink_leaves_the_other_eye_alone()
    {
        Vector3[] rest = jean.Glb.Positions("Face"), wink = jean.Glb.Shape("Face", "blinkRight");
        var moved = Enumerable.Range(0, rest.Length).Where(i => Vector3.Distance(rest[i], wink[i]) > 0.01f * Millimetre).ToList();
        moved.ShouldNotBeEmpty();
        moved.ShouldAllBe(i => rest[i].X < 0);
    }

    [Theory]
    [MemberData(nameof(Visemes))]
    public void A_viseme_moves_nothing_at_the_eyes(string viseme)
    {
        Vector3[] rest = jean.Glb.Positions("Face"), shape = jean.Glb.Shape("Face", viseme);
        foreach (var (upper, lower) in jean.Face.LidContacts)
        {
            Vector3.Distance(rest[upper], shape[upper]).ShouldBe(0f);
            Vector3.Distance(rest[lower], shape[lower]).ShouldBe(0f);
        }
        foreach (var mesh in new[] { "EyeWhites", "Irises", "EyeLights", "Lashes", "Brows" }) jean.Glb.Shape(mesh, viseme).ShouldBe(jean.Glb.Positions(mesh));
    }

    [Theory]
    [InlineData("happy")]
    [InlineData("sad")]
    [InlineData("angry")]
    [InlineData("surprised")]
    [InlineData("viseme_aa")]
    public void The_face_stays_symmetric(string expression)
    {
        var shape = jean.Glb.Shape("Face", expression);
        var tree = shape.Select(p => (MathF.Round(p.X, 4), MathF.Round(p.Y, 4), MathF.Round(p.Z, 4))).ToHashSet();
        var lonely = shape.Count(p => !Near(tree, p with { X = -p.X }));
        lonely.ShouldBe(0);
    }

    static bool Near(HashSet<(float X, float Y, float Z)> places, Vector3 p)
    {
        const float Step = 0.0001f;
        foreach (var dx in new[] { 0f, -Step, Step })
        {
            foreach (var dy in new[] { 0f, -Step, Step })
            {
                foreach (var dz in new[] { 0f, -Step, Step })
                {
                    if (places.Contains((MathF.Round(p.X + dx, 4), MathF.Round(p.Y + dy, 4), MathF.Round(p.Z + dz, 4)))) return true;
                }
            }
        }
        return false;
    }

    float Opening(string expression)
    {
        var shape = jean.Glb.Shape("Face", expression);
        return jean.Face.LipContacts.Max(pair => shape[pair.Upper].Y - shape[pair.Lower].Y);
    }

    float Width(string expression)
    {
        var shape = jean.Glb.Shape("Face", expression);
        return jean.Face.LipContacts.SelectMany(pair => new[] { shape[pair.Upper].X, shape[pair.Lower].X }).Max() * 2;
    }

    // Height of the strip of skin around the contact line that is lip at rest.
    float LipSpread(string expression)
    {
        Vector3[] rest = jean.Glb.Positions("Face"), shape = jean.Glb.Shape("Face", expression);
        var (upper, lower) = jean.Face.LipContacts[0];
        var lips = Enumerable.Range(0, rest.Length)
            .Where(i => MathF.Abs(rest[i].X) < 5 * Millimetre && MathF.Abs(rest[i].Y - rest[upper].Y) < 7 * Millimetre && rest[i].Z > rest[lower].Z - Millimetre).ToList();
        return lips.Max(i => shape[i].Y) - lips.Min(i => shape[i].Y);
    }
}
