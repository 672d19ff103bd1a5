using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Textures;

internal static class EyePainter
{
    internal static Canvas White() => new(64, 64, (_, v) =>
        Colour.Rgb(252, 250, 249).Over(Colour.Rgb(176, 166, 190), 0.85f * Smooth.Step(0.5f, 0.27f, v)).Over(Colour.Rgb(240, 205, 200), 0.25f * Smooth.Step(0.56f, 0.68f, v)));

    /// <summary>Teal, dark above where the lid shades it, bright below, with a fan of fine fibres around the pupil.</summary>
    internal static Canvas Iris() => new(256, 256, (u, v) =>
    {
        float x = (u - 0.5f) / 0.49f, y = (0.5f - v) / 0.49f;
        var radius = MathF.Sqrt(x * x + y * y);
        var angle = MathF.Atan2(y, x);
        var c = Colour.Rgb(14, 96, 104).Over(Colour.Rgb(38, 168, 164), Smooth.Step(0.55f, -0.55f, y));
        c = c.Over(Colour.Rgb(146, 236, 214), 0.85f * Smooth.Bell(x, y + 0.5f, 0.52f, 0.28f));
        var fibres = MathF.Sin(angle * 23f) * 0.5f + MathF.Sin(angle * 41f + 1.3f) * 0.3f + MathF.Sin(angle * 67f + 0.4f) * 0.2f;
        c = c.Over(fibres > 0 ? Colour.Rgb(150, 232, 216) : Colour.Rgb(6, 62, 72), 0.24f * MathF.Abs(fibres) * Smooth.Bell(radius - 0.66f, 0.22f));
        c = c.Over(Colour.Rgb(5, 40, 50), 0.75f * Smooth.Step(0.05f, 0.85f, y));
        c = c.Over(Colour.Rgb(4, 34, 44), Smooth.Step(0.78f, 0.96f, radius));
        return c.Over(Colour.Rgb(4, 22, 30), Smooth.Step(0.44f, 0.36f, MathF.Sqrt(x * x + y * y * 0.85f)));
    });
}
