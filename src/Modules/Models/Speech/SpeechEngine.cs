using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using JeanTrail.Models.Running;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Speech;

/// <summary>The speech engines that run: one for voice activity, one for each model that was asked. They go when nobody has asked for long.</summary>
internal sealed class SpeechEngine(
    ModelFolder folder, IMachineMemory memory, WorkerLocation location, IOptions<ModelsOptions> options, TimeProvider clock, ILogger<SpeechEngine> log)
    : ILocalSpeech, IAsyncDisposable
{
    /// <summary>No model's name.</summary>
    const string Activity = "";

    readonly Dictionary<string, SpeechWorker> workers = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    bool disposed;

    public async ValueTask<IReadOnlyList<SpeechModel>> ListAsync(CancellationToken cancel)
        => location.FindSpeech() is null ? [] :
        [
            .. (await FoldersAsync(cancel)).Select(model => new SpeechModel(
                model.Name, SpeechKind.PurposeOf(model.Kind), model.Kind, model.SizeBytes, model.InstalledAt, model.Language, SpeechKind.Streams(model.Kind))),
        ];

    public async IAsyncEnumerable<SpeechSegment> SegmentsAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> audio, SegmentOptions? options, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var segment in Open(Activity, model: null).SegmentsAsync(audio, options, cancel))
            yield return segment;
    }

    public async IAsyncEnumerable<SpokenText> TranscribeAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var found = await FindAsync(model, SpeechPurpose.Recogniser, cancel);
        // The others hear no one while they speak.
        var worker = await OpenAsync(found, live: !SpeechKind.Streams(found.Kind));
        await foreach (var text in worker.TranscribeAsync(audio, cancel))
            yield return text;
    }

    public async IAsyncEnumerable<HeardText> ListenAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var found = await FindAsync(model, SpeechPurpose.Recogniser, cancel);
        if (!SpeechKind.Streams(found.Kind))
            throw new LocalModelException(ModelsErrors.WrongPurpose);
        var worker = await OpenAsync(found, live: true);
        await foreach (var text in worker.ListenAsync(audio, cancel))
            yield return text;
    }

    public async IAsyncEnumerable<SynthesisedAudio> SpeakAsync(string model, SynthesisRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var worker = await OpenAsync(await FindAsync(model, SpeechPurpose.Voice, cancel));
        await foreach (var audio in worker.SpeakAsync(request, cancel))
            yield return audio;
    }

    /// <summary>What can be used.</summary>
    internal async Task<IReadOnlyList<SpeechFolder>> FoldersAsync(CancellationToken cancel) => [.. SpeechFolders.List(await PlaceAsync(cancel)).Where(model => !model.Damaged)];

    /// <summary>The workers of this node.</summary>
    internal IReadOnlyList<SpeechWorker> Loaded
    {
        get
        {
            lock (gate)
                return [.. workers.Values];
        }
    }

    /// <summary>Ends the workers that have the model in them, and their answers with them.</summary>
    internal async Task UnloadAsync(string name)
    {
        foreach (var worker in Loaded.Where(worker => worker.Model?.Name.Split(SpeakerEngine.Join).Contains(name) == true))
            await UnloadAsync(worker);
    }

    /// <summary>Ends those that nobody has asked for long.</summary>
    internal async Task UnloadIdleAsync()
    {
        foreach (var worker in Loaded.Where(worker => worker.Idle > options.Value.IdleUnload))
            await UnloadAsync(worker);
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
            disposed = true;
        foreach (var worker in Loaded)
            await UnloadAsync(worker);
    }

    /// <summary>Models are everybody's: where they are is asked by the server, whoever asks for a voice.</summary>
    async Task<string> PlaceAsync(CancellationToken cancel)
    {
        using var scope = RowScope.Server();
        return await folder.GetAsync(cancel);
    }

    /// <exception cref="LocalModelException">There is no such model that is whole and made for that.</exception>
    internal async Task<SpeechFolder> FindAsync(string name, SpeechPurpose purpose, CancellationToken cancel)
    {
        var model = SpeechFolders.Find(await PlaceAsync(cancel), name) ?? throw new LocalModelException(ModelsErrors.Unknown);
        if (model.Damaged)
            throw new LocalModelException(ModelsErrors.Damaged);
        if (SpeechKind.PurposeOf(model.Kind) != purpose)
            throw new LocalModelException(ModelsErrors.WrongPurpose);
        return model;
    }

    /// <summary>
    /// What computes while one speaks blocks its whole process and has no other way, so that whole recordings are read by the same model in a process of its own. Where there is memory
    /// for one of the two only, they share it.
    /// </summary>
    /// <param name="live">Somebody is speaking now.</param>
    /// <exception cref="LocalModelException">There is no memory for it.</exception>
    internal async Task<SpeechWorker> OpenAsync(SpeechFolder model, bool live)
    {
        var whole = model with { Name = $"{model.Name}{SpeakerEngine.Join}whole" };
        try
        {
            return await OpenAsync(live ? model : whole);
        }
        catch (LocalModelException full) when (full.Error.Code == ModelsErrors.DoesNotFitCode)
        {
            lock (gate)
            {
                if (workers.TryGetValue(live ? whole.Name : model.Name, out var other))
                    return other;
            }

            throw;
        }
    }

    /// <exception cref="LocalModelException">There is no memory for it.</exception>
    internal async Task<SpeechWorker> OpenAsync(SpeechFolder model)
    {
        // Other files under the same name are another model.
        SpeechWorker? outdated;
        lock (gate)
            outdated = workers.GetValueOrDefault(model.Name) is { } present && !IsSame(present.Model!, model) ? present : null;
        if (outdated is not null)
            await UnloadAsync(outdated);
        return Open(model.Name, model);
    }

    /// <exception cref="LocalModelException">It is not installed, or there is no memory for it.</exception>
    SpeechWorker Open(string name, SpeechFolder? model)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (workers.TryGetValue(name, out var present))
                return present;
            if (location.FindSpeech() is not { } program)
                throw new LocalModelException(ModelsErrors.EngineMissing);
            if (SpeechWorker.NeedBytes(model) is var need && need > memory.AvailableBytes)
                throw new LocalModelException(ModelsErrors.DoesNotFit(need, memory.AvailableBytes, suggestion: null));
            return workers[name] = new SpeechWorker(model, program, options.Value, clock, log);
        }
    }

    async Task UnloadAsync(SpeechWorker worker)
    {
        lock (gate)
        {
            var name = worker.Model?.Name ?? Activity;
            if (workers.GetValueOrDefault(name) == worker)
                workers.Remove(name);
        }

        await worker.DisposeAsync();
    }

    static bool IsSame(SpeechFolder one, SpeechFolder other)
        => one.Path == other.Path && one.Kind == other.Kind && one.SizeBytes == other.SizeBytes && one.Files.Count == other.Files.Count
            && one.Files.All(file => other.Files.TryGetValue(file.Key, out var path) && path == file.Value);
}
