using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Models.Running;

/// <summary>
/// One model in a process of its own. It is loaded as the process starts, so that a restart after a crash loads it again, and goes with the
/// process, which gives all memory back.
/// </summary>
internal sealed class ModelWorker : IAsyncDisposable
{
    /// <summary>Unread chunks of an answer after which the model waits with it.</summary>
    const int Window = 256;

    /// <summary>What a whole answer stands behind in the worker's result.</summary>
    static ReadOnlySpan<byte> BodyMember => "body"u8;

    /// <summary>How every chunk begins; what else comes on the way is progress.</summary>
    static ReadOnlySpan<byte> ChunkStart => "{\"id\":"u8;

    readonly EngineProcess process;

    internal ModelWorker(ModelRow model, string path, RunPlan plan, string program, ModelsOptions options, TimeProvider clock, ILogger log)
    {
        (Model, Plan) = (model, plan);
        process = new EngineProcess(
            new WorkerCommand($"model-{model.Name}", options.NodePath, ["--max-old-space-size=512", program, Settings(model, path, plan, model.ReadSettings(), options)])
            {
                UsesSocket = true,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_ENV"] = "production", ["NODE_LLAMA_CPP_POSTINSTALL"] = "skip" },
            },
            plan.Sequences,
            Window,
            plan.NeedBytes,
            options,
            clock,
            log);
    }

    internal ModelRow Model { get; }

    internal RunPlan Plan { get; }

    internal int Running => process.Running;

    internal TimeSpan Idle => process.Idle;

    internal WorkerStatus Status => process.Status;

    /// <summary>What the process takes now; null while there is none.</summary>
    internal long? ResidentBytes => process.ResidentBytes;

    /// <summary>Loads the model and gives what the worker says of it.</summary>
    /// <exception cref="LocalModelException">It cannot be loaded.</exception>
    internal async Task<JsonElement> LoadAsync(CancellationToken cancel)
    {
        await foreach (var message in process.CallAsync(EngineProcess.Request("load", "{}"u8), input: null, cancel))
        {
            if (message.Kind == WorkerMessageKind.Result)
                return JsonElement.Parse(message.Payload.Span);
        }

        throw new LocalModelException(ModelsErrors.Lost);
    }

    /// <exception cref="LocalModelException">It did not answer, or broke off.</exception>
    internal async IAsyncEnumerable<LocalPiece> AskAsync(LocalOperation operation, ReadOnlyMemory<byte> request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var message in process.CallAsync(EngineProcess.Request(NameOf(operation), request.Span), input: null, cancel))
        {
            if (message.Kind == WorkerMessageKind.Result)
            {
                if (Body(message.Payload) is { IsEmpty: false } body)
                    yield return new LocalPiece(LocalPieceKind.Whole, body);
            }
            else
            {
                yield return new LocalPiece(message.Payload.Span.StartsWith(ChunkStart) ? LocalPieceKind.Chunk : LocalPieceKind.Progress, message.Payload);
            }
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    static string NameOf(LocalOperation operation) => operation switch
    {
        LocalOperation.Chat => "chat",
        LocalOperation.Embeddings => "embeddings",
        _ => "rerank",
    };

    static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> result)
    {
        var json = new Utf8JsonReader(result.Span);
        if (!json.Read() || !json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(BodyMember))
            return default;
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return result[start..(int)json.BytesConsumed];
    }

    static string Settings(ModelRow model, string path, RunPlan plan, ModelSettings settings, ModelsOptions options)
        => JsonSerializer.Serialize(
            new
            {
                path,
                model.Purpose,
                contextSize = plan.ContextTokens,
                plan.Sequences,
                threads = settings.Threads ?? options.Threads ?? Environment.ProcessorCount,
                gpuLayers = (object?)(settings.GpuLayers ?? options.GpuLayers) ?? "auto",
                gpu = (settings.GpuLayers ?? options.GpuLayers) == 0 ? (object)false : "auto",
                sampling = new { settings.Temperature, settings.TopP, settings.TopK },
                window = Window,
            },
            KernelJson.Options);
}
