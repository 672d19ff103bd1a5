namespace JeanTrail.Avatar.Geometry;

/// <summary>Scalar shaping functions. Lengths are centimetres throughout the tool; the writer converts to metres.</summary>
internal static class Smooth
{
    /// <summary>Hermite step from 0 at <paramref name="from"/> to 1 at <paramref name="to"/>; the ends may be given in either order.</summary>
    internal static float Step(float from, float to, float x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0f, 1f);
        return t * t * (3f - 2f * t);
    }

    /// <summary>Gaussian bell: 1 at 0, 1/e at <paramref name="width"/>.</summary>
    internal static float Bell(float x, float width) => MathF.Exp(-(x / width) * (x / width));

    /// <summary>Elliptical Gaussian bell in two dimensions.</summary>
    internal static float Bell(float x, float y, float width, float height) => Bell(x, width) * Bell(y, height);

    /// <summary>Half ellipse: 1 at 0, 0 at and beyond ±<paramref name="half"/>.</summary>
    internal static float Dome(float x, float half, float power = 0.5f)
    {
        var t = 1f - x / half * (x / half);
        return t <= 0 ? 0 : MathF.Pow(t, power);
    }

    internal static float Lerp(float a, float b, float t) => a + (b - a) * t;

    internal static float Radians(float degrees) => degrees * (MathF.PI / 180f);
}
