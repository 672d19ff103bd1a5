using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Running;

/// <summary>Where set-up put the worker's program.</summary>
internal sealed class WorkerLocation(IOptions<ModelsOptions> options)
{
    static readonly string Relative = Path.Combine("workers", "local-models", "dist", "main.js");

    /// <summary>Null when it is not installed.</summary>
    internal string? Find()
    {
        if (options.Value.WorkerPath is { } configured)
            return File.Exists(configured) ? configured : null;
        if (Environment.GetEnvironmentVariable("JEAN_HOME") is { Length: > 0 } home && Path.Combine(home, Relative) is var installed && File.Exists(installed))
            return installed;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, Relative) is var path && File.Exists(path))
                return path;
        }

        return null;
    }
}
