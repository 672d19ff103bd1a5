using System.Numerics;
using JeanTrail.Avatar.Face;

namespace JeanTrail.Avatar.Vrm;

/// <summary>The bones VRM 1.0 asks for, in T-pose; places in centimetres from the middle of the eye line.</summary>
internal static class Skeleton
{
    internal sealed record Bone(string Name, string? Parent, Vector3 Place);

    internal static IReadOnlyList<Bone> Bones { get; } =
    [
        new("hips", null, new(0, -62, -2)),
        new("spine", "hips", new(0, -52, -2)),
        new("chest", "spine", new(0, -42, -2)),
        new("upperChest", "chest", new(0, -30, -2)),
        new("neck", "upperChest", new(0, -16.5f, -3)),
        new("head", "neck", new(0, -8.5f, -2.4f)),
        new("leftEye", "head", EyeShape.BallCentre),
        new("rightEye", "head", MeshPart.Reflect(EyeShape.BallCentre)),
        .. Side("left", 1f),
        .. Side("right", -1f),
    ];

    static IEnumerable<Bone> Side(string side, float x) =>
    [
        new(side + "Shoulder", "upperChest", new(3 * x, -20, -2)),
        new(side + "UpperArm", side + "Shoulder", new(13.5f * x, -21, -2)),
        new(side + "LowerArm", side + "UpperArm", new(38 * x, -21, -2)),
        new(side + "Hand", side + "LowerArm", new(60 * x, -21, -2)),
        new(side + "UpperLeg", "hips", new(8 * x, -66, -2)),
        new(side + "LowerLeg", side + "UpperLeg", new(8 * x, -104, -2)),
        new(side + "Foot", side + "LowerLeg", new(8 * x, -142, -2)),
    ];
}
