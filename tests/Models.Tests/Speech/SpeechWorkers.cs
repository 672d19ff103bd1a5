using System.Diagnostics;
using System.Globalization;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Running;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>The real speech engine with models of our own making, as the server starts it.</summary>
public sealed class SpeechWorkers : IAsyncDisposable
{
    readonly List<SpeechWorker> workers = [];
    readonly string program = new WorkerLocation(Options.Create(new ModelsOptions())).FindSpeech()
        ?? throw new FileNotFoundException("workers/speech is not built; ./jean setup does it.");

    internal string Place { get; } = Directory.CreateTempSubdirectory("jean-speech-").FullName;

    internal LogCollector Log { get; } = new();

    internal SpeechWorker Activity() => Start(model: null);

    internal SpeechWorker Recogniser() => Start(Find(TinySpeech.WriteRecogniser(Place, "ear")));

    /// <param name="kind"><c>ctc transducer paraformer</c>.</param>
    internal SpeechWorker Listener(string kind = "ctc") => Start(Find(kind switch
    {
        "transducer" => TinyListening.WriteTransducer(Place, "listening-transducer"),
        "paraformer" => TinyListening.WriteParaformer(Place, "listening-paraformer"),
        _ => TinyListening.WriteCtc(Place, "listening-ctc"),
    }));

    internal SpeechWorker Voice() => Start(Find(TinySpeech.WriteVoice(Place, "mouth")));

    internal SpeechWorker Start(SpeechFolder? model)
    {
        var worker = new SpeechWorker(model, program, new ModelsOptions { Threads = 1 }, TimeProvider.System, Log.CreateLogger<SpeechEngine>());
        workers.Add(worker);
        return worker;
    }

    internal static async Task KillAsync(SpeechWorker worker)
    {
        var starts = worker.Status.Starts;
        using var kill = Process.Start("kill", ["-9", worker.Status.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        // Until the server has seen it, too, a call would be given to the process that is gone.
        await Eventually.BeTrueAsync(() => worker.Status.State != WorkerState.Ready || worker.Status.Starts > starts);
    }

    internal static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> pieces)
    {
        var all = new List<T>();
        await foreach (var piece in pieces)
            all.Add(piece);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
            await worker.DisposeAsync();
        Log.Dispose();
        Directory.Delete(Place, recursive: true);
    }

    SpeechFolder Find(string folder) => SpeechFolders.Find(Place, Path.GetFileName(folder)) ?? throw new InvalidOperationException("The model was not recognised.");
}
