using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Running;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Library;

/// <summary>Models as people see them: what is on the disk together with what runs.</summary>
internal sealed class ModelViews(ModelLibrary library, LocalEngine engine, IMachineMemory memory, IOptions<ModelsOptions> options)
{
    internal async Task<IReadOnlyList<ListModels.Model>> AllAsync(CancellationToken cancel)
    {
        var available = memory.AvailableBytes;
        return [.. (await library.ListAsync(cancel)).Select(model => View(model.Row, model.Path, available))];
    }

    internal async Task<ListModels.Model?> FindAsync(Guid id, CancellationToken cancel)
        => await library.FindAsync(id, cancel) is { } found ? View(found.Row, found.Path, memory.AvailableBytes) : null;

    ListModels.Model View(ModelRow row, string path, long available)
    {
        var worker = engine.Loaded.FirstOrDefault(one => one.Model.ModelId == row.ModelId);
        var resident = worker?.ResidentBytes;
        var settings = row.ReadSettings();
        var plan = worker?.Plan ?? RunPlan.Choose(
            row.Size, settings.ContextTokens ?? options.Value.ContextTokens, settings.ContextTokens is not null, settings.Sequences ?? options.Value.Sequences, available);
        var (state, detail) = StateOf(row, path, worker);
        return new ListModels.Model(
            row.ModelId, row.Name, row.Kind, state, detail, row.Architecture, row.Quantisation, row.Parameters, row.SizeBytes, row.Sha256, row.Source, row.Licence,
            row.TrainContext, plan?.ContextTokens ?? 0, plan?.Sequences ?? 0, plan?.NeedBytes ?? RunPlan.LeastNeed(row.Size), plan is not null, worker?.Running ?? 0, resident,
            ListModels.ToView(settings), row.ReadTest() is { } test ? ListModels.ToView(test) : null, row.VerifiedAt, row.CreatedAt);
    }

    static (ListModels.ModelState State, string? Detail) StateOf(ModelRow row, string path, ModelWorker? worker)
    {
        if (row.Damaged)
            return (ListModels.ModelState.Damaged, null);
        if (!File.Exists(path))
            return (ListModels.ModelState.Missing, null);
        return worker?.Status is not { } status ? (ListModels.ModelState.Ready, null) : status.State switch
        {
            WorkerState.Ready => (ListModels.ModelState.Loaded, null),
            WorkerState.CrashLoop => (ListModels.ModelState.Failing, status.Detail),
            WorkerState.Stopped when status.Starts > 0 => (ListModels.ModelState.Ready, null),
            _ => (ListModels.ModelState.Starting, null),
        };
    }
}
