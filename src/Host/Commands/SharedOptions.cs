using System.CommandLine;

namespace JeanTrail.Host.Commands;

/// <summary>Options that several commands share, and how they become configuration.</summary>
internal static class SharedOptions
{
    public const int DefaultPort = 5326; // J-E-A-N on a telephone's keys

    public static Option<DirectoryInfo?> Data() => new("--data") { Description = "Folder that holds everything this server keeps (default: JEAN_DATA, else the user's data folder)." };

    /// <summary>Where the data live when nobody says: the user's own data folder, or the system's when run as root.</summary>
    public static string DataFolder(DirectoryInfo? given)
    {
        if (given is not null)
            return given.FullName;
        if (Environment.GetEnvironmentVariable("JEAN_DATA") is { Length: > 0 } configured)
            return Path.GetFullPath(configured);
        // Root's home is closed to the unprivileged user that PostgreSQL must run as.
        return Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? "/var/lib/jeantrail"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "jeantrail");
    }
}
