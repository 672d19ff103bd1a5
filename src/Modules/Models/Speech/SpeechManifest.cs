using System.Text.Json;
using JeanTrail.Kernel.Http;
using JeanTrail.Models.Library;

namespace JeanTrail.Models.Speech;

/// <summary>What a speech model was when it came, in a file beside its own.</summary>
internal sealed record SpeechManifest(string Source, string Licence, DateTimeOffset At, IReadOnlyList<SpeechManifest.Part> Files)
{
    internal const string FileName = "jean-manifest.json";

    /// <summary>An empty file that says: the others are not what they were.</summary>
    internal const string DamagedName = "jean-damaged";

    const long MaxBytes = 4 << 20;

    /// <param name="Path">Below the folder, with slashes.</param>
    internal sealed record Part(string Path, long SizeBytes, string Sha256);

    /// <summary>Null where there is none that can be read: somebody put the folder there by hand.</summary>
    internal static SpeechManifest? Read(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        if (!file.Exists || file.Length > MaxBytes || file.LinkTarget is not null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<SpeechManifest>(File.ReadAllBytes(file.FullName), KernelJson.Options) is { Files: not null } read ? read : null;
        }
        catch (Exception broken) when (broken is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Whole or not at all.</summary>
    internal void Write(string folder)
    {
        var unfinished = Path.Combine(folder, FileName + ".part");
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(this, KernelJson.Options));
        File.Move(unfinished, Path.Combine(folder, FileName), overwrite: true);
    }

    internal static async Task<IReadOnlyList<Part>> PartsAsync(string folder, Action<long, long?>? told, CancellationToken cancel)
    {
        var files = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name is not (FileName or DamagedName)).OrderBy(file => file.FullName, StringComparer.Ordinal).ToList();
        var all = files.Sum(file => file.Length);
        long before = 0;
        var parts = new List<Part>(files.Count);
        foreach (var file in files)
        {
            var done = before;
            var hash = await ModelLibrary.HashAsync(file.FullName, (now, _) => told?.Invoke(done + now, all), cancel);
            parts.Add(new Part(Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length, hash));
            before += file.Length;
        }

        return parts;
    }
}
