namespace JeanTrail.Avatar.Vrm;

/// <summary>What each VRM expression is made of: muscles and their shares.</summary>
internal sealed record Expression(string Name, bool IsPreset, params (string Muscle, float Weight)[] Muscles);

internal static class Expressions
{
    /// <summary>The fifteen mouth shapes of the Oculus set, each a custom expression <c>viseme_…</c>.</summary>
    internal static readonly string[] VisemeNames = ["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U"];

    internal static IReadOnlyList<Expression> All { get; } =
    [
        Viseme("sil", ("lipsPress", 0.08f)),
        Viseme("PP", ("lipsPress", 1f), ("lipsPucker", 0.16f), ("cheekPuff", 0.12f)),
        Viseme("FF", ("lowerLipTuck", 1f), ("jawOpen", 0.06f), ("lipsWide", 0.12f)),
        Viseme("TH", ("jawOpen", 0.22f), ("tongueOut", 1f), ("upperLipRaise", 0.25f), ("lowerLipDrop", 0.2f)),
        Viseme("DD", ("jawOpen", 0.2f), ("tongueUp", 0.9f), ("upperLipRaise", 0.3f), ("lowerLipDrop", 0.3f), ("lipsWide", 0.12f)),
        Viseme("kk", ("jawOpen", 0.3f), ("tongueBack", 1f), ("upperLipRaise", 0.25f), ("lipsWide", 0.12f)),
        Viseme("CH", ("jawOpen", 0.14f), ("lipsFunnel", 0.75f), ("upperLipRaise", 0.25f), ("lowerLipDrop", 0.25f)),
        Viseme("SS", ("jawOpen", 0.07f), ("lipsWide", 0.5f), ("upperLipRaise", 0.42f), ("lowerLipDrop", 0.6f)),
        Viseme("nn", ("jawOpen", 0.17f), ("tongueUp", 1f), ("upperLipRaise", 0.2f), ("lowerLipDrop", 0.15f)),
        Viseme("RR", ("jawOpen", 0.2f), ("lipsFunnel", 0.4f), ("lipsPucker", 0.25f), ("tongueUp", 0.4f)),
        Viseme("aa", ("jawOpen", 0.9f), ("upperLipRaise", 0.22f), ("lowerLipDrop", 0.25f), ("lipsWide", 0.08f)),
        Viseme("E", ("jawOpen", 0.46f), ("lipsWide", 0.55f), ("upperLipRaise", 0.32f), ("lowerLipDrop", 0.3f)),
        Viseme("I", ("jawOpen", 0.2f), ("lipsWide", 0.9f), ("upperLipRaise", 0.36f), ("lowerLipDrop", 0.45f)),
        Viseme("O", ("jawOpen", 0.55f), ("lipsFunnel", 0.8f), ("lipsPucker", 0.45f)),
        Viseme("U", ("jawOpen", 0.2f), ("lipsPucker", 0.9f), ("lipsFunnel", 0.45f)),

        Preset("aa", ("jawOpen", 0.9f), ("upperLipRaise", 0.22f), ("lowerLipDrop", 0.25f)),
        Preset("ih", ("jawOpen", 0.2f), ("lipsWide", 0.9f), ("upperLipRaise", 0.36f), ("lowerLipDrop", 0.45f)),
        Preset("ou", ("jawOpen", 0.2f), ("lipsPucker", 0.9f), ("lipsFunnel", 0.45f)),
        Preset("ee", ("jawOpen", 0.46f), ("lipsWide", 0.55f), ("upperLipRaise", 0.32f), ("lowerLipDrop", 0.3f)),
        Preset("oh", ("jawOpen", 0.55f), ("lipsFunnel", 0.8f), ("lipsPucker", 0.45f)),

        Preset("happy", ("smile", 1f), ("squint", 0.5f), ("browUp", 0.25f), ("upperLipRaise", 0.3f), ("jawOpen", 0.12f), ("lipsWide", 0.25f)),
        Preset("angry", ("browDown", 1f), ("frown", 0.55f), ("lipsPress", 0.4f), ("squint", 0.22f)),
        Preset("sad", ("browInnerUp", 1f), ("frown", 0.8f), ("lidsLower", 0.4f)),
        Preset("relaxed", ("smile", 0.55f), ("lidsLower", 0.45f), ("browUp", 0.12f), ("squint", 0.2f)),
        Preset("surprised", ("browUp", 1f), ("lidsWide", 1f), ("jawOpen", 0.42f), ("lipsFunnel", 0.35f)),
        Preset("neutral", ("smile", 0.06f)),

        Preset("blink", ("blinkLeft", 1f), ("blinkRight", 1f)),
        Preset("blinkLeft", ("blinkLeft", 1f)),
        Preset("blinkRight", ("blinkRight", 1f)),
        // The eye bones turn the gaze; these carry the lids along.
        Preset("lookUp", ("lidsWide", 0.5f), ("browUp", 0.08f)),
        Preset("lookDown", ("lidsLower", 0.75f)),
        Preset("lookLeft", ("squint", 0.03f)),
        Preset("lookRight", ("squint", 0.03f)),
    ];

    static Expression Viseme(string name, params (string, float)[] muscles) => new("viseme_" + name, false, muscles);

    static Expression Preset(string name, params (string, float)[] muscles) => new(name, true, muscles);
}
