using System.Xml.Linq;

namespace JeanTrail.Architecture.Tests;

/// <summary>What a project file asks for.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="References">The project files it references, relative to the root.</param>
/// <param name="Foreign">Ways around a project reference: files compiled from elsewhere and assemblies by path.</param>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> References, IReadOnlyList<string> Foreign)
{
    internal string Layer => LayerOf(Path);

    /// <summary>The first folders of a path say what it is.</summary>
    internal static string LayerOf(string path) => path.Split('/') switch
    {
        ["src", "Kernel", ..] => "Kernel",
        ["src", "Contracts", ..] => "Contracts",
        ["src", "Modules", ..] => "Module",
        ["src", "Host", ..] => "Host",
        ["workers", ..] => "Worker",
        ["tools", ..] => "Tool",
        ["tests" or "bench", ..] => "Test",
        _ => "Unknown",
    };

    internal static ProjectFile Parse(string path, string xml)
    {
        var project = XDocument.Parse(xml);
        string[] Items(string name) => [.. project.Descendants(name).Select(item => (string?)item.Attribute("Include")).OfType<string>()];
        var folder = System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/');
        return new ProjectFile(
            path,
            [.. Items("ProjectReference").Select(include => Resolve(folder, include))],
            [.. Items("Compile").Where(include => include.Contains("..", StringComparison.Ordinal)).Select(include => Resolve(folder, include)), .. Items("Reference").Where(include => include.StartsWith("JeanTrail", StringComparison.Ordinal)), .. project.Descendants("HintPath").Select(hint => hint.Value)]);
    }

    static string Resolve(string folder, string include)
        => System.IO.Path.GetRelativePath("/", System.IO.Path.GetFullPath(System.IO.Path.Combine("/", folder, include.Replace('\\', '/')))).Replace('\\', '/');
}

/// <summary>References point one way: Host → Modules → Contracts → Kernel. Workers and tools are programs of their own.</summary>
internal static class ProjectReferences
{
    /// <summary>The protocol between the server and its workers is written once; workers compile it in to stay free of ASP.NET Core.</summary>
    const string WorkerProtocol = "src/Kernel/Workers/";

    static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Contracts"] = ["Kernel"],
        ["Module"] = ["Contracts", "Kernel"],
        ["Host"] = ["Module", "Contracts", "Kernel"],
        ["Worker"] = ["Worker"],
        ["Tool"] = ["Tool"],
        ["Test"] = ["Kernel", "Contracts", "Module", "Host", "Worker", "Tool", "Test"],
    };

    internal static IEnumerable<string> Violations(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects)
        {
            if (!Allowed.TryGetValue(project.Layer, out var allowed))
            {
                yield return $"{project.Path} is in no known folder.";
                continue;
            }

            foreach (var reference in project.References.Where(reference => !allowed.Contains(ProjectFile.LayerOf(reference))))
                yield return $"{project.Path} references {reference}.";
            foreach (var foreign in project.Foreign.Where(path => project.Layer != "Test" && !(project.Layer == "Worker" && path.StartsWith(WorkerProtocol, StringComparison.Ordinal))))
                yield return $"{project.Path} takes {foreign} past the project references.";
        }
    }
}
