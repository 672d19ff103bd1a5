using System.Diagnostics;
using System.Globalization;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Running;
using JeanTrail.Testing;
using JeanTrail.Testing.Gguf;
using static JeanTrail.Models.Tests.Running.TinyWorkers;

namespace JeanTrail.Models.Tests.Running;

public sealed class ModelWorkerTests : IAsyncDisposable
{
    readonly TinyWorkers workers = new();

    public ValueTask DisposeAsync() => workers.DisposeAsync();

    static object Short(int tokens = 6) => new { model = "tiny", max_tokens = tokens, seed = 3, messages = new[] { Says("Hello") } };

    static async Task KillAsync(ModelWorker worker)
    {
        var starts = worker.Status.Starts;
        using var kill = Process.Start("kill", ["-9", worker.Status.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        // Until the server has seen it, too, it looks as before; and it may be ready again before anybody has looked.
        await Eventually.BeTrueAsync(() => worker.Status.State != WorkerState.Ready || worker.Status.Starts > starts);
    }

    [Theory]
    [InlineData("qwen3", GgufType.Q8_0)]
    [InlineData("qwen3", GgufType.Q4_K)]
    [InlineData("qwen3moe", GgufType.F16)]
    [InlineData("llama", GgufType.F16)]
    public async Task Every_architecture_and_kind_of_weights_loads_and_answers(string architecture, GgufType type)
    {
        var worker = workers.Start(new TinyModel(architecture, type), sequences: 1);

        var about = await worker.LoadAsync(default);
        about.GetProperty("architecture").GetString().ShouldBe(architecture);
        about.GetProperty("contextSize").GetInt32().ShouldBe(Context);

        (await WholeAsync(worker, Short())).GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Embeddings_have_length_one_and_are_the_same_every_time()
    {
        var worker = workers.Start(new TinyModel(Purpose: TinyPurpose.Embedding));
        async Task<double[]> EmbedAsync(object input, int? dimensions = null)
            => [.. (await WholeAsync(worker, dimensions is { } some ? new { model = "tiny", input, dimensions = some } : new { model = "tiny", input }, LocalOperation.Embeddings))
                .GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(value => value.GetDouble())];

        var first = await EmbedAsync("الميناء هادئ");
        first.Length.ShouldBe(256);
        Math.Sqrt(first.Sum(value => value * value)).ShouldBe(1, 1e-6);
        await EmbedAsync("something else");
        (await EmbedAsync("الميناء هادئ")).ShouldBe(first, 1e-5);
        var shorter = await EmbedAsync("الميناء هادئ", dimensions: 64);
        shorter.Length.ShouldBe(64);
        Math.Sqrt(shorter.Sum(value => value * value)).ShouldBe(1, 1e-6);
    }

    [Fact]
    public async Task A_reranker_gives_each_document_its_score_the_best_first()
    {
        var worker = workers.Start(new TinyModel(Purpose: TinyPurpose.Rerank));

        var answer = await WholeAsync(worker, new { model = "tiny", query = "harbour", documents = new[] { "one", "the harbour", "three" }, top_n = 2, return_documents = true }, LocalOperation.Rerank);

        var results = answer.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(2);
        var scores = results.Select(result => result.GetProperty("relevance_score").GetDouble()).ToList();
        scores.ShouldAllBe(score => score >= 0 && score <= 1);
        scores.ShouldBeInOrder(SortDirection.Descending);
        results[0].GetProperty("document").GetProperty("text").GetString().ShouldBe(new[] { "one", "the harbour", "three" }[results[0].GetProperty("index").GetInt32()]);
    }

    [Fact]
    public async Task A_chat_model_makes_no_embeddings()
    {
        var worker = workers.Start(new TinyModel());

        (await Should.ThrowAsync<LocalModelException>(() => WholeAsync(worker, new { model = "tiny", input = "x" }, LocalOperation.Embeddings))).Error.Code.ShouldBe("models.request_invalid");
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_ends_the_answer_with_a_reason_and_is_there_again()
    {
        var worker = workers.Start(new TinyModel());
        var pieces = worker.AskAsync(LocalOperation.Chat, Json(new { model = "tiny", stream = true, messages = new[] { Says("Talk") } }), default).GetAsyncEnumerator();
        (await pieces.MoveNextAsync()).ShouldBeTrue();

        await KillAsync(worker);

        (await Should.ThrowAsync<LocalModelException>(async () =>
        {
            while (await pieces.MoveNextAsync())
            {
            }
        })).Error.Code.ShouldBe("models.lost");
        await pieces.DisposeAsync();
        (await WholeAsync(worker, Short())).GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(6);
        worker.Status.Starts.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_keeps_ending_is_stopped_and_that_is_said()
    {
        var worker = workers.Start(new TinyModel());
        await worker.LoadAsync(default);
        for (var i = 0; i < 5; i++)
        {
            // It is started again by itself; on a busy machine five loads would take longer than the time in which five ends are a loop.
            await Eventually.BeTrueAsync(() => worker.Status.State == WorkerState.Ready);
            await KillAsync(worker);
        }

        await Eventually.BeTrueAsync(() => worker.Status.State == WorkerState.CrashLoop);
        (await Should.ThrowAsync<LocalModelException>(() => WholeAsync(worker, Short()))).Error.Code.ShouldBe("models.engine_failing");
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_refused_without_harm()
    {
        var worker = workers.Start("This is no model at all, only a file that was named like one."u8.ToArray());

        (await Should.ThrowAsync<LocalModelException>(() => worker.LoadAsync(default))).Error.Code.ShouldBe("models.unreadable");
        worker.Status.State.ShouldBe(WorkerState.Ready);
    }

    [Fact]
    public async Task A_truncated_file_is_refused_by_the_engine_too()
    {
        var whole = new TinyModel().ToBytes();
        var worker = workers.Start(whole[..(whole.Length / 2)]);

        (await Should.ThrowAsync<LocalModelException>(() => worker.LoadAsync(default))).Error.Code.ShouldBeOneOf("models.unreadable", "models.lost", "models.engine_failing");
    }
}
