using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Running;

/// <summary>Where set-up put the workers' programs.</summary>
internal sealed class WorkerLocation(IOptions<ModelsOptions> options)
{
    /// <summary>The program that runs chat models; null when it is not installed.</summary>
    internal string? Find() => Find("local-models", options.Value.WorkerPath);

    /// <summary>The program that hears and speaks; null when it is not installed.</summary>
    internal string? FindSpeech() => Find("speech", options.Value.SpeechWorkerPath);

    static string? Find(string worker, string? configured)
    {
        if (configured is not null)
            return File.Exists(configured) ? configured : null;
        var relative = Path.Combine("workers", worker, "dist", "main.js");
        if (Environment.GetEnvironmentVariable("JEAN_HOME") is { Length: > 0 } home && Path.Combine(home, relative) is var installed && File.Exists(installed))
            return installed;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, relative) is var path && File.Exists(path))
                return path;
        }

        return null;
    }
}
