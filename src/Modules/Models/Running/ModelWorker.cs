using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
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

    readonly WorkerPool pool;
    readonly TimeProvider clock;
    readonly ModelsOptions options;
    long usedAt;
    int running;

    internal ModelWorker(ModelRow model, string path, RunPlan plan, string program, ModelsOptions options, TimeProvider clock, ILogger log)
    {
        (Model, Plan, this.clock, this.options) = (model, plan, clock, options);
        usedAt = clock.GetTimestamp();
        var settings = model.ReadSettings();
        pool = new WorkerPool(
            new WorkerCommand($"model-{model.Name}", options.NodePath, ["--max-old-space-size=512", program, Settings(model, path, plan, settings, options)])
            {
                UsesSocket = true,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_ENV"] = "production", ["NODE_LLAMA_CPP_POSTINSTALL"] = "skip" },
            },
            new WorkerPoolOptions
            {
                Workers = 1,
                CallsPerWorker = plan.Sequences,
                QueueLimit = 256,
                QueueTimeout = options.QueueTimeout,
                Worker = new WorkerOptions
                {
                    StartTimeout = TimeSpan.FromMinutes(2),
                    // A computation cannot be broken off; what a call may wait for is one batch of a slow machine.
                    CancelGrace = TimeSpan.FromMinutes(1),
                    ProgressTimeout = TimeSpan.FromMinutes(5),
                    SilenceTimeout = TimeSpan.FromMinutes(1),
                    Window = Window,
                },
            },
            clock,
            log);
    }

    internal ModelRow Model { get; }

    internal RunPlan Plan { get; }

    internal int Running => Volatile.Read(ref running);

    internal TimeSpan Idle => Running > 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref usedAt));

    internal WorkerStatus Status => pool.Workers[0];

    /// <summary>What the process takes now; null while there is none.</summary>
    internal long? ResidentBytes
    {
        get
        {
            try
            {
                if (Status.ProcessId is not { } id)
                    return null;
                using var process = Process.GetProcessById(id);
                return process.WorkingSet64;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>Loads the model and gives what the worker says of it.</summary>
    /// <exception cref="LocalModelException">It cannot be loaded.</exception>
    internal async Task<JsonElement> LoadAsync(CancellationToken cancel)
    {
        await foreach (var message in CallAsync(Request("load", "{}"u8), cancel))
        {
            if (message.Kind == WorkerMessageKind.Result)
                return JsonElement.Parse(message.Payload.Span);
        }

        throw new LocalModelException(ModelsErrors.Lost);
    }

    /// <exception cref="LocalModelException">It did not answer, or broke off.</exception>
    internal async IAsyncEnumerable<LocalPiece> AskAsync(LocalOperation operation, ReadOnlyMemory<byte> request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var message in CallAsync(Request(NameOf(operation), request.Span), cancel))
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

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    async IAsyncEnumerable<WorkerMessage> CallAsync(ReadOnlyMemory<byte> payload, [EnumeratorCancellation] CancellationToken cancel)
    {
        Interlocked.Increment(ref running);
        try
        {
            await using var messages = pool.CallAsync(payload, cancel).GetAsyncEnumerator(cancel);
            while (await MoveAsync(messages))
                yield return messages.Current;
        }
        finally
        {
            Volatile.Write(ref usedAt, clock.GetTimestamp());
            Interlocked.Decrement(ref running);
        }
    }

    async ValueTask<bool> MoveAsync(IAsyncEnumerator<WorkerMessage> messages)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (WorkerFailureException failure)
        {
            throw new LocalModelException(
                failure.Code switch
                {
                    "context_too_long" => ModelsErrors.ContextTooLong(failure.Message),
                    "request_invalid" or "not_supported" => ModelsErrors.RequestInvalid(failure.Message),
                    "engine_missing" => ModelsErrors.EngineMissing,
                    "memory" => ModelsErrors.DoesNotFit(Plan.NeedBytes, 0, null),
                    "model_unreadable" => ModelsErrors.Unreadable(failure.Message),
                    _ => ModelsErrors.Lost,
                },
                failure);
        }
        catch (WorkerBusyException busy)
        {
            throw new LocalModelException(ModelsErrors.Busy, busy);
        }
        catch (WorkerUnavailableException unavailable)
        {
            throw new LocalModelException(ModelsErrors.Failing(unavailable.Message), unavailable);
        }
        catch (Exception lost) when (lost is WorkerLostException or ObjectDisposedException)
        {
            throw new LocalModelException(ModelsErrors.Lost, lost);
        }
    }

    static string NameOf(LocalOperation operation) => operation switch
    {
        LocalOperation.Chat => "chat",
        LocalOperation.Embeddings => "embeddings",
        _ => "rerank",
    };

    /// <summary>The request goes in as the bytes that came.</summary>
    static byte[] Request(string operation, ReadOnlySpan<byte> body)
        => [.. Encoding.UTF8.GetBytes($"{{\"op\":\"{operation}\",\"body\":"), .. body, (byte)'}'];

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
