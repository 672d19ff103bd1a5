using System.Globalization;

namespace JeanTrail.Models.Fit;

/// <summary>How much memory there is; a boundary, so that tests can have a small machine.</summary>
internal interface IMachineMemory
{
    /// <summary>All that this server may ever use.</summary>
    long TotalBytes { get; }

    /// <summary>What could be taken now without pushing anything out.</summary>
    long AvailableBytes { get; }
}

internal sealed class MachineMemory : IMachineMemory
{
    /// <summary>Heeds the limit of a container.</summary>
    public long TotalBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public long AvailableBytes => Math.Min(TotalBytes, ReadAvailable() ?? TotalBytes * 3 / 4);

    /// <summary>Null where the system does not tell.</summary>
    static long? ReadAvailable()
    {
        const string Source = "/proc/meminfo";
        if (!File.Exists(Source))
            return null;
        foreach (var line in File.ReadLines(Source))
        {
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal)
                && long.TryParse(line.AsSpan("MemAvailable:".Length).Trim().TrimEnd("kB").Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var kilobytes))
                return kilobytes * 1024;
        }

        return null;
    }
}
