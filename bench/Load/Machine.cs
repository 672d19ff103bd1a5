using System.Globalization;
using System.Runtime.InteropServices;

namespace JeanTrail.Bench;

/// <summary>What the numbers were measured on, and how they are summed up.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var cpu = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{cpu ?? "unknown CPU"}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>The value below which the share <paramref name="q"/> of the samples lies (nearest rank).</summary>
    public static double Quantile(IEnumerable<double> samples, double q)
    {
        var sorted = samples.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(q * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    public static string Row(string name, IReadOnlyCollection<double> ms)
        => string.Create(CultureInfo.InvariantCulture, $"{name,-28} n={ms.Count,-6} p50 {Quantile(ms, .5),8:0.00} ms  p95 {Quantile(ms, .95),8:0.00} ms  p99 {Quantile(ms, .99),8:0.00} ms  max {Quantile(ms, 1),8:0.00} ms");

    public static int Verdict(string goal, bool reached)
    {
        Console.WriteLine($"{(reached ? "reached " : "MISSED  ")} {goal}");
        return reached ? 0 : 1;
    }
}
