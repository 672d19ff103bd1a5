using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Running;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Models.Speech;

/// <summary>The speech engine with one model in it, or with none: then it only tells speech from silence.</summary>
internal sealed class SpeechWorker : IAsyncDisposable
{
    /// <summary>Unread messages of an answer after which the worker waits with it.</summary>
    const int Window = 64;

    /// <summary>One computes, the others wait their turn in the worker, where they can be fed meanwhile.</summary>
    const int CallsOfAModel = 4;

    readonly EngineProcess process;

    /// <param name="model">Null for voice activity.</param>
    internal SpeechWorker(SpeechFolder? model, string program, ModelsOptions options, TimeProvider clock, ILogger log)
    {
        Model = model;
        process = new EngineProcess(
            new WorkerCommand($"speech-{model?.Name ?? "activity"}", options.NodePath, ["--max-old-space-size=512", program, Settings(model, options)])
            {
                UsesSocket = true,
                Environment = Environment(program),
            },
            // What waits for a name waits all day, and costs little.
            model is null || SpeechKind.PurposeOf(model.Kind) == SpeechPurpose.Spotter ? options.SpeechStreams : CallsOfAModel,
            Window,
            NeedBytes(model),
            options,
            clock,
            log);
    }

    internal SpeechFolder? Model { get; }

    internal int Running => process.Running;

    internal TimeSpan Idle => process.Idle;

    internal WorkerStatus Status => process.Status;

    internal long? ResidentBytes => process.ResidentBytes;

    /// <summary>The runtime, the engine, the files, and what is computed in: half as much again.</summary>
    internal static long NeedBytes(SpeechFolder? model) => NeedBytes(model?.SizeBytes ?? 0);

    internal static long NeedBytes(long sizeBytes) => (120L << 20) + sizeBytes * 3 / 2;

    /// <summary>Loads the model and gives what the worker says of it.</summary>
    internal async Task<JsonElement> LoadAsync(CancellationToken cancel)
    {
        await foreach (var message in CallAsync("load", new { }, audio: null, cancel))
        {
            if (message.Kind == WorkerMessageKind.Result)
                return JsonElement.Parse(message.Payload.Span);
        }

        throw new LocalModelException(ModelsErrors.Lost);
    }

    internal async IAsyncEnumerable<SpeechSegment> SegmentsAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> audio, SegmentOptions? options, [EnumeratorCancellation] CancellationToken cancel)
    {
        var body = new { options?.Threshold, MinSpeech = options?.MinSpeech?.TotalSeconds, MinSilence = options?.MinSilence?.TotalSeconds };
        await foreach (var message in CallAsync("segments", body, audio, cancel))
        {
            if (Read(message) is { Start: { } start, End: { } end })
                yield return new SpeechSegment(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end));
        }
    }

    internal async IAsyncEnumerable<SpokenText> TranscribeAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var message in CallAsync("transcribe", new { }, audio, cancel))
        {
            if (Read(message) is { Start: { } start, End: { } end, Text: { } text } told)
                yield return new SpokenText(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end), text, told.Language);
        }
    }

    internal async IAsyncEnumerable<HeardText> ListenAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var message in CallAsync("listen", new { }, audio, cancel))
        {
            if (Read(message) is { Start: { } start, End: { } end, Text: { } text, Final: { } final })
                yield return new HeardText(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end), text, final);
        }
    }

    internal async IAsyncEnumerable<SynthesisedAudio> SpeakAsync(SynthesisRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sampleRate = 0;
        await foreach (var message in CallAsync("speak", request, audio: null, cancel))
        {
            if (message.Kind == WorkerMessageKind.Chunk)
                yield return new SynthesisedAudio(sampleRate, message.Payload);
            else if (Read(message)?.SampleRate is { } told)
                sampleRate = told;
        }
    }

    /// <summary>What comes on the way of another call.</summary>
    internal async IAsyncEnumerable<T> AskAsync<T>(string operation, object body, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var message in CallAsync(operation, body, audio, cancel))
        {
            if (message.Kind == WorkerMessageKind.Event && JsonSerializer.Deserialize<T>(message.Payload.Span, KernelJson.Options) is { } told)
                yield return told;
        }
    }

    /// <summary>The bytes that come on the way of a call.</summary>
    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync(string operation, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var message in CallAsync(operation, new { }, audio, cancel))
        {
            if (message.Kind == WorkerMessageKind.Chunk)
                yield return message.Payload;
        }
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    IAsyncEnumerable<WorkerMessage> CallAsync(string operation, object body, IAsyncEnumerable<ReadOnlyMemory<byte>>? audio, CancellationToken cancel)
        => process.CallAsync(EngineProcess.Request(operation, JsonSerializer.SerializeToUtf8Bytes(body, KernelJson.Options)), audio, cancel);

    /// <summary>What came on the way; null for audio, and for the result, which only repeats it.</summary>
    static Told? Read(WorkerMessage message)
        => message.Kind == WorkerMessageKind.Event ? JsonSerializer.Deserialize<Told>(message.Payload.Span, KernelJson.Options) : null;

    /// <param name="Start">In seconds, as <paramref name="End"/>.</param>
    sealed record Told(double? Start, double? End, string? Text, bool? Final, string? Language, int? SampleRate);

    static string Settings(SpeechFolder? model, ModelsOptions options)
        => JsonSerializer.Serialize(
            new
            {
                model = model is null ? null : new { model.Kind, model.Files },
                threads = options.Threads ?? System.Environment.ProcessorCount,
                window = Window,
            },
            KernelJson.Options);

    /// <summary>The engine's own libraries are looked for only where the system's loader looks: it must be told before the process starts.</summary>
    static Dictionary<string, string> Environment(string program)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_ENV"] = "production" };
        if (LibraryFolder(program) is not { } folder)
            return environment;
        var (name, before) = OperatingSystem.IsWindows() ? ("PATH", System.Environment.GetEnvironmentVariable("PATH"))
            : (OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH", null);
        environment[name] = before is null ? folder : folder + Path.PathSeparator + before;
        return environment;
    }

    /// <summary>Null when there is no engine for this platform; the worker says so then.</summary>
    static string? LibraryFolder(string program)
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var package = Path.Combine("node_modules", $"sherpa-onnx-{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}");
        for (var folder = Path.GetDirectoryName(program); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Combine(folder, package) is var path && Directory.Exists(path))
                return path;
        }

        return null;
    }
}
