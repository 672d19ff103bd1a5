using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Kernel.Postgres;

/// <summary>
/// When root starts JeanTrail from a closed folder (a checkout in root's home), the unprivileged server account cannot reach the
/// programs there. They are copied once to a place that it can reach.
/// </summary>
internal static class BinariesCache
{
    const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Returns the folder of the copied programs. <paramref name="binaries"/> is <c>…/bin</c>; its siblings come along.</summary>
    internal static string Copy(string binaries)
    {
        var from = new DirectoryInfo(binaries).Parent!;
        var stamp = File.GetLastWriteTimeUtc(Path.Combine(binaries, "postgres")).Ticks;
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{from.FullName}|{stamp}")))[..12];
        var root = Path.Combine(Directory.Exists("/var/cache") ? "/var/cache" : Path.GetTempPath(), "jeantrail");
        var target = Path.Combine(root, $"postgres-{key}");
        if (!OperatingSystem.IsWindows() && !Directory.Exists(target))
        {
            Directory.CreateDirectory(root, FolderMode);
            var temporary = Directory.CreateDirectory($"{target}.{Environment.ProcessId}", FolderMode);
            CopyTree(from, temporary);
            try
            {
                temporary.MoveTo(target);
            }
            catch (IOException) when (Directory.Exists(target))
            {
                // Another process was faster; its copy is the same.
                temporary.Delete(recursive: true);
            }
        }

        return Path.Combine(target, Path.GetFileName(binaries));
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    static void CopyTree(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to.FullName, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo folder)
            {
                CopyTree(folder, Directory.CreateDirectory(target, FolderMode));
            }
            else
            {
                File.Copy(entry.FullName, target);
                var executable = entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
                File.SetUnixFileMode(target, executable ? FolderMode : FolderMode & ~(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
            }
        }
    }
}
