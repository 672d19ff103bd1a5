using System.Numerics;

namespace JeanTrail.Avatar.Textures;

/// <summary>An 8-bit RGB picture painted by a function of texture coordinates; colours are sRGB, 0..1.</summary>
internal sealed class Canvas
{
    // Steps of two levels are invisible in soft gradients and halve the compressed size.
    const float Levels = 127f;

    internal Canvas(int width, int height, Func<float, float, Vector3> paint)
    {
        Width = width;
        Height = height;
        Pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var colour = Vector3.Clamp(paint((x + 0.5f) / width, (y + 0.5f) / height), Vector3.Zero, Vector3.One);
                var at = (y * width + x) * 3;
                Pixels[at] = Quantise(colour.X);
                Pixels[at + 1] = Quantise(colour.Y);
                Pixels[at + 2] = Quantise(colour.Z);
            }
        }
    }

    internal int Width { get; }
    internal int Height { get; }
    internal byte[] Pixels { get; }

    static byte Quantise(float v) => (byte)MathF.Round(MathF.Round(v * Levels) * (255f / Levels));
}

internal static class Colour
{
    internal static Vector3 Rgb(int r, int g, int b) => new(r / 255f, g / 255f, b / 255f);

    internal static Vector3 Over(this Vector3 below, Vector3 above, float alpha) => Vector3.Lerp(below, above, Math.Clamp(alpha, 0f, 1f));

    /// <summary>Linear value of an sRGB colour, as glTF factors want it. Source: IEC 61966-2-1.</summary>
    internal static float[] Linear(this Vector3 srgb) => [Channel(srgb.X), Channel(srgb.Y), Channel(srgb.Z)];

    static float Channel(float c) => MathF.Round(c <= 0.04045f ? c / 12.92f : MathF.Pow((c + 0.055f) / 1.055f, 2.4f), 4);
}
