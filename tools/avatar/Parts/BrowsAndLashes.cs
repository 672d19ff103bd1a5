using System.Numerics;
using JeanTrail.Avatar.Face;
using JeanTrail.Avatar.Geometry;

namespace JeanTrail.Avatar.Parts;

/// <summary>Brows as tapered strips on the skin, lashes as ribbons on the lid margins. Both move with the skin beneath them.</summary>
internal static class BrowsAndLashes
{
    const int Steps = 26;
    static readonly Skinning Head = Skinning.To("head");

    static readonly Keys BrowHeight = new((0, 2.66f), (0.3f, 2.88f), (0.6f, 2.98f), (1, 2.62f));
    static readonly Keys BrowWidth = new((0, 0.05f), (0.08f, 0.15f), (0.3f, 0.21f), (0.55f, 0.19f), (0.8f, 0.11f), (1, 0.02f));
    static readonly Keys LashWidth = new((0, 0.03f), (0.2f, 0.12f), (0.5f, 0.2f), (0.8f, 0.27f), (0.96f, 0.27f), (1.12f, 0.02f));

    internal static IEnumerable<MeshPart> Build()
    {
        yield return Brows();
        yield return Lashes();
    }

    static MeshPart Brows()
    {
        var part = new MeshPart("Brows", "brow");
        var where = new List<FacePoint>();
        for (var row = 0; row < 3; row++)
        {
            for (var i = 0; i <= Steps; i++)
            {
                var t = i / (float)Steps;
                float a = Smooth.Lerp(1.25f, 5.1f, t), b = BrowHeight.At(t) + (row - 1) * BrowWidth.At(t);
                var p = FaceSurface.At(a, b);
                part.Add(p + Outward(p) * (row == 1 ? 0.12f : 0.05f), new Vector2(0.5f, 0.5f), Head);
                where.Add(new FacePoint(p, a, b, false));
            }
        }
        part.Lattice(0, 3, Steps + 1);
        Finish(part, ["browInnerUp", "browUp", "browDown"], (muscle, i) => muscle.Displace(where[i]));
        return part;
    }

    static MeshPart Lashes()
    {
        var part = new MeshPart("Lashes", "lash");
        var lids = new List<(float Along, float Out, bool Upper)>();
        Ribbon(part, lids, true, 1.1f, t => LashWidth.At(t));
        Ribbon(part, lids, false, 0.97f, t => t < 0.3f ? 0.012f : 0.05f * Smooth.Bell(t - 0.8f, 0.28f) + 0.012f);
        foreach (var (at, length) in new[] { (0.87f, 0.4f) }) Spike(part, lids, at, length);
        Finish(part, ["blinkLeft", "blinkRight", "lidsLower", "lidsWide", "squint"], (muscle, i) => Follow(muscle.Name, lids[i]));
        return part;
    }

    static void Ribbon(MeshPart part, List<(float, float, bool)> lids, bool upper, float end, Func<float, float> width)
    {
        var first = part.Positions.Count;
        for (var row = 0; row < 3; row++)
        {
            for (var i = 0; i <= Steps; i++)
            {
                var along = Smooth.Lerp(0.015f, end, i / (float)Steps);
                var outward = row switch { 0 => -0.035f, 1 => width(along) * 0.5f, _ => width(along) };
                lids.Add((along, outward, upper));
                part.Add(OnLid(along, outward, upper, 0, 0), new Vector2(0.5f, 0.5f), Head);
            }
        }
        part.Lattice(first, 3, Steps + 1, flip: !upper);
    }

    static void Spike(MeshPart part, List<(float, float, bool)> lids, float at, float length)
    {
        var first = part.Positions.Count;
        foreach (var (along, outward) in new[] { (at - 0.05f, 0.16f), (at + 0.04f, 0.16f), (at + 0.1f, length) })
        {
            lids.Add((along, outward, true));
            part.Add(OnLid(along, outward, true, 0, 0), new Vector2(0.5f, 0.5f), Head);
        }
        part.Triangle(first, first + 1, first + 2);
    }

    /// <summary>A point of the lash: on the lid's margin, then away from the eye. On a shut lid the upper lashes point down and out.</summary>
    static Vector3 OnLid(float along, float outward, bool upper, float upperShare, float lowerShare)
    {
        var a = EyeShape.A(along);
        var inside = Math.Clamp(along, 0f, 1f);
        var margin = upper ? EyeShape.UpperLid(inside) : EyeShape.LowerLid(inside);
        var beyond = Math.Max(along - 1f, 0f) * (EyeShape.Outer - EyeShape.Inner);
        margin += beyond * 0.9f;
        var moved = UpperMuscles.MovedHeight(EyeShape.A(inside), margin, upper ? upperShare : 0, upper ? 0 : lowerShare);
        var p = FaceSurface.At(a, moved);
        var reach = MathF.Max(outward, 0);
        var up = upper ? 1f - 1.75f * Math.Clamp(upperShare, 0, 1) : -1f;
        var curl = upper ? 0.06f + reach * 0.62f : 0.04f + reach * 0.3f;
        return p + Outward(p) * curl + new Vector3(upper ? reach * 0.35f * Smooth.Step(0.3f, 1f, along) : 0, outward * up, 0);
    }

    static Vector3 Follow(string muscle, (float Along, float Out, bool Upper) at)
    {
        var (upper, lower) = muscle switch
        {
            "lidsLower" => (0.45f, 0f),
            "lidsWide" => (-0.16f, -0.35f),
            "squint" => (0.16f, 2.6f),
            _ => (1f, 1f),
        };
        return OnLid(at.Along, at.Out, at.Upper, upper, lower) - OnLid(at.Along, at.Out, at.Upper, 0, 0);
    }

    static Vector3 Outward(Vector3 p) => Vector3.Normalize(new Vector3(p.X * 0.75f, 0, 6f));

    static void Finish(MeshPart part, string[] names, Func<Muscle, int, Vector3> displace)
    {
        var half = part.Positions.Count;
        part.ComputeNormals();
        part.MirrorAll();
        foreach (var muscle in names.Select(Muscles.Named))
        {
            var moved = part.Positions.ToArray();
            for (var i = 0; i < half; i++)
            {
                var d = displace(muscle, i);
                if (muscle.Side != FaceSide.Right) moved[i] += d;
                if (muscle.Side != FaceSide.Left) moved[i + half] += MeshPart.Reflect(d);
            }
            part.Morphs[muscle.Name] = moved;
        }
    }
}
