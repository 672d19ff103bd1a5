using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Http;
using JeanTrail.Models.Library;

namespace JeanTrail.Models.Running;

/// <summary>Measures a model on this machine: how soon it begins, how fast it reads and writes, how much memory it takes.</summary>
internal sealed class SelfTest(LocalEngine engine, ModelLibrary library, TimeProvider clock)
{
    const int WrittenTokens = 48;

    /// <summary>Some two hundred tokens in the interface's languages.</summary>
    static readonly string Text = string.Concat(Enumerable.Repeat(
        "The harbour is quiet this morning. الميناء هادئ هذا الصباح. Bến cảng sáng nay yên tĩnh. Сегодня утром в гавани тихо. ", 4));

    /// <exception cref="LocalModelException">It cannot be loaded, or failed.</exception>
    internal async Task<SpeedTest> RunAsync(ModelRow model, string path, CancellationToken cancel)
    {
        var opened = await engine.OpenAsync(model, path, cancel);
        if (!opened.TryGet(out var worker, out var error))
            throw new LocalModelException(error);
        var loaded = await worker.LoadAsync(cancel);
        var test = model.Kind == LocalPurpose.Chat ? await ChatAsync(worker, cancel) : await VectorsAsync(worker, model.Kind, cancel);
        test = test with { At = clock.GetUtcNow(), LoadMs = loaded.GetProperty("loadMs").GetInt32(), MemoryBytes = worker.ResidentBytes ?? 0 };
        await library.KeepTestAsync(model.ModelId, JsonSerializer.Serialize(test, KernelJson.Options), cancel);
        return test;
    }

    async Task<SpeedTest> ChatAsync(ModelWorker worker, CancellationToken cancel)
    {
        // A fresh beginning each time, or what is measured is the memory of the last test.
        var request = JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = worker.Model.Name,
            stream = true,
            stream_options = new { include_usage = true },
            max_tokens = WrittenTokens,
            messages = new[] { new { role = "user", content = $"{clock.GetTimestamp()} {Text}" } },
        });
        var began = clock.GetTimestamp();
        TimeSpan? first = null;
        JsonElement? timings = null;
        await foreach (var piece in worker.AskAsync(LocalOperation.Chat, request, cancel))
        {
            if (piece.Kind != LocalPieceKind.Chunk)
                continue;
            first ??= clock.GetElapsedTime(began);
            if (JsonElement.Parse(piece.Json.Span).TryGetProperty("timings", out var told))
                timings = told;
        }

        if (timings is not { } measured)
            throw new LocalModelException(ModelsErrors.Lost);
        return new SpeedTest(
            default, 0, Rate(measured, "prompt_n", "prompt_ms"), Rate(measured, "predicted_n", "predicted_ms"), (int)(first ?? TimeSpan.Zero).TotalMilliseconds, 0);
    }

    async Task<SpeedTest> VectorsAsync(ModelWorker worker, LocalPurpose purpose, CancellationToken cancel)
    {
        var (operation, request) = purpose == LocalPurpose.Embedding
            ? (LocalOperation.Embeddings, JsonSerializer.SerializeToUtf8Bytes(new { model = worker.Model.Name, input = Text }))
            : (LocalOperation.Rerank, JsonSerializer.SerializeToUtf8Bytes(new { model = worker.Model.Name, query = "harbour", documents = new[] { Text } }));
        var began = clock.GetTimestamp();
        var tokens = 0;
        await foreach (var piece in worker.AskAsync(operation, request, cancel))
        {
            if (piece.Kind == LocalPieceKind.Whole)
                tokens = JsonElement.Parse(piece.Json.Span).GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        }

        var taken = clock.GetElapsedTime(began);
        return new SpeedTest(default, 0, Math.Round(tokens / Math.Max(taken.TotalSeconds, 0.001), 1), null, (int)taken.TotalMilliseconds, 0);
    }

    static double Rate(JsonElement timings, string count, string ms)
        => Math.Round(timings.GetProperty(count).GetDouble() / Math.Max(timings.GetProperty(ms).GetDouble() / 1000, 0.001), 1);
}
