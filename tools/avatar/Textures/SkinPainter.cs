using System.Numerics;
using JeanTrail.Avatar.Face;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Textures;

/// <summary>Paints the face in surface parameters, so that every touch of colour sits exactly on its feature.</summary>
internal static class SkinPainter
{
    static readonly Vector3 Skin = Colour.Rgb(255, 228, 211);
    static readonly Vector3 Blush = Colour.Rgb(250, 158, 140);
    static readonly Vector3 Shade = Colour.Rgb(226, 158, 138);
    static readonly Vector3 Lip = Colour.Rgb(232, 134, 124);
    static readonly Vector3 LipLight = Colour.Rgb(248, 178, 166);
    static readonly Vector3 LipLine = Colour.Rgb(158, 70, 70);
    static readonly Vector3 Throat = Colour.Rgb(74, 20, 30);
    static readonly Vector3 Gum = Colour.Rgb(176, 72, 78);
    static readonly Vector3 Crease = Colour.Rgb(172, 106, 92);
    static readonly Vector3 Waterline = Colour.Rgb(206, 138, 128);

    internal static Canvas Paint() => new(1024, 1024, (u, v) => u < 0.09f && v < 0.025f ? Ear(u) : Face(MathF.Abs(u - 0.5f) * 22f, 9f - v * 24f));

    static Vector3 Ear(float u) => Skin.Over(Blush, 0.25f).Over(Shade, Smooth.Step(0.015f, 0.08f, u) * 0.85f);

    static Vector3 Face(float a, float planeB)
    {
        var b = MouthShape.Close(a, planeB);
        var c = Skin;
        c = c.Over(Shade, 0.3f * Smooth.Step(3.6f, 7f, b));
        c = c.Over(Shade, 0.55f * Smooth.Step(-9f, -10.6f, b) * Smooth.Step(-17f, -12f, b));
        c = c.Over(Blush, 0.4f * Smooth.Bell(a - 4.1f, b + 2.5f, 1.7f, 0.95f));
        c = c.Over(Blush, 0.2f * Smooth.Bell(a, b + 3f, 0.7f, 0.5f));
        c = c.Over(Shade, 0.35f * Smooth.Bell(a, b + 3.95f, 0.75f, 0.22f));
        c = c.Over(Colour.Rgb(165, 84, 78), 0.75f * Smooth.Bell(a - 0.4f, b + 3.62f, 0.17f, 0.085f));
        c = c.Over(Shade, 0.25f * Smooth.Bell(a, b + 6.75f, 0.9f, 0.22f));
        c = c.Over(Vector3.One, 0.4f * Smooth.Bell(a, b + 2.75f, 0.2f, 0.26f));
        c = Lids(c, a, planeB);
        return Lips(c, a, planeB, b);
    }

    static Vector3 Lids(Vector3 c, float a, float b)
    {
        if (a is < 0.8f or > 6f || b is < -2.4f or > 3f) return c;
        var distance = EyeShape.Distance(a, b);
        var along = EyeShape.Along(a);
        var upper = b > EyeShape.ClosedLine(Math.Clamp(along, 0, 1));
        if (upper)
        {
            c = c.Over(Colour.Rgb(222, 146, 128), 0.45f * Smooth.Step(0.75f, 0f, distance) * Smooth.Step(-0.02f, 0.25f, along));
            var line = Smooth.Bell(distance - 0.42f, 0.055f) * Smooth.Step(0.06f, 0.3f, along) * Smooth.Step(1.06f, 0.9f, along);
            c = c.Over(Crease, 0.75f * line);
        }
        else
        {
            c = c.Over(Colour.Rgb(232, 160, 146), 0.3f * Smooth.Step(0.45f, 0f, distance) * Smooth.Step(-0.02f, 0.25f, along));
        }
        return c.Over(Waterline, Smooth.Step(0.05f, 0f, distance));
    }

    static Vector3 Lips(Vector3 c, float a, float planeB, float b)
    {
        if (a > MouthShape.Corner + 0.3f || b is < -7.5f or > -4.5f) return c;
        var gap = MouthShape.GapHalf(a);
        var depth = gap > 0 ? MathF.Abs(planeB - MouthShape.ContactLine(a)) / gap : 2f;
        if (a < MouthShape.Corner && depth < 1f)
        {
            return Throat.Over(Gum, Smooth.Step(0.45f, 0.75f, depth)).Over(Lip, Smooth.Step(0.78f, 0.92f, depth));
        }
        var v = b - MouthShape.ContactLine(a);
        var share = MouthShape.LipShare(a, b);
        var red = v >= 0 ? Lip.Over(LipLine, 0.16f) : Lip.Over(LipLight, 0.75f * Smooth.Bell(a, share - 0.42f, 0.75f, 0.26f));
        c = c.Over(red, 0.92f * Smooth.Step(1.12f, 0.8f, share) * Smooth.Step(MouthShape.Corner + 0.05f, MouthShape.Corner - 0.25f, a));
        c = c.Over(Blush, 0.25f * Smooth.Bell(share - 1f, 0.4f) * Smooth.Step(MouthShape.Corner, 1.2f, a));
        return c.Over(LipLine, 0.8f * Smooth.Bell(v, 0.045f) * Smooth.Step(MouthShape.Corner + 0.12f, MouthShape.Corner - 0.15f, a));
    }
}
