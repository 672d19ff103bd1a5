using System.Globalization;

namespace JeanTrail.Testing;

/// <summary>
/// Everything that servers under test log, in files, where <c>JEAN_TEST_LOGS</c> names a folder: the run looks through them for what must
/// never be in a log.
/// </summary>
internal static class TestLogs
{
    static readonly string? Folder = Environment.GetEnvironmentVariable("JEAN_TEST_LOGS");
    static readonly Lazy<TextWriter?> Writer = new(Open);

    internal static void Write(string line) => Writer.Value?.WriteLine(line);

    /// <summary>Keeps the log files of a server in a process of its own, before its folder goes.</summary>
    internal static void Keep(string dataFolder, int processId)
    {
        var logs = Path.Combine(dataFolder, "logs");
        if (Folder is null || !Directory.Exists(logs))
            return;
        foreach (var file in Directory.GetFiles(logs))
            File.Copy(file, Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"server-{processId}-{Path.GetFileName(file)}")), overwrite: true);
    }

    static TextWriter? Open()
    {
        if (Folder is null)
            return null;
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"suite-{Environment.ProcessId}.log"));
        return TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
    }
}
