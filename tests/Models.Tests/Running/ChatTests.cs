using System.Globalization;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Running;
using JeanTrail.Testing;
using JeanTrail.Testing.Gguf;
using static JeanTrail.Models.Tests.Running.TinyWorkers;

namespace JeanTrail.Models.Tests.Running;

public sealed class ChatTests(ChatTests.OneWorker one) : IClassFixture<ChatTests.OneWorker>
{
    static readonly object[] Tools =
    [
        new
        {
            type = "function",
            function = new
            {
                name = "weather",
                description = "The weather of a city",
                parameters = new
                {
                    type = "object",
                    properties = new { city = new { @enum = new[] { "Hà Nội", "القاهرة", "Москва" } }, days = new { type = "integer" }, metric = new { type = "boolean" } },
                    required = new[] { "city" },
                },
            },
        },
        new { type = "function", function = new { name = "now", description = "The time" } },
    ];

    ModelWorker Worker => one.Worker;

    [Fact]
    public async Task A_streamed_answer_comes_in_chunks_and_ends_with_its_reason_and_its_counts()
    {
        var chunks = await ChunksAsync(Worker, new
        {
            model = "tiny",
            stream = true,
            stream_options = new { include_usage = true },
            max_tokens = 24,
            seed = 7,
            messages = new[] { Says("Xin chào, مرحبا, привет!") },
        });

        chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        var usage = chunks[^1].GetProperty("usage");
        usage.GetProperty("completion_tokens").GetInt32().ShouldBe(24);
        usage.GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(10);
        TextOf(chunks).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_same_seed_says_the_same_streamed_or_not()
    {
        var streamed = await ChunksAsync(Worker, new { model = "tiny", stream = true, max_tokens = 20, seed = 11, messages = new[] { Says("Again") } });
        var whole = await WholeAsync(Worker, new { model = "tiny", max_tokens = 20, seed = 11, messages = new[] { Says("Again") } });

        whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldBe(TextOf(streamed));
    }

    [Fact]
    public async Task A_second_turn_reads_only_what_is_new()
    {
        var opening = new[] { Says(string.Concat(Enumerable.Repeat("The harbour is quiet. ", 20))) };
        var first = await WholeAsync(Worker, new { model = "tiny", max_tokens = 8, seed = 1, messages = opening });
        object answer = new { role = "assistant", content = first.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() };
        var second = await WholeAsync(Worker, new { model = "tiny", max_tokens = 8, seed = 1, messages = (object[])[.. opening, answer, Says("More")] });

        var usage = second.GetProperty("usage");
        usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32()
            .ShouldBeGreaterThanOrEqualTo(first.GetProperty("usage").GetProperty("prompt_tokens").GetInt32() - 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_tool_that_must_be_called_is_called_with_valid_arguments_even_by_random_weights(int seed)
    {
        var answer = await WholeAsync(Worker, new
        {
            model = "tiny",
            seed,
            temperature = 1.5,
            max_tokens = 400,
            messages = new[] { Says("Weather?") },
            tools = Tools,
            tool_choice = new { type = "function", function = new { name = "weather" } },
        });

        var choice = answer.GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        var call = choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().ShouldHaveSingleItem().GetProperty("function");
        call.GetProperty("name").GetString().ShouldBe("weather");
        var arguments = JsonElement.Parse(call.GetProperty("arguments").GetString()!);
        arguments.GetProperty("city").GetString().ShouldBeOneOf("Hà Nội", "القاهرة", "Москва");
        arguments.GetProperty("days").ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public async Task A_streamed_tool_call_adds_up_to_the_same_as_a_whole_one()
    {
        object Request(bool stream) => new { model = "tiny", seed = 5, stream, max_tokens = 400, messages = new[] { Says("Weather?") }, tools = Tools, tool_choice = "required" };
        var whole = (await WholeAsync(Worker, Request(stream: false))).GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        var deltas = (await ChunksAsync(Worker, Request(stream: true))).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0].GetProperty("function")).ToList();

        deltas[0].GetProperty("name").GetString().ShouldBe(whole.GetProperty("name").GetString());
        string.Concat(deltas.Select(delta => delta.GetProperty("arguments").GetString())).ShouldBe(whole.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task Results_of_tools_are_part_of_what_is_read()
    {
        var answer = await WholeAsync(Worker, new
        {
            model = "tiny",
            seed = 2,
            max_tokens = 8,
            tools = Tools,
            messages = new[]
            {
                Says("Weather?"),
                new { role = "assistant", tool_calls = new[] { new { id = "one", type = "function", function = new { name = "now", arguments = "{}" } } } },
                new { role = "tool", tool_call_id = "one", content = "It is noon." },
            },
        });

        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_schema_is_kept_to_even_by_random_weights(int seed)
    {
        var schema = new
        {
            type = "object",
            properties = new
            {
                kind = new { @enum = new[] { "note", "task" } },
                count = new { anyOf = new object[] { new { type = "integer" }, new { type = "null" } } },
                tags = new { type = "array", items = new { @enum = new[] { "red", "blue" } }, maxItems = 3 },
                title = new { type = "string", maxLength = 12 },
            },
        };
        var answer = await WholeAsync(Worker, new
        {
            model = "tiny",
            seed,
            temperature = 1.5,
            max_tokens = 400,
            messages = new[] { Says("Note?") },
            response_format = new { type = "json_schema", json_schema = new { name = "thing", schema } },
        });

        var thing = JsonElement.Parse(answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);
        thing.GetProperty("kind").GetString().ShouldBeOneOf("note", "task");
        thing.GetProperty("count").ValueKind.ShouldBeOneOf(JsonValueKind.Number, JsonValueKind.Null);
        thing.GetProperty("tags").EnumerateArray().ShouldAllBe(tag => tag.GetString() == "red" || tag.GetString() == "blue");
    }

    [Fact]
    public async Task Conversations_side_by_side_do_not_mix()
    {
        // Each is held to a word of its own: in a shared batch the sums come out a little otherwise, and free text with them.
        object Request(int number) => new
        {
            model = "tiny",
            stream = true,
            max_tokens = 60,
            seed = number,
            messages = new[] { Says($"Question {number}") },
            response_format = new { type = "json_schema", json_schema = new { name = "word", schema = new { @enum = new[] { $"this is answer number {number}" } } } },
        };

        // More than there are places: some wait.
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => ChunksAsync(Worker, Request(number))));

        together.Select(TextOf).ShouldBe(Enumerable.Range(0, 8).Select(number => $"\"this is answer number {number}\""));
    }

    [Fact]
    public async Task Who_stops_reading_stops_the_model_within_a_token_or_two()
    {
        var pieces = Worker.AskAsync(LocalOperation.Chat, Json(new { model = "tiny", stream = true, messages = new[] { Says("Talk") } }), default).GetAsyncEnumerator();
        for (var i = 0; i < 5; i++)
            (await pieces.MoveNextAsync()).ShouldBeTrue();
        await pieces.DisposeAsync();
        await Eventually.BeTrueAsync(() => Worker.Running == 0);

        // All places are free at once: four new conversations begin without waiting for the one that was left.
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => ChunksAsync(Worker, new { model = "tiny", stream = true, max_tokens = 3, seed, messages = new[] { Says("Next") } })));
        answers.ShouldAllBe(chunks => chunks.Count >= 2);
    }

    [Fact]
    public async Task A_slow_reader_makes_only_its_own_answer_wait()
    {
        var slow = Worker.AskAsync(LocalOperation.Chat, Json(new { model = "tiny", stream = true, max_tokens = 1500, messages = new[] { Says("Slow") } }), default).GetAsyncEnumerator();
        (await slow.MoveNextAsync()).ShouldBeTrue();

        (await ChunksAsync(Worker, new { model = "tiny", stream = true, max_tokens = 600, messages = new[] { Says("Quick") } })).Count.ShouldBeGreaterThan(100);

        var chunks = 1;
        while (await slow.MoveNextAsync())
            chunks++;
        chunks.ShouldBeGreaterThan(500, "all of it comes when it is read");
        await slow.DisposeAsync();
        Worker.Status.Starts.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"model":"tiny","messages":[]}""", "models.request_invalid")]
    [InlineData("""{"model":"tiny"}""", "models.request_invalid")]
    [InlineData("""{"model":"tiny","messages":[{"role":"wizard","content":"x"}]}""", "models.request_invalid")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "models.request_invalid")]
    [InlineData("""{"model":"tiny","n":2,"messages":[{"role":"user","content":"x"}]}""", "models.request_invalid")]
    public async Task What_cannot_be_answered_is_said_and_the_worker_lives_on(string request, string code)
    {
        var failure = await Should.ThrowAsync<LocalModelException>(async () =>
        {
            await foreach (var _ in Worker.AskAsync(LocalOperation.Chat, System.Text.Encoding.UTF8.GetBytes(request), default))
            {
            }
        });

        failure.Error.Code.ShouldBe(code);
        Worker.Status.State.ShouldBe(WorkerState.Ready);
    }

    [Fact]
    public async Task A_conversation_that_is_too_long_is_refused_with_its_length()
    {
        var failure = await Should.ThrowAsync<LocalModelException>(() => WholeAsync(Worker, new { model = "tiny", messages = new[] { Says(string.Concat(Enumerable.Repeat("word ", 3000))) } }));

        failure.Error.Code.ShouldBe("models.context_too_long");
        failure.Error.Detail.ShouldContain(Context.ToString(CultureInfo.InvariantCulture));
    }

    public sealed class OneWorker : IAsyncLifetime
    {
        readonly TinyWorkers workers = new();

        internal ModelWorker Worker { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Worker = workers.Start(new TinyModel());
            await Worker.LoadAsync(default);
        }

        public Task DisposeAsync() => workers.DisposeAsync().AsTask();
    }
}
