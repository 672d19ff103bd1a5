using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>A shoulder-grazing bob parted on the figure's left: an undercoat on the scalp and about ninety overlapping locks.</summary>
internal static class Hair
{
    const float Part = 16f;

    static readonly Keys Hairline = new((0, 0.74f), (35, 0.78f), (58, 0.98f), (75, 1.2f), (105, 1.55f), (140, 1.8f), (180, 1.85f));

    internal static MeshPart Build()
    {
        var part = new MeshPart("Hair", "hair");
        Undercoat(part);
        var index = 0;
        foreach (var strand in Locks()) strand.AddTo(part, index++ * 0.377f % 0.93f);
        part.ComputeNormals();
        return part;
    }

    static void Undercoat(MeshPart part)
    {
        const int Rows = 14, Columns = 48;
        for (var r = 0; r < Rows; r++)
        {
            for (var c = 0; c < Columns; c++)
            {
                var degrees = c * 360f / Columns;
                var s = Hairline.At(degrees <= 180 ? degrees : 360 - degrees) * Math.Max(r / (Rows - 1f), 0.004f);
                var p = HairGuide.At(degrees, s, -0.25f);
                part.Add(p, new Vector2(c % 8 * 0.1f, HairLock.Height(p.Y)), Skinning.To("head"));
            }
        }
        part.Lattice(0, Rows, Columns, closed: true);
    }

    static IEnumerable<HairLock> Locks() => [.. Back(), .. Crown(), .. Sides(), .. Fringe(), .. Loose()];

    static IEnumerable<HairLock> Back()
    {
        for (var i = 0; i < 17; i++)
        {
            var d = 78f + i * 12.75f;
            var sway = Wobble(i, 5f);
            yield return new HairLock(1.75f, 0.5f, 0, new(d, 0.55f, 0.1f), new(d + sway, 1.05f, 0.15f), new(d, 1.6f, 0.1f), new(d - sway, 2.05f, 0), new(d + sway * 2, 2.32f + Wobble(i + 3, 0.09f), -0.5f));
        }
        for (var i = 0; i < 15; i++)
        {
            var d = 86f + i * 13.4f;
            var sway = Wobble(i + 40, 6f);
            yield return new HairLock(1.9f, 0.6f, 0, new(d, 0.28f, 0.25f), new(d + sway * 0.5f, 0.8f, 0.5f), new(d + sway, 1.4f, 0.65f), new(d, 1.9f, 0.45f), new(d - sway, 2.2f + Wobble(i + 9, 0.12f), -0.15f));
        }
    }

    // From the parting over the top to the sides and the back; they hide the crown's pole.
    static IEnumerable<HairLock> Crown()
    {
        for (var i = 0; i < 14; i++)
        {
            var d = 70f + i * 17f;
            yield return new HairLock(1.7f, 0.5f, 0, new(Part, 0.1f, 0.35f), new(d, 0.22f, 0.5f), new(d + Wobble(i, 4f), 0.62f, 0.62f), new(d + Wobble(i + 5, 5f), 1.05f, 0.72f), new(d, 1.5f + Wobble(i + 2, 0.2f), 0.6f));
        }
    }

    static IEnumerable<HairLock> Sides()
    {
        foreach (var side in new[] { 1f, -1f })
        {
            var root = side > 0 ? Part + 4 : Part - 6;
            yield return Side(56, 0.95f, 0.62f, 1.85f);
            yield return Side(64, 1.25f, 0.5f, 2.12f);
            yield return Side(73, 1.4f, 0.42f, 2.28f);
            yield return Side(84, 1.5f, 0.5f, 2.2f);
            yield return Side(95, 1.5f, 0.62f, 2.3f);

            HairLock Side(float d, float half, float lift, float end) => new(half, 0.5f, 0,
                new(root, 0.34f, 0.35f), new(side * d * 0.72f, 0.56f, lift + 0.15f), new(side * d, 0.98f, lift + 0.2f),
                new(side * (d + 2), 1.45f, lift), new(side * (d - 2), end - 0.28f, lift - 0.15f), new(side * (d - 9), end, lift - 0.75f));
        }
    }

    static IEnumerable<HairLock> Fringe()
    {
        // Swept over the forehead to the figure's right, then the shorter sweep to the left.
        yield return Sweep(-4, 0.93f, 1.15f, 0.55f);
        yield return Sweep(-15, 0.965f, 1.2f, 0.62f);
        yield return Sweep(-26, 0.985f, 1.2f, 0.55f);
        yield return Sweep(-37, 1.03f, 1.15f, 0.62f);
        yield return Sweep(-48, 1.13f, 1.1f, 0.7f);
        yield return Sweep(-57, 1.38f, 1.05f, 0.75f);
        yield return Sweep(23, 0.9f, 0.8f, 0.5f);
        yield return Sweep(33, 0.96f, 1.05f, 0.62f);
        yield return Sweep(44, 1.05f, 1.1f, 0.7f);
        yield return Sweep(54, 1.3f, 1.05f, 0.75f);

        static HairLock Sweep(float d, float end, float half, float lift)
        {
            var way = d < Part ? -1f : 1f;
            return new HairLock(half, 0.42f, 0,
                new(Part + way * 2, 0.36f, 0.3f), new(Part + (d - Part) * 0.3f, 0.52f, lift + 0.35f), new(Part + (d - Part) * 0.66f, 0.7f, lift + 0.35f),
                new(Part + (d - Part) * 0.92f, 0.7f + (end - 0.7f) * 0.62f, lift + 0.1f), new(d + way * 4, end, lift - 0.35f));
        }
    }

    // Thin strands that break the outline.
    static IEnumerable<HairLock> Loose()
    {
        yield return new HairLock(0.32f, 0.16f, 0, new(Part, 0.3f, 0.5f), new(6, 0.5f, 1.15f), new(-6, 0.72f, 1.2f), new(-12, 0.9f, 0.9f), new(-15, 1.02f, 0.6f));
        yield return new HairLock(0.3f, 0.15f, 0, new(Part, 0.34f, 0.5f), new(24, 0.56f, 1.1f), new(36, 0.76f, 1.2f), new(43, 0.98f, 0.9f), new(44, 1.16f, 0.6f));
        yield return new HairLock(0.3f, 0.15f, 0, new(60, 0.9f, 0.9f), new(64, 1.3f, 1.1f), new(62, 1.75f, 0.7f), new(56, 2.05f, 0.1f));
        yield return new HairLock(0.3f, 0.15f, 0, new(-60, 0.9f, 0.9f), new(-65, 1.3f, 1.15f), new(-63, 1.75f, 0.8f), new(-55, 2.1f, 0.1f));
    }

    static float Wobble(int i, float amount) => amount * MathF.Sin(i * 2.399f + 0.7f);
}
