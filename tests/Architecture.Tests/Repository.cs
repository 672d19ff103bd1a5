using System.Reflection;

namespace JeanTrail.Architecture.Tests;

/// <summary>Where the sources are, and what was built from them.</summary>
internal static class Repository
{
    static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", ".git", ".jean", "data", "artifacts"];

    internal static string Root { get; } = FindRoot();

    /// <summary>The names of the modules, from their folders.</summary>
    internal static IReadOnlyList<string> Modules { get; }
        = [.. Directory.GetDirectories(Path.Combine(Root, "src", "Modules")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    internal static Assembly Module(string name) => Assembly.Load($"JeanTrail.{name}");

    internal static Assembly Kernel { get; } = Assembly.Load("JeanTrail.Kernel");

    internal static Assembly Contracts { get; } = Assembly.Load("JeanTrail.Contracts");

    /// <summary>Paths relative to the root, with forward slashes.</summary>
    internal static IEnumerable<string> Files(string pattern, params string[] folders)
        => folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => NotOurs.Contains(part, StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal);

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "JeanTrail.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("JeanTrail.slnx is not above the tests.");
    }
}
