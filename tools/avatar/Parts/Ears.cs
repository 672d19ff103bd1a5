using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>Ears as shallow shells with a raised rim, a hollow and a lobe.</summary>
internal static class Ears
{
    internal static MeshPart Build()
    {
        const int Rings = 8, Steps = 20;
        var part = new MeshPart("Ears", "skin");
        var (right, up, outward) = (Vector3.Normalize(new Vector3(0.16f, 0.12f, -1f)), Vector3.Normalize(new Vector3(0.1f, 1f, -0.12f)), Vector3.Normalize(new Vector3(1f, 0, 0.28f)));
        for (var r = 0; r <= Rings; r++)
        {
            var share = r / (float)Rings;
            for (var i = 0; i < Steps; i++)
            {
                var angle = i * MathF.Tau / Steps;
                float x = MathF.Cos(angle), y = MathF.Sin(angle);
                var (width, height) = (y < 0 ? 1.05f + 0.25f * y : 1.25f, y < 0 ? 1.9f : 1.75f);
                var rim = 0.36f * Smooth.Bell(share - 0.8f, 0.17f) * Smooth.Step(-0.95f, -0.3f, y + 0.4f * x);
                var hollow = -0.3f * Smooth.Bell(share * x + 0.15f, share * y + 0.15f, 0.42f, 0.5f);
                var back = -0.85f * Smooth.Step(0.86f, 1f, share);
                var p = new Vector3(6.7f, -1.1f, -2.1f) + right * (x * share * width) + up * (y * share * height) + outward * (rim + hollow + back + 0.2f * x * share);
                part.Add(p, new Vector2(0.01f + 0.07f * Math.Clamp(-hollow * 2.4f + 0.5f * Smooth.Bell(share - 0.6f, 0.1f), 0, 1), 0.01f), Skinning.To("head"));
            }
        }
        part.Lattice(0, Rings + 1, Steps, closed: true);
        part.ComputeNormals();
        part.MirrorAll();
        return part;
    }
}
