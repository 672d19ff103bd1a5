using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Catalogue;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Pulls;
using JeanTrail.Models.Speech;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Library;

/// <summary>The console's way to the library.</summary>
internal sealed class ModelAdministration(
    ModelLibrary library, ModelFolder folder, PullHttp http, IMachineMemory memory, IOptions<ModelsOptions> options, TimeProvider clock) : IModelAdministration
{
    public async Task<IReadOnlyList<InstalledModel>> ListAsync(CancellationToken cancel)
        =>
        [
            .. (await library.ListAsync(cancel)).Select(model => View(model.Row, model.Path)),
            .. SpeechFolders.List(await folder.GetAsync(cancel)).Select(View),
        ];

    public IReadOnlyList<OfferedModel> Offers
    {
        get
        {
            var available = memory.AvailableBytes;
            return
            [
                .. ModelCatalogue.All.Select(entry => ListCatalogue.ToOffer(entry, available, installed: false, suggested: false)).Select(offer => new OfferedModel(
                    offer.Name, offer.Title, offer.Purpose.ToString().ToLowerInvariant(), offer.SizeBytes, offer.NeedBytes, offer.Fits, offer.Licence, offer.Languages)),
            ];
        }
    }

    public Result<PullTerms> Terms(string source) => PullSource.Parse(source, files: true).TryGet(out var parsed, out var error) ? parsed.Terms : error;

    public async Task<Result<InstalledModel>> PullAsync(string source, string? name, Action<long, long?> told, CancellationToken cancel)
    {
        if (!PullSource.Parse(source, files: true).TryGet(out var parsed, out var invalid))
            return invalid;
        name ??= parsed.Name;
        if (!PullSource.IsName(name))
            return ModelsErrors.NameInvalid;
        if (await library.FindAsync(name, cancel) is not null)
            return ModelsErrors.NameTaken;
        var place = await folder.GetAsync(cancel);
        try
        {
            var (path, sha256) = parsed.Url is { } url ? await FetchAsync(url, place, name, told, cancel) : await CopyAsync(parsed.Path!, place, told, cancel);
            var added = await library.AddAsync(new Arrival(path, name, parsed.Source, parsed.Terms.Licence, sha256, parsed.Purpose), cancel);
            return added.TryGet(out var row, out var error) ? View(row, Path.Combine(place, row.File)) : error;
        }
        catch (DownloadException failure)
        {
            return failure.Error;
        }
    }

    public async Task<Result<Guid>> RemoveAsync(string name, CancellationToken cancel)
    {
        if (await library.FindAsync(name, cancel) is not { } model)
            return ModelsErrors.Unknown;
        await library.RemoveAsync(model.Row, model.Path, cancel);
        return model.Row.ModelId;
    }

    public async Task<Result<bool>> VerifyAsync(string name, Action<long, long?> told, CancellationToken cancel)
        => await library.FindAsync(name, cancel) is { } model ? await library.VerifyAsync(model.Row, model.Path, told, cancel) : ModelsErrors.Unknown;

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
        return (part, await ModelLibrary.HashAsync(part, told, cancel));
    }

    /// <summary>Nothing is known of a folder's terms: who put it there has read them.</summary>
    static InstalledModel View(SpeechFolder model)
        => new(model.Name, SpeechKind.PurposeOf(model.Kind).ToString().ToLowerInvariant(), model.Kind, "", model.SizeBytes, "", "ready");

    static InstalledModel View(ModelRow row, string path)
        => new(row.Name, row.Purpose, row.Architecture, row.Quantisation, row.SizeBytes, row.Licence, row.Damaged ? "damaged" : File.Exists(path) ? "ready" : "missing");
}
