using System.Globalization;

namespace JeanTrail.Testing.Onnx;

/// <summary>
/// Recognisers of our own making that write while one speaks, which the engine really loads and runs. Every 40 ms they write which of the frequencies is
/// the loudest, as a letter, and nothing where all are quiet.
/// </summary>
public static class TinyListening
{
    internal const int Bins = 80;
    const int ChunkFrames = 16;
    const int Together = 4;
    internal const int Words = 24;
    const int Stacked = 7;
    const string Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>Of the logarithm of a frequency's energy: what is quieter is nothing. Samples are between -1 and 1 there.</summary>
    const float Quiet = -3;

    /// <summary>What the engine keeps for a zipformer from one chunk to the next, by its metadata: what is there and what it is filled with do not matter here.</summary>
    static readonly (string Name, OnnxType Type, int[] Dimensions)[] States =
    [
        ("cached_key_0", OnnxType.Float, [2, 0, 4]), ("cached_nonlin_attn_0", OnnxType.Float, [1, 0, 2, 6]), ("cached_val1_0", OnnxType.Float, [2, 0, 4]),
        ("cached_val2_0", OnnxType.Float, [2, 0, 4]), ("cached_conv1_0", OnnxType.Float, [0, 8, 1]), ("cached_conv2_0", OnnxType.Float, [0, 8, 1]),
        ("embed_states", OnnxType.Float, [0, 128, 3, 19]), ("processed_lens", OnnxType.Int64, [0]),
    ];

    /// <summary>Of the zipformer2 kind with CTC: one file.</summary>
    public static string WriteCtc(string place, string name)
        => Write(place, name, ("model.onnx", Zipformer("log_probs").ToBytes()));

    /// <summary>Of the zipformer2 kind with a transducer: three files.</summary>
    public static string WriteTransducer(string place, string name)
    {
        // It writes whatever was written before: nothing of that is added.
        var decoder = new OnnxFile();
        decoder.AddNode("Cast", ["y"], "before", ("to", (int)OnnxType.Float));
        decoder.AddNode("MatMul", ["before", "nothing"], "decoder_out");
        decoder.AddConstant("nothing", [2, Words], new float[2 * Words]);
        decoder.AddInput("y", OnnxType.Int64, 0, 2);
        decoder.AddOutput("decoder_out", OnnxType.Float, 0, Words);
        decoder.Set("vocab_size", $"{Words}");
        decoder.Set("context_size", "2");
        var joiner = new OnnxFile();
        joiner.AddNode("Add", ["encoder_out", "decoder_out"], "logit");
        joiner.AddInput("encoder_out", OnnxType.Float, 0, Words);
        joiner.AddInput("decoder_out", OnnxType.Float, 0, Words);
        joiner.AddOutput("logit", OnnxType.Float, 0, Words);
        joiner.Set("joiner_dim", $"{Words}");
        return Write(
            place, name, ("encoder-epoch-1.onnx", Zipformer("encoder_out").ToBytes()), ("decoder-epoch-1.onnx", decoder.ToBytes()), ("joiner-epoch-1.onnx", joiner.ToBytes()));
    }

    /// <summary>Of the paraformer kind: two files. It writes a letter for each 60 ms that are loud, and joins them without a space.</summary>
    public static string WriteParaformer(string place, string name)
    {
        var encoder = new OnnxFile();
        encoder.AddNode("MatMul", ["speech", "w"], "sums");
        encoder.AddNode("Add", ["sums", "b"], "enc");
        encoder.AddNode("ReduceMax", ["enc"], "loudest", ("keepdims", 0), ("axes", new[] { 2 }));
        encoder.AddNode("Sub", ["loudest", "quiet"], "above");
        encoder.AddNode("Mul", ["above", "steep"], "steeper");
        encoder.AddNode("Sigmoid", ["steeper"], "alphas");
        encoder.AddNode("Identity", ["speech_lengths"], "enc_len");
        encoder.AddConstant("w", [Bins * Stacked, Words], Weights(Stacked, perFrame: 1f / Stacked));
        // The first word is nothing, and never the loudest.
        encoder.AddConstant("b", [Words], [-100, .. new float[Words - 1]]);
        encoder.AddConstant("quiet", [1], [Quiet]);
        encoder.AddConstant("steep", [1], [20]);
        encoder.AddInput("speech", OnnxType.Float, 1, 0, Bins * Stacked);
        encoder.AddInput("speech_lengths", OnnxType.Int32, 1);
        encoder.AddOutput("enc", OnnxType.Float, 1, 0, Words);
        encoder.AddOutput("enc_len", OnnxType.Int32, 1);
        encoder.AddOutput("alphas", OnnxType.Float, 1, 0);
        foreach (var (key, value) in new[] { ("vocab_size", Words), ("lfr_window_size", Stacked), ("lfr_window_shift", 6), ("encoder_output_size", 1), ("decoder_num_blocks", 1), ("decoder_kernel_size", 2) })
            encoder.Set(key, Text(value));
        encoder.Set("model_type", "paraformer");
        // Its samples are whole numbers: 32768 times as large, of which this is twice the logarithm.
        encoder.Set("neg_mean", string.Join(',', Enumerable.Repeat("-20.79", Bins * Stacked)));
        encoder.Set("inv_stddev", string.Join(',', Enumerable.Repeat("1", Bins * Stacked)));
        var decoder = new OnnxFile();
        decoder.AddNode("Identity", ["acoustic_embeds"], "logits");
        decoder.AddNode("ArgMax", ["acoustic_embeds"], "sample_ids", ("axis", 2), ("keepdims", 0));
        decoder.AddNode("Identity", ["in_cache_0"], "out_cache_0");
        decoder.AddInput("enc", OnnxType.Float, 1, 0, Words);
        decoder.AddInput("enc_len", OnnxType.Int32, 1);
        decoder.AddInput("acoustic_embeds", OnnxType.Float, 1, 0, Words);
        decoder.AddInput("acoustic_embeds_len", OnnxType.Int32, 1);
        decoder.AddInput("in_cache_0", OnnxType.Float, 1, 1, 1);
        decoder.AddOutput("logits", OnnxType.Float, 1, 0, Words);
        decoder.AddOutput("sample_ids", OnnxType.Int64, 1, 0);
        decoder.AddOutput("out_cache_0", OnnxType.Float, 1, 1, 1);
        return Write(place, name, ("encoder.onnx", encoder.ToBytes()), ("decoder.onnx", decoder.ToBytes()));
    }

    /// <summary>Four frames are one: the mean of each word's frequency against what is quiet.</summary>
    internal static OnnxFile Zipformer(string output)
    {
        var file = new OnnxFile();
        file.AddNode("Reshape", ["x", "by_four"], "fours");
        file.AddNode("MatMul", ["fours", "w"], "sums");
        file.AddNode("Add", ["sums", "quiet"], output);
        file.AddConstant("by_four", [0, ChunkFrames / Together, Bins * Together]);
        file.AddConstant("w", [Bins * Together, Words], Weights(Together, perFrame: 1f / Together));
        file.AddConstant("quiet", [Words], [Quiet, .. new float[Words - 1]]);
        file.AddInput("x", OnnxType.Float, 0, ChunkFrames, Bins);
        file.AddOutput(output, OnnxType.Float, 0, ChunkFrames / Together, Words);
        foreach (var (state, type, dimensions) in States)
        {
            file.AddInput(state, type, dimensions);
            file.AddNode("Identity", [state], "new_" + state);
            file.AddOutput("new_" + state, type, dimensions);
        }

        file.Set("model_type", "zipformer2");
        foreach (var (key, value) in new[]
        {
            ("encoder_dims", 8), ("query_head_dims", 4), ("value_head_dims", 4), ("num_heads", 1), ("num_encoder_layers", 1), ("cnn_module_kernels", 3),
            ("left_context_len", 2), ("T", ChunkFrames), ("decode_chunk_len", ChunkFrames),
        })
            file.Set(key, Text(value));
        return file;
    }

    static float[] Weights(int frames, float perFrame)
    {
        var weights = new float[Bins * frames * Words];
        for (var word = 1; word < Words; word++)
        {
            for (var frame = 0; frame < frames; frame++)
                weights[((frame * Bins) + (word * 3)) * Words + word] = perFrame;
        }

        return weights;
    }

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Write(string place, string name, params (string Name, byte[] Bytes)[] files)
        => Write(place, name, [.. Letters.Select(letter => $"{letter}")], files);

    internal static string Write(string place, string name, string[] tokens, params (string Name, byte[] Bytes)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(place, name)).FullName;
        foreach (var (file, bytes) in files)
            File.WriteAllBytes(Path.Combine(folder, file), bytes);
        File.WriteAllLines(
            Path.Combine(folder, "tokens.txt"),
            Enumerable.Range(0, Words).Select(word => string.Create(CultureInfo.InvariantCulture, $"{(word == 0 ? "<blk>" : tokens[word - 1])} {word}")));
        return folder;
    }
}
