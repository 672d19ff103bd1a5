using System.Buffers.Binary;

namespace JeanTrail.Testing.Onnx;

/// <summary>
/// What spots keywords, of our own making, which the engine really loads and runs: a transducer for which each token is a tone. Unlike one that writes it says a tone that goes on
/// only once.
/// </summary>
public static class TinySpotter
{
    /// <summary>Pieces of words as models for English have them, apart from each other so that none sounds like its neighbour; the rest stands for all else that is said.</summary>
    public static IReadOnlyList<string> Pieces { get; } =
    [
        "S", "T", "▁THE", "▁A", "▁J", "E", "AN", "ED", "▁S", "▁HE", "▁TO", "N", "A", "Y", "▁AND", "R", "▁OF", "▁JE", "D", "ING", "▁IN", "▁H", "O",
    ];

    /// <summary>Of English pieces.</summary>
    /// <param name="pieces">Others than these, as many.</param>
    public static string Write(string place, string name, string[]? pieces = null)
    {
        const int Words = TinyListening.Words;
        // What was said is not said again before something else is.
        var decoder = new OnnxFile();
        decoder.AddNode("Gather", ["y", "second"], "last", ("axis", 1));
        decoder.AddNode("Gather", ["table", "last"], "row", ("axis", 0));
        decoder.AddNode("Reshape", ["row", "flat"], "decoder_out");
        decoder.AddConstant("second", [1L]);
        decoder.AddConstant("flat", [-1L, Words]);
        decoder.AddConstant("table", [Words, Words], [.. Enumerable.Range(0, Words * Words).Select(at => at / Words == at % Words && at > 0 ? -100f : 0f)]);
        decoder.AddInput("y", OnnxType.Int64, 0, 2);
        decoder.AddOutput("decoder_out", OnnxType.Float, 0, Words);
        decoder.Set("vocab_size", $"{Words}");
        decoder.Set("context_size", "2");
        var joiner = new OnnxFile();
        joiner.AddNode("Add", ["encoder_out", "decoder_out"], "sum");
        // It is sure of what it hears, also of a tone that only begins.
        joiner.AddNode("Mul", ["sum", "steep"], "logit");
        joiner.AddConstant("steep", [1], [4]);
        joiner.AddInput("encoder_out", OnnxType.Float, 0, Words);
        joiner.AddInput("decoder_out", OnnxType.Float, 0, Words);
        joiner.AddOutput("logit", OnnxType.Float, 0, Words);
        joiner.Set("joiner_dim", $"{Words}");
        var folder = TinyListening.Write(
            place, name, pieces ?? [.. Pieces], ("encoder-epoch-1.onnx", TinyListening.Zipformer("encoder_out").ToBytes()), ("decoder-epoch-1.onnx", decoder.ToBytes()), ("joiner-epoch-1.onnx", joiner.ToBytes()));
        File.WriteAllText(Path.Combine(folder, "keywords.txt"), "▁THE ▁S E A @THE_SEA\n");
        return folder;
    }

    /// <summary>The pieces one after the other as tones, and silence around them; an empty one is half a second of silence.</summary>
    /// <returns>16-bit samples at 16 kHz.</returns>
    public static byte[] Say(params string[] pieces) => Say(0.4, pieces);

    /// <param name="loudness">Of the tones, 1 at most. What goes through a browser's automatic gain has to be quiet: that begins high, and as loud as can be the tones run into each other.</param>
    /// <param name="pieces">As above.</param>
    public static byte[] Say(double loudness, params string[] pieces)
    {
        const int Rate = 16_000;
        const int Length = Rate / 5;
        static double Swell(int at) => Math.Pow(Math.Sin(Math.PI * Math.Min(0.5, Math.Min(at, Length - at) / (0.04 * Rate * 2))), 2);
        var samples = new List<float>(new float[Rate / 2]);
        foreach (var piece in pieces)
        {
            var tone = piece.Length == 0 ? 0 : ToneOf(piece);
            // It swells and fades: a tone that breaks off is heard at every frequency.
            samples.AddRange(piece.Length == 0 ? new float[Rate / 2] : Enumerable.Range(0, Length).Select(at => (float)(loudness * Swell(at) * Math.Sin(2 * Math.PI * tone * at / Rate))));
        }

        samples.AddRange(new float[Rate]);
        var bytes = new byte[samples.Count * sizeof(short)];
        for (var at = 0; at < samples.Count; at++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at * sizeof(short)), (short)(samples[at] * short.MaxValue));
        return bytes;
    }

    /// <summary>The middle of the frequency that stands for the piece, in hertz. Source: Kaldi's mel scale, 80 bins from 20 Hz to 7600 Hz.</summary>
    static double ToneOf(string piece)
    {
        static double Mel(double hertz) => 1127 * Math.Log(1 + hertz / 700);
        var bin = 3 * (Pieces.ToList().IndexOf(piece) + 1);
        return 700 * (Math.Exp((Mel(20) + (bin + 1) * (Mel(7600) - Mel(20)) / (TinyListening.Bins + 1)) / 1127) - 1);
    }
}
