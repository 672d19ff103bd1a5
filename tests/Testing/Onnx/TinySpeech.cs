using System.Globalization;

namespace JeanTrail.Testing.Onnx;

/// <summary>
/// Speech models of our own making that the engine really loads and runs. They were taught nothing: the recogniser writes which of the frequencies it is
/// given is the loudest, the voice says each letter as a tone of its own.
/// </summary>
public static class TinySpeech
{
    const int Bins = 80;
    const int Stacked = 7;
    const int Words = 24;
    const string Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>In hertz.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Of each letter.</summary>
    public const int LetterSamples = SampleRate / 10;

    /// <summary>The tone of a letter in hertz: b is twice as high as a.</summary>
    public static int ToneOf(char letter) => 50 * (Letters.IndexOf(letter, StringComparison.Ordinal) + 1);

    /// <summary>A recogniser of the SenseVoice kind in a new folder.</summary>
    public static string WriteRecogniser(string place, string name)
    {
        var weights = new float[Bins * Stacked * Words];
        for (var word = 1; word < Words; word++)
        {
            for (var frame = 0; frame < Stacked; frame++)
                weights[((frame * Bins) + (word * 3)) * Words + word] = 1;
        }

        var file = new OnnxFile();
        file.AddNode("MatMul", ["x", "w"], "logits");
        file.AddConstant("w", [Bins * Stacked, Words], weights);
        file.AddInput("x", OnnxType.Float, 0, 0, Bins * Stacked);
        foreach (var input in new[] { "x_length", "language", "text_norm" })
            file.AddInput(input, OnnxType.Int32, 0);
        file.AddOutput("logits", OnnxType.Float, 0, 0, Words);
        file.Set("model_type", "sense_voice_ctc");
        file.Set("comment", "tiny");
        foreach (var (key, value) in new[]
        {
            ("vocab_size", Words), ("lfr_window_size", Stacked), ("lfr_window_shift", 6), ("normalize_samples", 1), ("with_itn", 14), ("without_itn", 15),
            ("lang_auto", 0), ("lang_zh", 3), ("lang_en", 4), ("lang_ja", 11), ("lang_ko", 12), ("lang_yue", 7),
        })
            file.Set(key, value.ToString(CultureInfo.InvariantCulture));
        file.Set("neg_mean", string.Join(',', Enumerable.Repeat("0", Bins * Stacked)));
        file.Set("inv_stddev", string.Join(',', Enumerable.Repeat("1", Bins * Stacked)));
        return Write(place, name, file, Enumerable.Range(0, Words).Select(word => word == 0 ? "<blk>" : $"{Letters[word - 1]}"));
    }

    /// <summary>A voice of the VITS kind with two speakers in a new folder.</summary>
    /// <param name="language">As Piper's files say it, such as <c>en-us</c>; null says nothing.</param>
    public static string WriteVoice(string place, string name, string? language = null)
    {
        var file = new OnnxFile();
        file.AddNode("Cast", ["x"], "letters", ("to", (int)OnnxType.Float));
        file.AddNode("Reshape", ["letters", "by_letter"], "column");
        file.AddNode("Mul", ["column", "ramp"], "phase");
        file.AddNode("Sin", ["phase"], "tone");
        file.AddNode("Mul", ["tone", "half"], "quieter");
        file.AddNode("Reshape", ["quieter", "in_a_row"], "y");
        file.AddConstant("by_letter", [1, -1, 1]);
        file.AddConstant("in_a_row", [1, 1, -1]);
        file.AddConstant("half", [1], [0.5f]);
        file.AddConstant("ramp", [1, 1, LetterSamples], [.. Enumerable.Range(0, LetterSamples).Select(at => (float)(2 * Math.PI * ToneOf('a') * at / SampleRate))]);
        file.AddInput("x", OnnxType.Int64, 0, 0);
        file.AddInput("x_length", OnnxType.Int64, 0);
        file.AddInput("scales", OnnxType.Float, 3);
        file.AddOutput("y", OnnxType.Float, 0, 1, 0);
        foreach (var (key, value) in new[]
        {
            ("model_type", "vits"), ("comment", "coqui tiny"), ("language", "English"), ("sample_rate", "16000"), ("n_speakers", "2"), ("add_blank", "0"),
            ("frontend", "characters"), ("use_eos_bos", "0"), ("punctuation", ", . ! ?"), ("blank_id", "0"), ("bos_id", "0"), ("eos_id", "0"), ("pad_id", "0"),
        })
            file.Set(key, value);
        if (language is not null)
            file.Set("voice", language);
        return Write(place, name, file, ["_", .. Letters.Select(letter => $"{letter}"), ".", ",", "!", "?", " "]);
    }

    static string Write(string place, string name, OnnxFile file, IEnumerable<string> tokens)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place, name)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), file.ToBytes());
        File.WriteAllLines(Path.Combine(folder, "tokens.txt"), tokens.Select((token, at) => string.Create(CultureInfo.InvariantCulture, $"{token} {at}")));
        return folder;
    }
}
