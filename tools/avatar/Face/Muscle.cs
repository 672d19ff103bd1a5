using System.Numerics;

namespace JeanTrail.Avatar.Face;

internal enum FaceSide
{
    Both,
    Left,
    Right,
}

/// <summary>
/// A point of the left half of the face, at rest. <paramref name="LowerLip"/> separates the lips where they touch and both sides
/// have the same place; <paramref name="Depth"/> is how far behind the lips the point lies inside the mouth.
/// </summary>
internal readonly record struct FacePoint(Vector3 Position, float A, float B, bool LowerLip, float Depth = 0);

/// <summary>One facial muscle: a displacement of every point of the left half of the face, mirrored for the right.</summary>
internal sealed record Muscle(string Name, FaceSide Side, Func<FacePoint, Vector3> Displace);
