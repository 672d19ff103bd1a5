using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>Jaw, lips and cheeks as smooth displacement fields around their landmarks.</summary>
internal static class MouthMuscles
{
    const float JawAngle = 0.21f;
    static readonly Vector3 JawHinge = new(0, -1.6f, -0.6f);

    internal static IEnumerable<Muscle> All =>
    [
        new("jawOpen", FaceSide.Both, p => Jaw(p.Position, JawShare(p))),
        new("lipsPucker", FaceSide.Both, Pucker),
        new("lipsFunnel", FaceSide.Both, Funnel),
        new("lipsWide", FaceSide.Both, Wide),
        new("lipsPress", FaceSide.Both, Press),
        new("lowerLipTuck", FaceSide.Both, Tuck),
        new("upperLipRaise", FaceSide.Both, p => p.LowerLip ? default : new Vector3(0, 0.34f, 0.03f) * (Split(p) * Near(p, 0.75f))),
        new("lowerLipDrop", FaceSide.Both, p => p.LowerLip ? new Vector3(0, -0.36f, 0.02f) * (Split(p) * Near(p, 0.85f)) : default),
        new("smile", FaceSide.Both, Smile),
        new("frown", FaceSide.Both, p => new Vector3(-0.05f, -0.42f, 0) * Corner(p) + new Vector3(0, 0.1f, 0.03f) * (Near(p, 0.6f) * Split(p))),
        new("cheekPuff", FaceSide.Both, p => new Vector3(0.3f, 0, 0.3f) * (Smooth.Bell(p.A - 3.4f, p.B + 5.2f, 1.4f, 1.4f))),
    ];

    /// <summary>Turns a point with the jaw by a share of its full opening.</summary>
    internal static Vector3 Jaw(Vector3 position, float share)
    {
        if (share <= 0) return default;
        var turn = Matrix4x4.CreateRotationX(JawAngle * share);
        return Vector3.Transform(position - JawHinge, turn) + JawHinge - position;
    }

    static float JawShare(FacePoint p)
    {
        if (p.Depth > 0) return p.LowerLip ? 1f : 0f;
        var smooth = Smooth.Step(-3.7f, -7.4f, p.B);
        var share = Smooth.Lerp(smooth, p.LowerLip ? 1f : 0f, Smooth.Dome(p.A, MouthShape.Corner, 0.45f));
        return share * Smooth.Step(11.5f, 4.5f, p.A) * Smooth.Step(-13.4f, -9.4f, p.B);
    }

    // 1 in the middle of the lips, 0 at and outside their corners.
    static float Split(FacePoint p) => Smooth.Dome(p.A, MouthShape.Corner, 0.5f);

    static float Lift(FacePoint p) => p.Depth > 0 ? 0 : p.B - MouthShape.ContactLine(p.A);

    static float Near(FacePoint p, float height) => Smooth.Bell(Lift(p), height) * Smooth.Step(3.6f, 1.3f, p.A) * InMouth(p);

    static float InMouth(FacePoint p) => Smooth.Step(3.4f, 0.8f, p.Depth);

    static float Corner(FacePoint p) => Smooth.Bell(p.A - MouthShape.Corner, Lift(p), 1.15f, 1.0f) * InMouth(p);

    static Vector3 Pucker(FacePoint p)
    {
        var near = Near(p, 1.15f);
        var across = p.A / MouthShape.Corner;
        return new Vector3(-0.66f * MathF.Min(across, 1.2f), Lift(p) * 0.16f, 0.5f * (1f - 0.5f * MathF.Min(across * across, 1.6f))) * near;
    }

    static Vector3 Funnel(FacePoint p)
    {
        var near = Near(p, 1f);
        var across = MathF.Min(p.A / MouthShape.Corner, 1.25f);
        var open = (p.LowerLip ? -0.42f : 0.3f) * Split(p);
        return new Vector3(-0.55f * across, open, 0.34f * (1f - 0.45f * across * across)) * near;
    }

    static Vector3 Wide(FacePoint p)
    {
        var across = MathF.Min(p.A / MouthShape.Corner, 1.2f);
        var near = Near(p, 1.1f);
        return new Vector3(0.42f * across * across, -Lift(p) * 0.14f, -0.1f * across - 0.05f) * near + new Vector3(0.05f, 0.06f, -0.08f) * Corner(p);
    }

    static Vector3 Press(FacePoint p)
    {
        var near = Near(p, 0.7f);
        return new Vector3(0, -Lift(p) * 0.42f, -0.1f * Split(p)) * near;
    }

    static Vector3 Tuck(FacePoint p) => p.LowerLip
        ? new Vector3(0, 0.16f - 0.2f * Lift(p), -0.3f) * (Near(p, 0.55f) * Split(p))
        : new Vector3(0, 0.14f, 0.03f) * (Near(p, 0.6f) * Split(p));

    static Vector3 Smile(FacePoint p)
    {
        var across = MathF.Min(p.A / MouthShape.Corner, 1f);
        var corners = new Vector3(0.34f, 0.48f, -0.2f) * (Smooth.Bell(p.A - MouthShape.Corner - 0.1f, Lift(p), 0.95f, 1.05f) * InMouth(p));
        var lips = new Vector3(0.1f * across, -0.06f * (1 - across), -0.05f) * Near(p, 0.9f);
        var cheeks = new Vector3(0.1f, 0.26f, 0.16f) * Smooth.Bell(p.A - 3.9f, p.B + 3.3f, 1.5f, 1.1f) * InMouth(p);
        return corners + lips + cheeks;
    }
}
