using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using JeanTrail.Models.Running;
using JeanTrail.Testing;
using JeanTrail.Testing.Gguf;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Tests.Running;

/// <summary>Workers with models of our own making, as the engine starts them. One thread each: on a busy machine more only wait for each other.</summary>
public sealed class TinyWorkers : IAsyncDisposable
{
    internal const int Context = 2048;

    readonly string folder = Directory.CreateTempSubdirectory("jean-tiny-").FullName;
    readonly List<ModelWorker> workers = [];
    readonly LogCollector log = new();
    readonly string program = new WorkerLocation(Options.Create(new ModelsOptions())).Find()
        ?? throw new FileNotFoundException("workers/local-models is not built; ./jean setup does it.");

    internal ModelWorker Start(TinyModel model, int sequences = 4) => Start(model.ToBytes(), model.Purpose, sequences);

    internal ModelWorker Start(byte[] content, TinyPurpose purpose = TinyPurpose.Chat, int sequences = 4)
    {
        var path = Path.Combine(folder, $"{workers.Count}.gguf");
        File.WriteAllBytes(path, content);
        var row = new ModelRow { ModelId = Guid.CreateVersion7(), Name = $"tiny-{workers.Count}", Purpose = purpose.ToString().ToLowerInvariant(), SizeBytes = content.Length };
        var worker = new ModelWorker(
            row, path, new RunPlan(Context, sequences, 0), program, new ModelsOptions { Threads = 1, GpuLayers = 0 }, TimeProvider.System, log.CreateLogger<LocalEngine>());
        workers.Add(worker);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        log.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    internal static object Says(string text) => new { role = "user", content = text };

    internal static ReadOnlyMemory<byte> Json(object request) => JsonSerializer.SerializeToUtf8Bytes(request);

    /// <summary>The one body of an answer that is not streamed.</summary>
    internal static async Task<JsonElement> WholeAsync(ModelWorker worker, object request, LocalOperation operation = LocalOperation.Chat)
    {
        await foreach (var piece in worker.AskAsync(operation, Json(request), default))
        {
            if (piece.Kind == LocalPieceKind.Whole)
                return JsonElement.Parse(piece.Json.Span);
        }

        throw new InvalidOperationException("There was no answer.");
    }

    internal static async Task<List<JsonElement>> ChunksAsync(ModelWorker worker, object request)
    {
        var chunks = new List<JsonElement>();
        await foreach (var piece in worker.AskAsync(LocalOperation.Chat, Json(request), default))
        {
            if (piece.Kind == LocalPieceKind.Chunk)
                chunks.Add(JsonElement.Parse(piece.Json.Span));
        }

        return chunks;
    }

    internal static string TextOf(IEnumerable<JsonElement> chunks)
        => string.Concat(chunks.Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0)
            .Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));
}
