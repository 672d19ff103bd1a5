using System.Globalization;

namespace JeanTrail.Kernel.Audit;

/// <summary>A head of the chain as it was written down outside of the database.</summary>
internal sealed record AuditAnchor(long Position, byte[] Hash, DateTimeOffset WrittenAt)
{
    internal bool Fits(ReadOnlySpan<byte> hash) => Hash.AsSpan().SequenceEqual(hash);

    /// <summary>Such as <c>42 9f2f…1c55 2026-03-14T09:33:07Z</c>.</summary>
    internal string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Position} {Convert.ToHexStringLower(Hash)} {WrittenAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");

    /// <summary>Null when it is no line of ours: cut by a crash, or written by somebody else.</summary>
    internal static AuditAnchor? Read(string line)
    {
        if (line.Split(' ') is not [var position, { Length: 64 } hash, var at]
            || !long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !hash.All(char.IsAsciiHexDigit)
            || !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var written))
            return null;
        return new AuditAnchor(number, Convert.FromHexString(hash), written);
    }
}

/// <summary>
/// The file with the anchors, one a line. It is only ever added to: the system can be told to allow nothing else, and it may lie on another disk or
/// machine than the database.
/// </summary>
internal sealed class AuditAnchorFile(string path)
{
    internal string Path { get; } = path;

    /// <summary>Adds a line and waits until the disk has it. Several nodes may write to one file.</summary>
    internal void Add(AuditAnchor anchor)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Path, options);
        // A line that a crash cut short must not take this one with it.
        file.Write(System.Text.Encoding.ASCII.GetBytes($"\n{anchor.ToLine()}\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>All anchors by their position; none when there is no file.</summary>
    internal IReadOnlyList<AuditAnchor> Read()
    {
        if (!File.Exists(Path))
            return [];
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var anchors = new List<AuditAnchor>();
        while (reader.ReadLine() is { } line)
        {
            if (AuditAnchor.Read(line) is { } anchor)
                anchors.Add(anchor);
        }

        // Not by name alone: nodes that share the file write past each other.
        return [.. anchors.OrderBy(anchor => anchor.Position)];
    }
}
