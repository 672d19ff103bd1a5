using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Running;

/// <summary>The models that are loaded. One is loaded by the first question to it, and gives its memory back when nobody asks, or another needs it.</summary>
internal sealed class LocalEngine(
    ModelLibrary library, IMachineMemory memory, WorkerLocation location, IOptions<ModelsOptions> options, TimeProvider clock, ILogger<LocalEngine> log)
    : ILocalEngine, IAsyncDisposable
{
    readonly Dictionary<Guid, ModelWorker> workers = [];
    readonly HashSet<Guid> leaving = [];
    readonly Lock gate = new();

    /// <summary>Held while memory is counted and taken, so that two models are not given the same.</summary>
    readonly SemaphoreSlim loading = new(1, 1);

    bool disposed;

    public async ValueTask<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancel)
        => location.Find() is null ? [] :
        [
            .. (await library.ListAsync(cancel)).Where(model => !model.Row.Damaged && File.Exists(model.Path)).Select(model => new LocalModel(
                model.Row.ModelId, model.Row.Name, model.Row.Kind, Math.Min(model.Row.ReadSettings().ContextTokens ?? options.Value.ContextTokens, model.Row.TrainContext), model.Row.CreatedAt)),
        ];

    public async IAsyncEnumerable<LocalPiece> AskAsync(
        string model, LocalOperation operation, ReadOnlyMemory<byte> request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var found = await library.FindAsync(model, cancel) ?? throw new LocalModelException(ModelsErrors.Unknown);
        if (PurposeFor(operation) != found.Row.Kind)
            throw new LocalModelException(ModelsErrors.WrongPurpose);
        var opened = await OpenAsync(found.Row, found.Path, cancel);
        if (!opened.TryGet(out var worker, out var error))
            throw new LocalModelException(error);
        await foreach (var piece in worker.AskAsync(operation, request, cancel))
            yield return piece;
    }

    /// <summary>The workers of this node.</summary>
    internal IReadOnlyList<ModelWorker> Loaded
    {
        get
        {
            lock (gate)
                return [.. workers.Values];
        }
    }

    /// <summary>
    /// The model's worker, started where there is none. Errors: <c>models.engine_missing</c>, <c>models.file_gone</c>, <c>models.removed</c>,
    /// <c>models.does_not_fit</c>.
    /// </summary>
    internal async Task<Result<ModelWorker>> OpenAsync(ModelRow model, string path, CancellationToken cancel)
    {
        if (Find(model) is { } present)
            return present;
        await loading.WaitAsync(cancel);
        try
        {
            if (Find(model) is { } meanwhile)
                return meanwhile;
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                if (leaving.Contains(model.ModelId))
                    return ModelsErrors.Removed;
            }

            if (location.Find() is not { } program)
                return ModelsErrors.EngineMissing;
            if (!File.Exists(path))
                return ModelsErrors.FileGone;
            if (await MakeRoomAsync(model) is not { } plan)
                return RunPlan.DoesNotFit(model.Size, memory.AvailableBytes);
            var worker = new ModelWorker(model, path, plan, program, options.Value, clock, log);
            lock (gate)
                workers[model.ModelId] = worker;
            return worker;
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>Ends the model's worker, and its answers with it. False when it is not loaded.</summary>
    /// <param name="removed">It is not started again.</param>
    internal async Task<bool> UnloadAsync(Guid modelId, bool removed = false)
    {
        ModelWorker? worker;
        lock (gate)
        {
            if (removed)
                leaving.Add(modelId);
            workers.Remove(modelId, out worker);
        }

        if (worker is null)
            return false;
        await worker.DisposeAsync();
        return true;
    }

    /// <summary>Ends those that nobody has asked for long.</summary>
    internal async Task UnloadIdleAsync()
    {
        foreach (var worker in Loaded.Where(worker => worker.Idle > options.Value.IdleUnload))
            await UnloadAsync(worker.Model.ModelId);
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
            disposed = true;
        foreach (var worker in Loaded)
            await UnloadAsync(worker.Model.ModelId);
        loading.Dispose();
    }

    /// <summary>Null when the model does not fit, even alone.</summary>
    async Task<RunPlan?> MakeRoomAsync(ModelRow model)
    {
        while (true)
        {
            var settings = model.ReadSettings();
            // Only what is sure to be there: a machine that swaps is slower than a smaller model.
            var plan = RunPlan.Choose(
                model.Size, settings.ContextTokens ?? options.Value.ContextTokens, settings.ContextTokens is not null, settings.Sequences ?? options.Value.Sequences, memory.AvailableBytes);
            var idle = Loaded.Where(worker => worker.Running == 0).MaxBy(worker => worker.Idle);
            if (plan is not null || idle is null)
                return plan;
            await UnloadAsync(idle.Model.ModelId);
        }
    }

    ModelWorker? Find(ModelRow model)
    {
        lock (gate)
            return workers.GetValueOrDefault(model.ModelId);
    }

    static LocalPurpose PurposeFor(LocalOperation operation) => operation switch
    {
        LocalOperation.Chat => LocalPurpose.Chat,
        LocalOperation.Embeddings => LocalPurpose.Embedding,
        _ => LocalPurpose.Rerank,
    };
}
