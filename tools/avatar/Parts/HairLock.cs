using System.Numerics;
using System.Runtime.InteropServices;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>A lock's way over the guide: angle in degrees, s, lift above the guide in centimetres.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HairKey(float Degrees, float S, float Lift);

/// <summary>One tapered lock: a lens-shaped section carried along a curve, rounded outside, flat inside, pointed at the tip.</summary>
internal sealed record HairLock(float HalfWidth, float Thickness, params HairKey[] Way)
{
    const int Rows = 13;
    static readonly (float Across, float Out)[] Section = [(-1, 0), (-0.55f, 0.74f), (0, 1), (0.55f, 0.74f), (1, 0), (0.42f, -0.3f), (-0.42f, -0.3f)];
    static readonly Keys Width = new((0, 0.3f), (0.16f, 0.78f), (0.42f, 1f), (0.68f, 0.86f), (0.87f, 0.48f), (1, 0.02f));

    internal void AddTo(MeshPart part, float textureStart)
    {
        var curve = new SpaceCurve([.. Way.Select(k => HairGuide.At(k.Degrees, k.S, k.Lift))]);
        var first = part.Positions.Count;
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            var middle = curve.At(t);
            var tangent = curve.Direction(t);
            var normal = HairGuide.Normal(middle);
            var across = Vector3.Normalize(Vector3.Cross(tangent, normal));
            normal = Vector3.Normalize(Vector3.Cross(across, tangent));
            float half = HalfWidth * Width.At(t), thick = Thickness * MathF.Sqrt(Width.At(t));
            foreach (var (u, v) in Section)
            {
                // Wide locks bend with the head instead of standing off it like boards.
                var bend = u * half * (u * half) / 17f;
                var p = middle + across * (u * half) + normal * (v * thick - bend);
                part.Add(p, new Vector2(textureStart + (u + 1f) * 0.035f, Height(p.Y)), Skinning.To("head"));
            }
        }
        part.Lattice(first, Rows, Section.Length, closed: true);
    }

    /// <summary>Leans the normals towards the guide's, so that light sees one head of hair and not a bundle of pipes.</summary>
    internal static void SoftenNormals(MeshPart part)
    {
        for (var i = 0; i < part.Positions.Count; i++) part.Normals[i] = Vector3.Normalize(part.Normals[i] * 0.5f + HairGuide.Normal(part.Positions[i]) * 0.5f);
    }

    /// <summary>Texture row by height, so that the shine runs around the head as one ring.</summary>
    internal static float Height(float y) => Math.Clamp((13.8f - y) / 28f, 0.01f, 0.99f);
}
