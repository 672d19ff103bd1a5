namespace JeanTrail.Testing.Onnx;

/// <summary>What takes noise away, of our own making and of GTCRN's kind, which the engine really loads and runs: it lets through what is low.</summary>
public static class TinyDenoiser
{
    const int Window = 512;
    const int Bands = Window / 2 + 1;
    const int Rate = 16_000;

    /// <summary>In hertz: what is higher is taken away.</summary>
    public const int Highest = 2_000;

    static readonly (string Name, int[] Shape)[] Caches = [("conv_cache", [2, 1, 2, 2, 2]), ("tra_cache", [2, 1, 1, 1, 2]), ("inter_cache", [2, 1, 2, 2])];

    public static string Write(string place, string name)
    {
        var file = new OnnxFile();
        file.AddNode("Mul", ["mix", "mask"], "enh");
        file.AddConstant("mask", [1, Bands, 1, 1], [.. Enumerable.Range(0, Bands).Select(band => band * Rate / Window <= Highest ? 1f : 0f)]);
        file.AddInput("mix", OnnxType.Float, 1, Bands, 1, 2);
        file.AddOutput("enh", OnnxType.Float, 1, Bands, 1, 2);
        foreach (var (cache, shape) in Caches)
        {
            file.AddInput(cache, OnnxType.Float, shape);
            file.AddNode("Identity", [cache], cache + "_out");
            file.AddOutput(cache + "_out", OnnxType.Float, shape);
            file.Set(cache + "_shape", string.Join(',', shape));
        }

        foreach (var (key, value) in new[]
        {
            ("model_type", "gtcrn"), ("version", "1"), ("sample_rate", $"{Rate}"), ("n_fft", $"{Window}"), ("hop_length", $"{Window / 2}"), ("window_length", $"{Window}"), ("window_type", "hann_sqrt"),
        })
            file.Set(key, value);
        var folder = Directory.CreateDirectory(Path.Combine(place, name)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "gtcrn.onnx"), file.ToBytes());
        return folder;
    }
}
