using JeanTrail.Avatar.Face;
using JeanTrail.Avatar.Parts;
using JeanTrail.Avatar.Vrm;

namespace JeanTrail.Avatar;

/// <summary>Puts Jean together. Everything is computed from fixed numbers, so the same build gives the same bytes.</summary>
internal static class JeanBody
{
    internal static IReadOnlyList<MeshPart> BuildParts()
    {
        List<MeshPart> parts =
        [
        FaceMesh.Build().Part,
        Ears.Build(),
        .. Eyes.Build(),
        .. MouthInside.Build(),
        .. BrowsAndLashes.Build(),
        Hair.Build(),
        HairClip.Build(),
        .. Clothing.Build(),
        ];
        foreach (var part in parts) Proportions.Apply(part);
        return parts;
    }

    internal static byte[] BuildVrm() => VrmWriter.Write(BuildParts());
}
