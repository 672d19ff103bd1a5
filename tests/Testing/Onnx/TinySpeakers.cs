using System.Globalization;

namespace JeanTrail.Testing.Onnx;

/// <summary>
/// Models of our own making that tell voices and languages apart, which the engine really loads and runs. A voice is a tone to them: low ones are one
/// speaker and high ones another, and Whisper takes low ones for English and high ones for Russian.
/// </summary>
public static class TinySpeakers
{
    const int Rate = 16_000;
    const int Window = 10 * Rate;
    const int Frame = 160;
    const int Bins = 80;

    /// <summary>Of the parts of a frame that are compared, in hertz: whole waves in a frame.</summary>
    static readonly int[] Low = [200, 300, 400];
    static readonly int[] High = [1200, 1300, 1400];

    /// <summary>Of pyannote's kind: of each 10 ms says that nobody speaks, one of two, or both.</summary>
    public static string WriteSegmentation(string place, string name)
    {
        var file = new OnnxFile();
        file.AddNode("Reshape", ["x", "frames"], "framed");
        file.AddNode("MatMul", ["framed", "waves"], "projected");
        file.AddNode("Mul", ["projected", "projected"], "squared");
        file.AddNode("MatMul", ["squared", "classes"], "sums");
        file.AddNode("Add", ["sums", "bias"], "y");
        file.AddConstant("frames", [1, -1, Frame]);
        var tones = Low.Concat(High).ToArray();
        var waves = new float[Frame * tones.Length * 2];
        for (var at = 0; at < Frame; at++)
        {
            for (var tone = 0; tone < tones.Length; tone++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * tones[tone] * at / Rate);
                (waves[(at * tones.Length + tone) * 2], waves[(at * tones.Length + tone) * 2 + 1]) = ((float)sine, (float)cosine);
            }
        }

        file.AddConstant("waves", [Frame, tones.Length * 2], waves);
        // Nobody, the first, the second, a third who never speaks, and two at once, who do not either.
        const int Classes = 7;
        var classes = new float[tones.Length * 2 * Classes];
        for (var row = 0; row < tones.Length * 2; row++)
            classes[row * Classes + (row < Low.Length * 2 ? 1 : 2)] = 1;
        file.AddConstant("classes", [tones.Length * 2, Classes], classes);
        file.AddConstant("bias", [Classes], [10, 0, 0, -100, -100, -100, -100]);
        file.AddInput("x", OnnxType.Float, 0, 1, 0);
        file.AddOutput("y", OnnxType.Float, 0, 0, Classes);
        foreach (var (key, value) in new[]
        {
            ("sample_rate", Rate), ("window_size", Window), ("receptive_field_size", Frame), ("receptive_field_shift", Frame), ("num_speakers", 3),
            ("powerset_max_classes", 2), ("num_classes", Classes),
        })
            file.Set(key, Text(value));
        file.Set("model_type", "pyannote-segmentation-3.0");
        return Write(place, name, ("model.onnx", file));
    }

    /// <summary>Of WeSpeaker's kind: a voice is how strong each frequency is in it.</summary>
    public static string WriteEmbedding(string place, string name)
    {
        var file = new OnnxFile();
        file.AddNode("Exp", ["feats"], "strengths");
        file.AddNode("ReduceMean", ["strengths"], "embs", ("axes", new[] { 1 }), ("keepdims", 0));
        file.AddInput("feats", OnnxType.Float, 0, 0, Bins);
        file.AddOutput("embs", OnnxType.Float, 0, Bins);
        foreach (var (key, value) in new[] { ("framework", "wespeaker"), ("language", "English"), ("output_dim", Text(Bins)), ("sample_rate", Text(Rate)), ("normalize_samples", "1"), ("feature_normalize_type", "") })
            file.Set(key, value);
        return Write(place, name, ("voices.onnx", file));
    }

    /// <summary>Of Whisper's kind: it writes <see cref="Written"/> whatever is said, and tells two languages apart.</summary>
    public static string WriteWhisper(string place, string name)
    {
        const int Start = 2, End = 3, English = 4, Russian = 5, Transcribe = 6, Translate = 7, NoTimes = 8, NoSpeech = 9, Words = 12;
        var encoder = new OnnxFile();
        encoder.AddNode("ReduceMean", ["mel"], "heard", ("axes", new[] { 2 }), ("keepdims", 0));
        encoder.AddNode("Reshape", ["heard", "shape"], "n_layer_cross_k");
        encoder.AddNode("Identity", ["n_layer_cross_k"], "n_layer_cross_v");
        encoder.AddConstant("shape", [1, 1, 1, Bins]);
        encoder.AddInput("mel", OnnxType.Float, 0, Bins, 0);
        encoder.AddOutput("n_layer_cross_k", OnnxType.Float, 1, 0, 0, Bins);
        encoder.AddOutput("n_layer_cross_v", OnnxType.Float, 1, 0, 0, Bins);
        foreach (var (key, value) in new[]
        {
            ("n_mels", Bins), ("n_text_layer", 1), ("n_text_ctx", 32), ("n_text_state", 4), ("n_vocab", Words), ("sot", Start), ("eot", End), ("blank_id", 11),
            ("translate", Translate), ("transcribe", Transcribe), ("is_multilingual", 1), ("no_timestamps", NoTimes), ("no_speech", NoSpeech), ("n_audio_ctx", 1500),
        })
            encoder.Set(key, Text(value));
        encoder.Set("model_type", "whisper-tiny");
        encoder.Set("sot_sequence", $"{Start},{English},{Transcribe}");
        encoder.Set("all_language_tokens", $"{English},{Russian}");
        encoder.Set("all_language_codes", "en,ru");

        // What follows each token, and which language the low and the high frequencies speak for.
        var next = new float[Words * Words];
        foreach (var (before, after) in new[] { (NoTimes, 0), (0, 1), (1, End) })
            next[before * Words + after] = 1_000;
        var languages = new float[Bins * Words];
        for (var bin = 0; bin <= 10; bin++)
            (languages[(bin + 3) * Words + English], languages[(bin + 28) * Words + Russian]) = (1, 1);
        var decoder = new OnnxFile();
        decoder.AddNode("Gather", ["next", "tokens"], "following");
        decoder.AddNode("Reshape", ["n_layer_cross_k", "row"], "heard");
        decoder.AddNode("MatMul", ["heard", "languages"], "spoken");
        decoder.AddNode("Add", ["following", "spoken"], "logits");
        decoder.AddNode("Identity", ["in_n_layer_self_k_cache"], "out_n_layer_self_k_cache");
        decoder.AddNode("Identity", ["in_n_layer_self_v_cache"], "out_n_layer_self_v_cache");
        decoder.AddConstant("next", [Words, Words], next);
        decoder.AddConstant("languages", [Bins, Words], languages);
        decoder.AddConstant("row", [1, 1, Bins]);
        decoder.AddInput("tokens", OnnxType.Int64, 0, 0);
        decoder.AddInput("in_n_layer_self_k_cache", OnnxType.Float, 1, 0, 0, 4);
        decoder.AddInput("in_n_layer_self_v_cache", OnnxType.Float, 1, 0, 0, 4);
        decoder.AddInput("n_layer_cross_k", OnnxType.Float, 1, 0, 0, Bins);
        decoder.AddInput("n_layer_cross_v", OnnxType.Float, 1, 0, 0, Bins);
        decoder.AddInput("offset", OnnxType.Int64, 1);
        decoder.AddOutput("logits", OnnxType.Float, 0, 0, Words);
        decoder.AddOutput("out_n_layer_self_k_cache", OnnxType.Float, 1, 0, 0, 4);
        decoder.AddOutput("out_n_layer_self_v_cache", OnnxType.Float, 1, 0, 0, 4);
        var folder = Write(place, name, ("tiny-encoder.onnx", encoder), ("tiny-decoder.onnx", decoder));
        var tokens = new[] { "o", "k" }.Concat(Enumerable.Range(2, Words - 2).Select(at => $"<{at}>"));
        File.WriteAllLines(
            Path.Combine(folder, "tiny-tokens.txt"),
            tokens.Select((token, at) => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(token))} {at}")));
        return folder;
    }

    /// <summary>What the Whisper of <see cref="WriteWhisper"/> writes.</summary>
    public const string Written = "ok";

    /// <summary>Somebody with a low voice.</summary>
    public static float[] LowVoice(double seconds) => Tone(Low, seconds);

    /// <summary>Somebody with a high voice.</summary>
    public static float[] HighVoice(double seconds) => Tone(High, seconds);

    /// <summary>Nobody.</summary>
    public static float[] Silence(double seconds) => new float[(int)(seconds * Rate)];

    /// <summary>As 16-bit samples.</summary>
    public static byte[] ToPcm(params float[][] parts)
        => [.. parts.SelectMany(part => part).SelectMany(sample => BitConverter.GetBytes((short)Math.Round(sample * short.MaxValue)))];

    static float[] Tone(int[] hertz, double seconds)
        => [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(at => (float)hertz.Sum(one => 0.2 * Math.Sin(2 * Math.PI * one * at / Rate)))];

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Write(string place, string name, params (string Name, OnnxFile File)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place, name)).FullName;
        foreach (var (file, onnx) in files)
            File.WriteAllBytes(Path.Combine(folder, file), onnx.ToBytes());
        return folder;
    }
}
