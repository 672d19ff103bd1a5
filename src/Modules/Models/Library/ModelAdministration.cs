using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Catalogue;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Pulls;
using JeanTrail.Models.Speech;

namespace JeanTrail.Models.Library;

/// <summary>The console's way to the library.</summary>
internal sealed class ModelAdministration(
    ModelLibrary library, SpeechLibrary speech, Arrivals arrivals, ConsoleFetch fetch, IMachineMemory memory, TimeProvider clock) : IModelAdministration
{
    public async Task<IReadOnlyList<InstalledModel>> ListAsync(CancellationToken cancel)
        =>
        [
            .. (await library.ListAsync(cancel)).Select(model => View(model.Row, model.Path)),
            .. (await speech.ListAsync(cancel)).Select(View),
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
                .. ModelCatalogue.Speech.Select(entry => new OfferedModel(
                    entry.Name, entry.Title, entry.Purpose.ToString().ToLowerInvariant(), entry.SizeBytes, SpeechWorker.NeedBytes(entry.SizeBytes), SpeechWorker.NeedBytes(entry.SizeBytes) <= available, entry.Licence, entry.Languages)),
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
        if (await arrivals.IsTakenAsync(name, cancel))
            return ModelsErrors.NameTaken;
        try
        {
            var (path, sha256) = await fetch.RunAsync(parsed, name, told, cancel);
            var added = await arrivals.AddAsync(new Arrival(path, name, parsed.Source, parsed.Terms.Licence, sha256, parsed.Purpose), parsed, Ids.New(clock), (done, all) =>
            {
                told(done, all);
                return Task.CompletedTask;
            }, cancel);
            return added.TryGet(out _, out var error) ? (await ListAsync(cancel)).First(model => model.Name == name) : error;
        }
        catch (DownloadException failure)
        {
            return failure.Error;
        }
    }

    public async Task<Result<Guid>> RemoveAsync(string name, CancellationToken cancel)
    {
        if (await library.FindAsync(name, cancel) is not { } model)
            return await speech.RemoveAsync(name, cancel) is { } unknown ? unknown : Guid.Empty;
        await library.RemoveAsync(model.Row, model.Path, cancel);
        return model.Row.ModelId;
    }

    public async Task<Result<bool>> VerifyAsync(string name, Action<long, long?> told, CancellationToken cancel)
        => await library.FindAsync(name, cancel) is { } model ? await library.VerifyAsync(model.Row, model.Path, told, cancel) : await speech.VerifyAsync(name, told, cancel);

    /// <summary>Of a folder that was put there by hand no terms are known: who did it has read them.</summary>
    static InstalledModel View(SpeechFolder model)
        => new(model.Name, SpeechKind.PurposeOf(model.Kind).ToString().ToLowerInvariant(), model.Kind, "", model.SizeBytes, SpeechManifest.Read(model.Path)?.Licence ?? "", model.Damaged ? "damaged" : "ready");

    static InstalledModel View(ModelRow row, string path)
        => new(row.Name, row.Purpose, row.Architecture, row.Quantisation, row.SizeBytes, row.Licence, row.Damaged ? "damaged" : File.Exists(path) ? "ready" : "missing");
}
