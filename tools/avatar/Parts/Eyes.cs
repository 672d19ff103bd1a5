using System.Numerics;
using JeanTrail.Avatar.Face;

namespace JeanTrail.Avatar.Parts;

/// <summary>Whites, irises and the light reflected in them. The iris turns with the eye bone, the reflection follows half-way.</summary>
internal static class Eyes
{
    const float IrisAngle = 0.292f;
    const float BackOnBlink = 0.22f;

    internal static IEnumerable<MeshPart> Build()
    {
        yield return Both(new MeshPart("EyeWhites", "eyeWhite"), part => Cap(part, EyeShape.Forward, 0.62f, -0.03f, 6, 24, Skinning.To("head")));
        yield return Both(new MeshPart("Irises", "iris"), part => Cap(part, Gaze, IrisAngle, 0.01f, 5, 30, Skinning.To("leftEye")));
        yield return Lights();
    }

    // Between straight ahead and the ball's own direction: she looks at the person, not past them.
    static Vector3 Gaze { get; } = Vector3.Normalize(HeadCage.At(3.12f, 0.14f) - EyeShape.BallCentre);

    static MeshPart Both(MeshPart part, Action<MeshPart> build)
    {
        build(part);
        part.ComputeNormals();
        part.MirrorAll();
        Blink(part);
        return part;
    }

    /// <summary>Reflections are not mirrored: the light stands on one side.</summary>
    static MeshPart Lights()
    {
        var part = new MeshPart("EyeLights", "eyeLight");
        foreach (var side in new[] { 1f, -1f })
        {
            var bone = side > 0 ? "leftEye" : "rightEye";
            Spot(part, side, new Vector2(0.42f, 0.55f), 0.29f, 0.34f, bone);
            Spot(part, side, new Vector2(-0.42f, -0.5f), 0.15f, 0.15f, bone);
        }
        part.ComputeNormals();
        Blink(part);
        return part;
    }

    static void Spot(MeshPart part, float side, Vector2 at, float width, float height, string bone)
    {
        var gaze = side > 0 ? Gaze : MeshPart.Reflect(Gaze);
        var centre = side > 0 ? EyeShape.BallCentre : MeshPart.Reflect(EyeShape.BallCentre);
        var (right, up) = Axes(gaze);
        var skin = new Skinning(bone, "head", 0.5f);
        var middle = Add(0, 0);
        for (var i = 0; i < 16; i++) Add(MathF.Cos(i * MathF.PI / 8), MathF.Sin(i * MathF.PI / 8));
        for (var i = 0; i < 16; i++) part.Triangle(middle, middle + 1 + i, middle + 1 + (i + 1) % 16);

        int Add(float x, float y)
        {
            var offset = right * (at.X + x * width) + up * (at.Y + y * height);
            var p = centre + Vector3.Normalize(gaze * EyeShape.BallRadius + offset) * (EyeShape.BallRadius + 0.05f);
            return part.Add(p, new Vector2(0.5f, 0.5f), skin);
        }
    }

    static void Cap(MeshPart part, Vector3 axis, float angle, float above, int rings, int steps, Skinning skin)
    {
        var (right, up) = Axes(axis);
        for (var r = 0; r <= rings; r++)
        {
            var share = r / (float)rings;
            for (var i = 0; i < steps; i++)
            {
                var turn = i * MathF.Tau / steps;
                float x = MathF.Cos(turn) * share, y = MathF.Sin(turn) * share;
                var direction = axis * MathF.Cos(angle * share) + (right * MathF.Cos(turn) + up * MathF.Sin(turn)) * MathF.Sin(angle * share);
                part.Add(EyeShape.BallCentre + direction * (EyeShape.BallRadius + above), new Vector2(0.5f + 0.49f * x, 0.5f - 0.49f * y), skin);
            }
        }
        part.Lattice(0, rings + 1, steps, closed: true, flip: true);
    }

    static (Vector3 Right, Vector3 Up) Axes(Vector3 axis)
    {
        var right = Vector3.Normalize(Vector3.Cross(Vector3.UnitY, axis));
        return (right, Vector3.Cross(axis, right));
    }

    // While a lid closes it moves on a chord; the ball gives way so that it never shows through.
    static void Blink(MeshPart part)
    {
        foreach (var (name, side) in new[] { ("blinkLeft", 1f), ("blinkRight", -1f) })
        {
            part.Morphs[name] = [.. part.Positions.Select(p => p.X * side > 0 ? p - new Vector3(0, 0, BackOnBlink) : p)];
        }
    }
}
