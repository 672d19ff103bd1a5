using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace JeanTrail.Testing.Speech;

/// <summary>What is mixed under speech.</summary>
public enum Noise
{
    /// <summary>As strong at every frequency.</summary>
    White,

    /// <summary>As strong in every octave: as fans and traffic are, nearly.</summary>
    Pink,
}

/// <summary>Speech by espeak-ng with pauses that are known, as 16 kHz samples.</summary>
/// <param name="Borders">Where each sentence begins and ends, in seconds.</param>
public sealed record Spoken(float[] Samples, IReadOnlyList<(double Start, double End)> Borders)
{
    public const int SampleRate = 16_000;

    const int Frame = SampleRate / 100;

    /// <summary>Below this share of a sentence's own strength (-30 dB) is where it begins and ends.</summary>
    const double Audible = 0.0316;

    static readonly double[] Pauses = [1.2, 0.6, 0.9, 0.8];

    /// <summary>The sentences with silence before, between and after them, without any noise.</summary>
    public static async Task<Spoken> SayAsync(string voice, params string[] sentences)
    {
        var samples = new List<float>(Silence(Pauses[0]));
        var borders = new List<(double, double)>();
        foreach (var (at, sentence) in sentences.Index())
        {
            var start = samples.Count;
            samples.AddRange(Trim(await SayAsync(voice, sentence)));
            borders.Add(((double)start / SampleRate, (double)samples.Count / SampleRate));
            samples.AddRange(Silence(Pauses[1 + at % (Pauses.Length - 1)]));
        }

        return new Spoken([.. samples], borders);
    }

    /// <summary>With noise under all of it.</summary>
    /// <param name="decibels">How much stronger speech is than noise, where there is speech.</param>
    public Spoken With(Noise noise, double decibels, int seed)
    {
        var speech = Borders.SelectMany(border => Samples[(int)(border.Start * SampleRate)..(int)(border.End * SampleRate)]).Average(sample => (double)sample * sample);
        var added = Make(noise, Samples.Length, new Random(seed));
        var gain = Math.Sqrt(speech / added.Average(sample => sample * sample) / Math.Pow(10, decibels / 10));
        var mixed = Samples.Zip(added, (sample, other) => sample + other * gain).ToArray();
        var loudest = mixed.Max(Math.Abs);
        return this with { Samples = [.. mixed.Select(sample => (float)(loudest > 0.99 ? sample * 0.99 / loudest : sample))] };
    }

    public byte[] ToPcm()
    {
        var bytes = new byte[Samples.Length * sizeof(short)];
        for (var at = 0; at < Samples.Length; at++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at * sizeof(short)), (short)Math.Round(Math.Clamp(Samples[at], -1, 1) * short.MaxValue));
        return bytes;
    }

    /// <summary>In pieces as a microphone would give them, and of lengths that fit nothing.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> InPieces(byte[] pcm, int pieceBytes = 3_333, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var at = 0; at < pcm.Length; at += pieceBytes)
        {
            cancel.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return pcm.AsMemory(at, Math.Min(pieceBytes, pcm.Length - at));
        }
    }

    static float[] Silence(double seconds) => new float[(int)(seconds * SampleRate)];

    static double[] Make(Noise noise, int length, Random random)
    {
        double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        if (noise == Noise.White)
            return [.. Enumerable.Range(0, length).Select(_ => Gaussian())];

        // Source: Paul Kellet's refined filter, within 0.05 dB of pink above 9 Hz.
        ReadOnlySpan<double> keep = [0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616];
        ReadOnlySpan<double> take = [0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980];
        var state = new double[keep.Length];
        var last = 0.0;
        var made = new double[length];
        for (var at = 0; at < length; at++)
        {
            var white = Gaussian();
            var sum = last + white * 0.5362;
            for (var pole = 0; pole < state.Length; pole++)
                sum += state[pole] = keep[pole] * state[pole] + white * take[pole];
            last = white * 0.115926;
            made[at] = sum;
        }

        return made;
    }

    static float[] Trim(float[] samples)
    {
        static double Strength(ReadOnlySpan<float> part)
        {
            var sum = 0.0;
            foreach (var sample in part)
                sum += (double)sample * sample;
            return Math.Sqrt(sum / part.Length);
        }

        var least = Strength(samples) * Audible;
        var audible = Enumerable.Range(0, samples.Length / Frame).Where(frame => Strength(samples.AsSpan(frame * Frame, Frame)) > least).ToList();
        return samples[(audible[0] * Frame)..((audible[^1] + 1) * Frame)];
    }

    static async Task<float[]> SayAsync(string voice, string sentence)
    {
        var wav = Path.GetTempFileName();
        try
        {
            await RunAsync("espeak-ng", ["-v", voice, "-w", wav, sentence]);
            var pcm = await RunAsync("ffmpeg", ["-v", "error", "-i", wav, "-ar", "16000", "-ac", "1", "-f", "s16le", "-"]);
            return [.. Enumerable.Range(0, pcm.Length / sizeof(short)).Select(at => BinaryPrimitives.ReadInt16LittleEndian(pcm.AsSpan(at * sizeof(short))) / 32_768f)];
        }
        finally
        {
            File.Delete(wav);
        }
    }

    static async Task<byte[]> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program} ended with code {process.ExitCode}.");
    }
}
