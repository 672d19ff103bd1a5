using System.Numerics;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>A shoulder-grazing bob parted on the figure's left: an undercoat on the scalp and about ninety overlapping locks.</summary>
internal static class Hair
{
    const float Part = 16f;

    static readonly Keys Hairline = new((0, 0.79f), (34, 0.85f), (52, 1.0f), (66, 1.2f), (80, 1.35f), (105, 1.55f), (140, 1.8f), (180, 1.85f));

    internal static MeshPart Build()
    {
        var part = new MeshPart("Hair", "hair");
        // Outer locks first: what they hide is then never shaded.
        var index = 0;
        foreach (var strand in Locks()) strand.AddTo(part, index++ * 0.377f % 0.93f);
        Undercoat(part);
        part.ComputeNormals();
        HairLock.SoftenNormals(part);
        return part;
    }

    static void Undercoat(MeshPart part)
    {
        const int Rows = 14, Columns = 40;
        var first = part.Positions.Count;
        for (var r = 0; r < Rows; r++)
        {
            for (var c = 0; c < Columns; c++)
            {
                var degrees = c * 360f / Columns;
                var s = Hairline.At(degrees <= 180 ? degrees : 360 - degrees) * Math.Max(r / (Rows - 1f), 0.004f);
                var p = HairGuide.At(degrees, s, Smooth.Lerp(0.15f, -0.25f, Smooth.Step(0.3f, 0.75f, s)));
                part.Add(p, new Vector2(c % 8 * 0.1f, HairLock.Height(p.Y)), Skinning.To("head"));
            }
        }
        part.Lattice(first, Rows, Columns, closed: true, flip: true);
    }

    static IEnumerable<HairLock> Locks() => [.. Loose(), .. Fringe(), .. Sides(), .. Crown(), .. Back()];

    static IEnumerable<HairLock> Back()
    {
        for (var i = 0; i < 17; i++)
        {
            var d = 78f + i * 12.75f;
            var sway = Wobble(i, 5f);
            yield return new HairLock(1.75f, 0.5f, new(d, 0.55f, 0.1f), new(d + sway, 1.05f, 0.15f), new(d, 1.6f, 0.1f), new(d - sway, 2.05f, 0), new(d + sway * 2, 2.32f + Wobble(i + 3, 0.09f), -0.5f));
        }
        for (var i = 0; i < 15; i++)
        {
            var d = 86f + i * 13.4f;
            var sway = Wobble(i + 40, 6f);
            yield return new HairLock(1.9f, 0.6f, new(d, 0.28f, 0.25f), new(d + sway * 0.5f, 0.8f, 0.5f), new(d + sway, 1.4f, 0.65f), new(d, 1.9f, 0.45f), new(d - sway, 2.2f + Wobble(i + 9, 0.12f), -0.15f));
        }
    }

    // From the parting over the top to the sides and the back; they hide the crown's pole.
    static IEnumerable<HairLock> Crown()
    {
        for (var i = 0; i < 16; i++)
        {
            var d = 62f + i * 15.6f;
            yield return new HairLock(1.6f, 0.34f, new(Part + 0.35f * (d - Part), 0.06f, 0.12f), new(d, 0.24f, 0.3f), new(d + Wobble(i, 3f), 0.6f, 0.6f),
                new(d + Wobble(i + 5, 5f), 1.02f, 0.7f), new(d - Wobble(i, 4f), 1.45f + Wobble(i + 2, 0.2f), 0.6f));
        }
    }

    static IEnumerable<HairLock> Sides()
    {
        foreach (var side in new[] { 1f, -1f })
        {
            yield return Side(50, 0.8f, 0.2f, 1.75f, -1f, 5);
            yield return Side(59, 1.15f, 0.1f, 2.05f, 0f, 3);
            yield return Side(54, 1.05f, 0.4f, 1.95f, 2f);
            yield return Side(64, 1.2f, 0.36f, 2.16f, 2f);
            yield return Side(72, 1.35f, 0.36f, 2.3f, -2f);
            yield return Side(83, 1.4f, 0.45f, 2.22f, -3f);
            yield return Side(94, 1.4f, 0.55f, 2.32f, 3f);

            HairLock Side(float d, float half, float lift, float end, float sway, float turn = -5)
            {
                var root = side > 0 ? Part + 3 : Part - 4;
                return new HairLock(half, 0.42f,
                    new(root, 0.09f, 0.12f), new(root + (side * d - root) * 0.6f, 0.46f, lift + 0.1f), new(side * d, 0.9f, lift + 0.2f),
                    new(side * (d + sway), 0.9f + (end - 0.9f) * 0.33f, lift + 0.1f), new(side * (d + 1), 0.9f + (end - 0.9f) * 0.62f, lift + 0.1f), new(side * (d - sway), 0.9f + (end - 0.9f) * 0.85f, lift - 0.1f), new(side * (d + turn), end, lift - 0.55f));
            }
        }
    }

    static IEnumerable<HairLock> Fringe()
    {
        // Swept over the forehead to the figure's right, then the shorter sweep to the left.
        (float Degrees, float End, float Half, float Lift)[] sweeps =
        [
            (-3, 0.85f, 0.85f, 0.42f), (-10, 0.9f, 0.6f, 0.6f), (-17, 0.885f, 0.95f, 0.46f), (-24, 0.95f, 0.6f, 0.66f), (-31, 0.925f, 1f, 0.5f), (-38, 1.0f, 0.7f, 0.7f),
            (-45, 1.03f, 1f, 0.56f), (-51, 1.2f, 0.75f, 0.74f), (-58, 1.42f, 0.95f, 0.66f),
            (24, 0.86f, 0.6f, 0.42f), (32, 0.92f, 0.85f, 0.52f), (41, 0.99f, 0.8f, 0.64f), (49, 1.12f, 0.9f, 0.56f), (57, 1.36f, 0.9f, 0.68f),
        ];
        foreach (var (d, end, half, lift) in sweeps)
        {
            var way = d < Part ? -1f : 1f;
            yield return new HairLock(half, 0.34f,
                new(Part + way * 4f, 0.07f, 0.12f), new(Part + (d - Part) * 0.26f, 0.42f, lift + 0.1f), new(Part + (d - Part) * 0.62f, 0.66f, lift + 0.3f),
                new(Part + (d - Part) * 0.92f, 0.66f + (end - 0.66f) * 0.6f, lift + 0.18f), new(d + way * 5, end, lift - 0.25f));
        }
    }

    // Thin strands that break the outline.
    static IEnumerable<HairLock> Loose()
    {
        yield return new HairLock(0.26f, 0.14f, new(Part, 0.3f, 0.5f), new(8, 0.5f, 0.85f), new(-4, 0.72f, 1f), new(-11, 0.88f, 0.8f), new(-15, 0.97f, 0.55f));
        yield return new HairLock(0.24f, 0.13f, new(Part, 0.34f, 0.5f), new(24, 0.56f, 0.9f), new(36, 0.76f, 1.05f), new(42, 0.96f, 0.8f), new(42, 1.12f, 0.5f));
        yield return new HairLock(0.28f, 0.14f, new(60, 0.9f, 0.9f), new(64, 1.3f, 1.0f), new(61, 1.75f, 0.7f), new(54, 2.08f, 0.1f));
        yield return new HairLock(0.28f, 0.14f, new(-60, 0.9f, 0.9f), new(-65, 1.3f, 1.05f), new(-62, 1.75f, 0.8f), new(-54, 2.12f, 0.1f));
        yield return new HairLock(0.26f, 0.14f, new(140, 0.3f, 0.5f), new(130, 0.8f, 1.1f), new(126, 1.4f, 1.2f), new(131, 2.0f, 0.8f), new(128, 2.3f, 0.7f));
        yield return new HairLock(0.26f, 0.14f, new(-140, 0.3f, 0.5f), new(-128, 0.8f, 1.1f), new(-124, 1.4f, 1.2f), new(-130, 2.0f, 0.8f), new(-126, 2.32f, 0.7f));
    }

    static float Wobble(int i, float amount) => amount * MathF.Sin(i * 2.399f + 0.7f);
}
