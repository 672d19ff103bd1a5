using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Face;

/// <summary>Lids and brows.</summary>
internal static class UpperMuscles
{
    const float LidFold = 1.15f;

    internal static IEnumerable<Muscle> All =>
    [
        new("blinkLeft", FaceSide.Left, p => Lids(p, 1f, 1f)),
        new("blinkRight", FaceSide.Right, p => Lids(p, 1f, 1f)),
        new("lidsLower", FaceSide.Both, p => Lids(p, 0.45f, 0f)),
        new("lidsWide", FaceSide.Both, p => Lids(p, -0.16f, -0.35f)),
        new("squint", FaceSide.Both, p => Lids(p, 0.16f, 2.6f) + new Vector3(0, 0.12f, 0.06f) * Smooth.Bell(p.A - 3.4f, p.B + 1.9f, 1.6f, 0.7f)),
        new("browInnerUp", FaceSide.Both, p => new Vector3(-0.12f, 0.62f, 0.03f) * Smooth.Bell(p.A - 1.2f, p.B - 2.5f, 1.25f, 1.1f)),
        new("browUp", FaceSide.Both, p => new Vector3(0, 0.62f, 0.02f) * (Smooth.Bell(p.A - 3.2f, p.B - 2.7f, 2.6f, 1.15f))),
        new("browDown", FaceSide.Both, p => new Vector3(-0.16f, -0.52f, 0.08f) * Smooth.Bell(p.A - 1.4f, p.B - 2.5f, 1.5f, 0.95f)
            + new Vector3(0, 0.16f, 0) * Smooth.Bell(p.A - 4.6f, p.B - 2.9f, 1f, 0.9f)),
    ];

    /// <summary>
    /// Moves the lids by shares of their way to the closed line, along the eyeball: the new place is looked up on the surface
    /// itself, so a shut lid lies on the ball and never cuts through it.
    /// </summary>
    internal static Vector3 Lids(FacePoint p, float upper, float lower)
    {
        if (p.A is < EyeShape.Inner or > EyeShape.Outer || p.B is < -2.6f or > 3.2f || p.Depth > 0) return default;
        var moved = MovedHeight(p.A, p.B, upper, lower);
        return moved == p.B ? default : FaceSurface.At(p.A, moved) - FaceSurface.At(p.A, p.B);
    }

    internal static float MovedHeight(float a, float b, float upper, float lower)
    {
        var along = EyeShape.Along(a);
        float closed = EyeShape.ClosedLine(along), top = EyeShape.UpperLid(along), bottom = EyeShape.LowerLid(along);
        return b >= closed
            ? b - upper * (top - closed) * (1f - Smooth.Step(0, LidFold, b - top))
            : b + lower * (closed - bottom) * (1f - Smooth.Step(0, LidFold, bottom - b));
    }
}
