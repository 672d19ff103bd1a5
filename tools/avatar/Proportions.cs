using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar;

/// <summary>Shapes the finished head as a whole: a shorter neck and a shorter, slightly narrower lower face. Nothing at or above the eyes moves.</summary>
internal static class Proportions
{
    const float From = -1f;
    const float Chin = -9f;

    internal static void Apply(MeshPart part)
    {
        for (var i = 0; i < part.Positions.Count; i++) part.Positions[i] = At(part.Positions[i]);
        foreach (var positions in part.Morphs.Values)
        {
            for (var i = 0; i < positions.Length; i++) positions[i] = At(positions[i]);
        }
    }

    internal static Vector3 At(Vector3 p)
    {
        var below = MathF.Max(From - MathF.Max(p.Y, Chin), 0);
        var narrow = 0.06f * Smooth.Step(-2f, -7.5f, p.Y) * Smooth.Step(-14f, -9.5f, p.Y) * Smooth.Step(-3f, 2f, p.Z);
        return new Vector3(p.X * (1 - narrow), p.Y + 0.11f * below * below / (below + 2f) + 0.2f * Math.Clamp(Chin - p.Y, 0, 4f), p.Z);
    }
}
