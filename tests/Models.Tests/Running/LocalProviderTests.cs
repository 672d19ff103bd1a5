using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Running;
using JeanTrail.Testing;
using JeanTrail.Testing.Gguf;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Models.Tests.Running;

/// <summary>Local models through the Gateway, as everybody meets them.</summary>
public sealed class LocalProviderTests(LocalProviderTests.Server server) : IClassFixture<LocalProviderTests.Server>
{
    IServiceProvider Services => server.Local.Host.Services;

    async Task<UserId> OwnerAsync() => UserId.From((await server.Local.GetAsync("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid());

    async Task<IChatClient> OpenAsync(string? model = null)
    {
        var opened = await Services.GetRequiredService<IModelGateway>().OpenAsync(await OwnerAsync(), model, default);
        return opened.Value.Client;
    }

    static ChatOptions Options(int tokens) => new() { MaxOutputTokens = tokens, Seed = 5, AdditionalProperties = new() { [ModelOptions.SkillsFirst] = false } };

    [Fact]
    public async Task A_local_chat_model_answers_who_chose_none()
    {
        var models = await server.Local.GetAsync("/api/gateway/models");
        models.GetProperty("items").EnumerateArray().Single(model => model.GetProperty("isDefault").GetBoolean()).GetProperty("id").GetString().ShouldBe("local/tiny-chat");

        using var client = await OpenAsync();
        var answer = await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Ahoj")], Options(12));

        answer.ModelId.ShouldBe("local/tiny-chat");
        answer.Text.ShouldNotBeEmpty();
        answer.Usage!.OutputTokenCount.ShouldBe(12);
    }

    [Fact]
    public async Task The_call_is_in_the_books()
    {
        using var client = await OpenAsync("local/tiny-chat");
        await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Books")], Options(9));

        await Eventually.BeTrueAsync(async () => (await server.Local.GetAsync("/api/gateway/calls")).GetProperty("items").EnumerateArray()
            .Any(call => call.GetProperty("modelId").GetString() == "local/tiny-chat" && call.GetProperty("outputTokens") is { ValueKind: JsonValueKind.Number } tokens && tokens.GetInt64() == 9));
    }

    [Fact]
    public async Task Other_programs_reach_it_at_the_door_with_a_key()
    {
        var key = (await server.Local.SendAsync(HttpMethod.Post, "/api/gateway/keys", new { name = "program", surfaces = new[] { "*" }, models = new[] { "local/*" } })).Body.GetProperty("secret").GetString();
        using var client = server.Local.Host.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);

        using var whole = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "local/tiny-chat", max_tokens = 5, seed = 1, messages = new[] { TinyWorkers.Says("Hi") } });
        var body = await whole.Content.ReadFromJsonAsync<JsonElement>();
        whole.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, body.ToString());
        body.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(5);

        using var streamed = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "local/tiny-chat", stream = true, max_tokens = 5, seed = 1, messages = new[] { TinyWorkers.Says("Hi") } });
        (await streamed.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");

        using var vectors = await client.PostAsJsonAsync("/v1/embeddings", new { model = "local/tiny-embedding", input = new[] { "one", "two" } });
        (await vectors.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetArrayLength().ShouldBe(2);

        using var speech = await client.PostAsJsonAsync("/v1/audio/speech", new { model = "local/tiny-chat", input = "x", voice = "y" });
        speech.IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task The_house_searches_by_meaning_once_there_is_an_embedder()
    {
        var models = Services.GetRequiredService<IVectorModels>();
        var embedder = (await models.EmbedderAsync(await OwnerAsync(), null, default)).ShouldNotBeNull();
        var vectors = await embedder.Generator.GenerateAsync(["harbour", "harbour", "wind"]);
        vectors.Count.ShouldBe(3);
        vectors[0].Vector.ToArray().ShouldBe(vectors[1].Vector.ToArray());

        var reranker = (await models.RerankerAsync(await OwnerAsync(), default)).ShouldNotBeNull();
        (await reranker.RankAsync("harbour", ["a", "b", "c"], 2, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Conversations_are_searched_by_meaning_once_there_is_an_embedder()
    {
        var (_, conversation) = await server.Local.SendAsync(HttpMethod.Post, "/api/chat/conversations", new { });
        var id = conversation.GetProperty("id").GetGuid();
        using var asked = await server.Local.Owner.PostAsJsonAsync($"/api/chat/conversations/{id}/turns", new { clientId = Guid.CreateVersion7(), text = "The harbour lights go out at two" });
        (await asked.Content.ReadAsStringAsync()).ShouldContain("event: done");

        await Eventually.PassAsync(
            async () =>
            {
                var found = await server.Local.GetAsync("/api/chat/search?q=The+harbour+lights+go+out+at+two");
                found.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("by").GetString()).ShouldContain("both", found.ToString());
            },
            TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_of_an_answer_ends_it_with_a_reason_and_what_came_is_kept()
    {
        using var client = await OpenAsync("local/tiny-chat");
        await using var updates = client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Talk on")], Options(1800)).GetAsyncEnumerator();
        (await updates.MoveNextAsync()).ShouldBeTrue();
        var worker = Services.GetRequiredService<LocalEngine>().Loaded.Single(one => one.Model.Name == "tiny-chat");

        using var kill = Process.Start("kill", ["-9", worker.Status.ProcessId!.Value.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();

        (await Should.ThrowAsync<ModelCallException>(async () =>
        {
            while (await updates.MoveNextAsync())
            {
            }
        })).Error.Code.ShouldBe("models.lost");
        (await client.GetResponseAsync([new ChatMessage(ChatRole.User, "Still there?")], Options(4))).Usage!.OutputTokenCount.ShouldBe(4);
    }

    [Fact]
    public async Task A_model_that_is_removed_while_it_answers_ends_and_is_gone()
    {
        var id = await server.Local.InstallAsync("leaving", new TinyModel(Seed: 40).ToBytes());
        using var client = await OpenAsync("local/leaving");
        await using var updates = client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Talk on")], Options(1800)).GetAsyncEnumerator();
        (await updates.MoveNextAsync()).ShouldBeTrue();

        (await server.Local.SendAsync(HttpMethod.Delete, $"/api/models/{id}")).Status.ShouldBe(204);

        await Should.ThrowAsync<ModelCallException>(async () =>
        {
            while (await updates.MoveNextAsync())
            {
            }
        });
        using var again = await OpenAsync("local/leaving");
        (await Should.ThrowAsync<ModelCallException>(() => again.GetResponseAsync([new ChatMessage(ChatRole.User, "?")], Options(4)))).Error.Code.ShouldBe("gateway.model_unknown");
    }

    [Fact]
    public async Task A_model_that_does_not_fit_is_refused_with_what_would()
    {
        var id = await server.Local.InstallAsync("too-big", new TinyModel(Seed: 41).ToBytes());
        server.Local.Machine.AvailableBytes = 1L << 20;
        try
        {
            var (status, problem) = await server.Local.SendAsync(HttpMethod.Post, $"/api/models/{id}/load");

            (status, problem.GetProperty("code").GetString()).ShouldBe((507, "models.does_not_fit"));
            problem.GetProperty("needBytes").GetInt64().ShouldBeGreaterThan(problem.GetProperty("availableBytes").GetInt64());
            (await server.Local.ModelAsync("too-big")).GetProperty("fits").GetBoolean().ShouldBeFalse();
        }
        finally
        {
            server.Local.Machine.AvailableBytes = 8L << 30;
        }
    }

    [Fact]
    public async Task Loading_measuring_and_unloading_show_in_the_list()
    {
        var id = (await server.Local.ModelAsync("tiny-chat")).GetProperty("id").GetGuid();
        (await server.Local.SendAsync(HttpMethod.Post, $"/api/models/{id}/load")).Status.ShouldBe(200);
        var (status, speed) = await server.Local.SendAsync(HttpMethod.Post, $"/api/models/{id}/test");

        status.ShouldBe(200, speed.ToString());
        speed.GetProperty("writeTokensPerSecond").GetDouble().ShouldBeGreaterThan(0);
        var loaded = await server.Local.ModelAsync("tiny-chat");
        loaded.GetProperty("state").GetString().ShouldBe("loaded");
        loaded.GetProperty("memoryBytes").GetInt64().ShouldBeGreaterThan(20_000_000);
        loaded.GetProperty("speed").GetProperty("readTokensPerSecond").GetDouble().ShouldBeGreaterThan(0);
    }

    public sealed class Server : IAsyncLifetime
    {
        internal LocalServer Local { get; } = new();

        public async Task InitializeAsync()
        {
            await Local.InitializeAsync();
            await Local.InstallAsync("tiny-chat", new TinyModel().ToBytes());
            await Local.InstallAsync("tiny-embedding", new TinyModel(Purpose: TinyPurpose.Embedding).ToBytes());
            await Local.InstallAsync("tiny-rerank", new TinyModel(Purpose: TinyPurpose.Rerank).ToBytes());
        }

        public Task DisposeAsync() => Local.DisposeAsync();
    }
}
