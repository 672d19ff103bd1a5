using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Textures;

internal static class KnitPainter
{
    const float Ribs = 44f;

    /// <summary>Cream wool with fine vertical ribs, fading where the fabric lies flat on the chest (lower half of the picture).</summary>
    internal static Canvas Paint() => new(512, 64, (u, v) =>
    {
        var rib = 0.5f + 0.5f * MathF.Sin(u * Ribs * MathF.Tau);
        var c = Colour.Rgb(252, 243, 230).Over(Colour.Rgb(214, 190, 172), 0.55f * Smooth.Step(0.55f, 0f, rib) * Smooth.Step(0.6f, 0.5f, v));
        return c.Over(Colour.Rgb(206, 178, 164), 0.5f * Smooth.Step(0.16f, 0.02f, v));
    });
}
