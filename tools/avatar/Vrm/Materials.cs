using System.Numerics;
using System.Text.Json.Nodes;
using JeanTrail.Avatar.Textures;

namespace JeanTrail.Avatar.Vrm;

/// <summary>Toon materials (VRMC_materials_mtoon 1.0) over plain glTF ones, and the pictures they use.</summary>
internal static class Materials
{
    /// <summary>Colours are sRGB for the lit and the shaded side; Toony goes from 0 (soft gradient) to 1 (hard edge); Rim is the edge light.</summary>
    internal sealed record Toon(string Name, Vector3 Colour, Vector3 Shade, string? Texture = null, float Toony = 0.6f, float Shift = -0.1f, bool TwoSided = false, float Rim = 0.12f);

    internal static IReadOnlyList<Toon> All { get; } =
    [
        new("skin", Vector3.One, Colour.Rgb(238, 190, 178), "skin", 0.45f, -0.18f, Rim: 0),
        new("eyeWhite", Vector3.One, Colour.Rgb(230, 220, 228), "eyeWhite", 0.4f, -0.3f, Rim: 0),
        new("iris", Vector3.One, Colour.Rgb(235, 235, 240), "iris", 0.4f, -0.5f, Rim: 0),
        new("eyeLight", Vector3.One, Vector3.One, Rim: 0),
        new("teeth", Colour.Rgb(252, 248, 244), Colour.Rgb(226, 206, 206), Shift: -0.2f, Rim: 0),
        new("tongue", Colour.Rgb(222, 112, 114), Colour.Rgb(176, 76, 86), Rim: 0),
        new("brow", Colour.Rgb(104, 60, 50), Colour.Rgb(86, 46, 42), TwoSided: true, Rim: 0),
        new("lash", Colour.Rgb(54, 28, 30), Colour.Rgb(44, 22, 26), TwoSided: true, Rim: 0),
        new("hair", Vector3.One, Colour.Rgb(176, 148, 160), "hair", 0.62f, -0.12f, Rim: 0.07f),
        new("knit", Vector3.One, Colour.Rgb(224, 200, 192), "knit", 0.5f, TwoSided: true),
        new("jacket", Colour.Rgb(38, 134, 134), Colour.Rgb(20, 82, 96), Toony: 0.25f, Shift: 0f, TwoSided: true),
        new("coral", Colour.Rgb(255, 122, 98), Colour.Rgb(222, 84, 78), TwoSided: true, Rim: 0.25f),
    ];

    internal static IReadOnlyList<(string Name, Func<Canvas> Paint)> Pictures { get; } =
    [
        ("skin", SkinPainter.Paint),
        ("eyeWhite", EyePainter.White),
        ("iris", EyePainter.Iris),
        ("hair", HairPainter.Paint),
        ("knit", KnitPainter.Paint),
    ];

    internal static JsonObject ToJson(Toon toon)
    {
        var texture = toon.Texture is null ? -1 : Pictures.Select(p => p.Name).ToList().IndexOf(toon.Texture);
        var mtoon = new JsonObject
        {
            ["specVersion"] = "1.0",
            ["shadeColorFactor"] = Numbers(toon.Shade.Linear()),
            ["shadingShiftFactor"] = toon.Shift,
            ["shadingToonyFactor"] = toon.Toony,
            ["giEqualizationFactor"] = 0.9f,
            ["parametricRimColorFactor"] = Numbers(Colour.Rgb(255, 214, 196).Linear().Select(c => c * toon.Rim)),
            ["parametricRimFresnelPowerFactor"] = 4f,
            ["parametricRimLiftFactor"] = 0f,
            ["rimLightingMixFactor"] = 1f,
        };
        var pbr = new JsonObject
        {
            ["baseColorFactor"] = Numbers([.. toon.Colour.Linear(), 1f]),
            ["metallicFactor"] = 0,
            ["roughnessFactor"] = 0.9f,
        };
        if (texture >= 0)
        {
            pbr["baseColorTexture"] = new JsonObject { ["index"] = texture };
            mtoon["shadeMultiplyTexture"] = new JsonObject { ["index"] = texture };
        }
        return new JsonObject
        {
            ["name"] = toon.Name,
            ["pbrMetallicRoughness"] = pbr,
            ["doubleSided"] = toon.TwoSided,
            ["extensions"] = new JsonObject { ["VRMC_materials_mtoon"] = mtoon },
        };
    }

    static JsonArray Numbers(IEnumerable<float> values) => [.. values.Select(v => (JsonNode)MathF.Round(v, 4))];
}
