using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>
/// The imagined surface hair lies on: a dome over the skull (s from 0 at the crown to 1 at its widest) and below it a curtain
/// (one unit of s is ten centimetres). Angle 0 is the face, positive towards the figure's left.
/// </summary>
internal static class HairGuide
{
    const float WidestY = 0.8f;
    const float Height = 12.8f;
    const float MiddleZ = -0.9f;

    static readonly Keys CurtainWidth = new((1f, 1f), (1.35f, 1.045f), (1.8f, 1.03f), (2.15f, 0.95f), (2.5f, 0.8f));

    internal static Vector3 At(float degrees, float s, float lift = 0)
    {
        var angle = Smooth.Radians(degrees);
        var polar = Math.Min(s, 1f) * MathF.PI / 2;
        var ring = MathF.Pow(MathF.Sin(polar), 0.88f) * (s > 1f ? CurtainWidth.At(s) : 1f);
        var y = s <= 1f ? WidestY + Height * MathF.Cos(polar) : WidestY - (s - 1f) * 10f;
        float cos = MathF.Cos(angle), depth = cos > 0 ? 9.35f : 10.1f;
        var p = new Vector3(8.25f * ring * MathF.Sin(angle), y, MiddleZ + depth * ring * cos);
        return p + Normal(p) * lift;
    }

    internal static Vector3 Normal(Vector3 p) => Vector3.Normalize(new Vector3(p.X, Math.Max(p.Y - 2f, 0f) * 0.75f, p.Z - MiddleZ));
}
