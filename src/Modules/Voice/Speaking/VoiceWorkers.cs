using System.Runtime.InteropServices;
using System.Text.Json;
using JeanTrail.Kernel.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Speaking;

/// <summary>The pool of espeak-ng workers. They are started as they are needed; where espeak-ng is missing, all calls say so.</summary>
internal sealed class VoiceWorkers : IAsyncDisposable
{
    public VoiceWorkers(IOptions<VoiceOptions> options, TimeProvider clock, ILogger<VoiceWorkers> log)
    {
        var voice = options.Value;
        Pool = new WorkerPool(
            Command(voice),
            new WorkerPoolOptions { Workers = voice.Workers ?? Math.Max(2, Environment.ProcessorCount / 2), QueueLimit = voice.QueueLimit, QueueTimeout = voice.QueueTimeout },
            clock,
            log);
    }

    public WorkerPool Pool { get; }

    /// <summary>What the worker says of itself, starting one when none has said it yet.</summary>
    public async Task<WorkerHello> HelloAsync(CancellationToken cancel)
    {
        if (Pool.Hello.IsEmpty)
            await Pool.WarmAsync(cancel);
        return JsonSerializer.Deserialize(Pool.Hello.Span, WorkerJson.Default.WorkerHello)
            ?? throw new WorkerUnavailableException("The voice worker did not introduce itself.");
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    static WorkerCommand Command(VoiceOptions options)
    {
        var path = options.WorkerPath ?? Path.Combine(AppContext.BaseDirectory, "workers", "voice", "jeantrail-voice.dll");
        var isAssembly = string.Equals(Path.GetExtension(path), ".dll", StringComparison.OrdinalIgnoreCase);
        List<string> arguments = isAssembly ? [path] : [];
        if (options.EspeakLibrary is { } library)
            arguments.Add(library);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_NOLOGO"] = "1",
        };
        foreach (var name in (ReadOnlySpan<string>)["DOTNET_ROOT", "ESPEAK_DATA_PATH"])
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                environment[name] = value;
        return new WorkerCommand("voice", isAssembly ? DotnetPath() : path, arguments, environment);
    }

    /// <summary>The runtime that runs the server also runs the worker.</summary>
    static string DotnetPath()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        if (Environment.ProcessPath is { } own && string.Equals(Path.GetFileName(own), name, StringComparison.OrdinalIgnoreCase))
            return own;
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }
}
