using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Textures;

internal static class HairPainter
{
    /// <summary>Chestnut, deeper at the roots, lighter at the tips, streaked along the locks, one ring of shine around the dome.</summary>
    internal static Canvas Paint() => new(512, 512, (u, v) =>
    {
        var y = 13.8f - v * 28f;
        var c = Colour.Rgb(92, 50, 44).Over(Colour.Rgb(126, 70, 56), Smooth.Step(11f, 2f, y)).Over(Colour.Rgb(176, 104, 80), 0.75f * Smooth.Step(-3f, -13f, y));
        var streak = MathF.Sin(u * 177f) * 0.4f + MathF.Sin(u * 409f + 1f) * 0.35f + MathF.Sin(u * 823f + 2f) * 0.25f;
        c = c.Over(streak > 0 ? Colour.Rgb(176, 108, 84) : Colour.Rgb(62, 30, 30), 0.26f * MathF.Abs(streak));
        c = c.Over(Colour.Rgb(172, 100, 74), 0.11f + 0.11f * MathF.Sin(u * 31f)).Over(Colour.Rgb(70, 34, 34), 0.1f + 0.1f * MathF.Sin(u * 47f + 2f));
        var jag = 0.55f * MathF.Sin(u * 151f) + 0.35f * MathF.Sin(u * 367f + 0.5f);
        var ring = Smooth.Bell(y - 7.9f - jag, 0.75f) * (0.55f + 0.45f * MathF.Sin(u * 211f + 0.3f));
        return c.Over(Colour.Rgb(236, 176, 142), 0.6f * ring).Over(Colour.Rgb(200, 128, 100), 0.25f * Smooth.Bell(y + 5.5f - jag, 1.6f));
    });
}
