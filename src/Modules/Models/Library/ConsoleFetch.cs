using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Pulls;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Library;

/// <summary>Brings a file into the folder of models in the foreground, under a name that is none of a model's.</summary>
internal sealed class ConsoleFetch(ModelFolder folder, PullHttp http, IOptions<ModelsOptions> options, TimeProvider clock)
{
    /// <exception cref="DownloadException">It cannot be had.</exception>
    internal async Task<(string Path, string Sha256)> RunAsync(PullSource source, string name, Action<long, long?> told, CancellationToken cancel)
    {
        var place = await folder.GetAsync(cancel);
        return source.Url is { } url ? await FetchAsync(url, place, name, told, cancel) : await CopyAsync(source.Path!, place, told, cancel);
    }

    /// <summary>The name of the unfinished file and what is beside it tell a later call where to go on.</summary>
    async Task<(string Path, string Sha256)> FetchAsync(Uri url, string place, string name, Action<long, long?> told, CancellationToken cancel)
    {
        var part = Path.Combine(place, $".{name}.console.part");
        var note = part + ".from";
        var known = File.Exists(note) ? await File.ReadAllLinesAsync(note, cancel) : [];
        var earlier = known is [var address, var tag] && address == url.AbsoluteUri ? new Promise(null, null, tag) : null;
        string? noted = earlier?.Validator;
        var download = new Download(http.Invoker, options.Value, clock, part, earlier, async (received, promise) =>
        {
            told(received, promise.Bytes);
            if (promise.Validator is { } validator && validator != noted)
                await File.WriteAllLinesAsync(note, [url.AbsoluteUri, noted = validator], cancel);
        });
        var sha256 = await download.RunAsync(url, cancel);
        File.Delete(note);
        return (part, sha256);
    }

    async Task<(string Path, string Sha256)> CopyAsync(string from, string place, Action<long, long?> told, CancellationToken cancel)
    {
        var part = ModelFolder.Unfinished(place, Ids.New(clock));
        if (ModelFolder.FreeBytes(place) - new FileInfo(from).Length < options.Value.KeepFreeBytes)
            throw new DownloadException(ModelsErrors.DiskFull);
        File.Copy(from, part);
        // With the time of the other file it would look as if it had lain here for long.
        File.SetLastWriteTimeUtc(part, clock.GetUtcNow().UtcDateTime);
        return (part, await ModelLibrary.HashAsync(part, told, cancel));
    }
}
