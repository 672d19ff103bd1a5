using System.Text.Json.Nodes;

namespace JeanTrail.Avatar.Vrm;

/// <summary>The VRMC_vrm object: who made it and what may be done with it, the humanoid, gaze and expressions.</summary>
internal static class VrmExtension
{
    internal static JsonObject ToJson(IReadOnlyList<MeshPart> parts) => new()
    {
        ["specVersion"] = "1.0",
        ["meta"] = new JsonObject
        {
            ["name"] = "Jean",
            ["version"] = "1.0",
            ["authors"] = new JsonArray("The JeanTrail authors"),
            ["licenseUrl"] = "https://vrm.dev/licenses/1.0/",
            ["avatarPermission"] = "everyone",
            ["commercialUsage"] = "corporation",
            ["modification"] = "allowModificationRedistribution",
            ["allowRedistribution"] = true,
            ["creditNotation"] = "unnecessary",
        },
        ["humanoid"] = new JsonObject
        {
            ["humanBones"] = new JsonObject(Skeleton.Bones.Select((b, i) => KeyValuePair.Create(b.Name, (JsonNode?)new JsonObject { ["node"] = i }))),
        },
        ["firstPerson"] = new JsonObject(),
        ["lookAt"] = new JsonObject
        {
            ["type"] = "bone",
            ["offsetFromHeadBone"] = new JsonArray(0, 0.085f, 0.08f),
            ["rangeMapHorizontalInner"] = Range(35, 10),
            ["rangeMapHorizontalOuter"] = Range(35, 10),
            ["rangeMapVerticalDown"] = Range(25, 6.5f),
            ["rangeMapVerticalUp"] = Range(25, 6),
        },
        ["expressions"] = new JsonObject
        {
            ["preset"] = Group(parts, Expressions.All.Where(e => e.IsPreset)),
            ["custom"] = Group(parts, Expressions.All.Where(e => !e.IsPreset)),
        },
    };

    static JsonObject Range(float input, float output) => new() { ["inputMaxValue"] = input, ["outputScale"] = output };

    static JsonObject Group(IReadOnlyList<MeshPart> parts, IEnumerable<Expression> expressions) =>
        new(expressions.Select(e => KeyValuePair.Create(e.Name, (JsonNode?)ToJson(parts, e))));

    static JsonObject ToJson(IReadOnlyList<MeshPart> parts, Expression expression)
    {
        var binds = new JsonArray();
        foreach (var (muscle, weight) in expression.Muscles)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var index = parts[i].Morphs.Keys.ToList().IndexOf(muscle);
                if (index >= 0) binds.Add(new JsonObject { ["node"] = Skeleton.Bones.Count + i, ["index"] = index, ["weight"] = weight });
            }
        }
        return new JsonObject
        {
            ["morphTargetBinds"] = binds,
            ["isBinary"] = false,
            ["overrideBlink"] = "none",
            ["overrideLookAt"] = "none",
            ["overrideMouth"] = "none",
        };
    }
}
