using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Chat.Search;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Chat.Tests;

/// <summary>Search by meaning, with the real gateway before a server that embeds texts by what they speak of.</summary>
public sealed class MeaningTests
{
    static readonly string[][] Concepts = [["boat", "ship", "vessel"], ["cat", "kitten", "feline"], ["bread", "bakery", "loaf"]];

    [Fact]
    public async Task What_means_the_same_is_found_without_a_word_in_common_and_what_has_both_comes_first()
    {
        await using var model = (await OpenAiServer.StartAsync()).Embed(ByConcept);
        await using var chat = await ChatHost.StartAsync(null, ("Chat:EmbeddingModel", "upstream/sim-small"));
        await chat.PostAsync("/api/gateway/providers", new { name = "Upstream", baseUrl = model.BaseUrl, apiKey = "key" });
        var ship = await SayAsync(chat, "The ship left at dawn");
        var both = await SayAsync(chat, "A vessel is what a boat is");
        var cat = await SayAsync(chat, "A kitten sleeps on the sofa");
        await Eventually.BeTrueAsync(
            async () => await chat.Host.Db.FindAsync<int>("select count(*)::int from chat.message_vector where message_id = any(@Ids)", new { Ids = new[] { ship, both, cat } }, default) == 3,
            "the meaning is measured");

        var found = await chat.GetAsync("/api/chat/search?q=vessel");

        found.GetProperty("meaning").GetBoolean().ShouldBeTrue();
        found.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("messageId").GetGuid(), item.GetProperty("by").GetString()))
            .ShouldBe([(both, "both"), (ship, "meaning")]);
        var words = await chat.GetAsync("/api/chat/search?q=vessel&meaning=false");
        words.GetProperty("meaning").GetBoolean().ShouldBeFalse();
        Ids(words).ShouldBe([both]);
        Ids(await chat.GetAsync("/api/chat/search?q=vessel&role=assistant")).ShouldBeEmpty("filters hold for what is near, too");
        (await chat.Host.Db.FindAsync<int>("select count(distinct message_id)::int - count(*)::int from chat.message_vector", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task What_others_share_is_found_by_what_it_means_for_as_long_as_they_share_it()
    {
        await using var model = (await OpenAiServer.StartAsync()).Embed(ByConcept);
        await using var chat = await ChatHost.StartAsync(null, ("Chat:EmbeddingModel", "upstream/sim-small"));
        await chat.PostAsync("/api/gateway/providers", new { name = "Upstream", baseUrl = model.BaseUrl, apiKey = "key" });
        var ship = await SayAsync(chat, "The ship left at dawn");
        await SayAsync(chat, "Another vessel stays in port");
        await MeasuredAsync(chat, 2);
        using var guest = await Guest.JoinAsync(chat, await ConversationOfAsync(chat, ship), "view");

        var found = await guest.Client.GetFromJsonAsync<JsonElement>("/api/chat/search?q=boat");
        found.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("messageId").GetGuid(), item.GetProperty("by").GetString())).ShouldBe([(ship, "meaning")]);

        (await guest.DeleteAsync($"/people/{guest.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Ids(await guest.Client.GetFromJsonAsync<JsonElement>("/api/chat/search?q=boat")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_is_told_again_what_means_what_is_asked_for()
    {
        await using var model = (await OpenAiServer.StartAsync()).Embed(ByConcept);
        await using var chat = await ChatHost.StartAsync(null, ("Chat:EmbeddingModel", "upstream/sim-small"), ("Chat:Context:MaxTokens", "1500"), ("Chat:Context:Pruning", "recent"));
        await chat.PostAsync("/api/gateway/providers", new { name = "Upstream", baseUrl = model.BaseUrl, apiKey = "key" });
        const string First = "The ship left at dawn";
        var conversation = await ConversationOfAsync(chat, await SayAsync(chat, First));
        for (var round = 0; round < 4; round++)
            await chat.TellAsync(conversation, string.Concat(Enumerable.Repeat($"It rained {round} times and nobody went out. ", 30)), "So it did.");
        await MeasuredAsync(chat, 10);

        await chat.TellAsync(conversation, "Which boat was it?", "The one at dawn.");

        chat.Model.Asked[^1].ShouldContain(message => message.Text == First);
    }

    [Fact]
    public async Task A_message_longer_than_the_model_reads_is_measured_by_its_beginning_and_holds_up_no_other()
    {
        await using var model = (await OpenAiServer.StartAsync(new OpenAiServerOptions { LongestEmbedded = 300 })).Embed(ByConcept);
        await using var chat = await ChatHost.StartAsync(null, ("Chat:EmbeddingModel", "upstream/sim-small"));
        var ship = await SayAsync(chat, "The ship left at dawn");
        var longer = await SayAsync(chat, "A vessel came. " + string.Concat(Enumerable.Repeat("Nobody saw it on the 𝔮uay. ", 100)));
        await chat.PostAsync("/api/gateway/providers", new { name = "Upstream", baseUrl = model.BaseUrl, apiKey = "key" });

        await Eventually.PassAsync(async () => Ids(await chat.GetAsync("/api/chat/search?q=boat")).ShouldBe([longer, ship], ignoreOrder: true));
    }

    [Fact]
    public async Task Without_an_answer_of_the_model_words_are_all_there_is()
    {
        await using var chat = await ChatHost.StartAsync(null, ("Chat:EmbeddingModel", "nobody/embeds"));
        var id = await SayAsync(chat, "A vessel at the quay");

        var found = await chat.GetAsync("/api/chat/search?q=vessel");

        found.GetProperty("meaning").GetBoolean().ShouldBeFalse();
        Ids(found).ShouldBe([id]);
    }

    [Fact]
    public void Kept_vectors_are_as_near_as_the_measured_ones()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            float[] left = [.. Enumerable.Range(0, 384).Select(_ => random.NextSingle() - 0.5f)], right = [.. left.Select(value => value + (random.NextSingle() - 0.5f) * round / 10)];
            var exact = left.Zip(right, (a, b) => (double)a * b).Sum() / Math.Sqrt(left.Sum(a => (double)a * a) * right.Sum(b => (double)b * b));

            Vectors.Cosine(left, Vectors.Quantise(right)).ShouldBe(exact, 0.01);
            Vectors.Distance(Vectors.Signs(left), Vectors.Signs(left)).ShouldBe(0);
            Vectors.Distance(Vectors.Signs(left), Vectors.Signs([.. left.Select(value => -value)])).ShouldBe(384);
        }
    }

    /// <summary>One direction for each concept, and one of its own for what has none of them.</summary>
    static float[] ByConcept(string text)
    {
        var vector = new float[64];
        var concept = Array.FindIndex(Concepts, words => words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
        for (var i = 0; i < vector.Length; i++)
            vector[i] = concept < 0 ? (i % 7) - 3 : i / 16 == concept ? 1 : -0.01f;
        return vector;
    }

    static async Task<Guid> SayAsync(ChatHost chat, string text)
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("So be it, then.").End();
        await using var reader = await chat.SayAsync(conversation, text);
        var id = (await reader.TurnAsync()).GetProperty("userMessageId").GetGuid();
        await reader.UntilAsync("done");
        await chat.IndexedAsync();
        return id;
    }

    static Task MeasuredAsync(ChatHost chat, int messages) => Eventually.BeTrueAsync(
        async () => await chat.Host.Db.FindAsync<int>("select count(*)::int from chat.message_vector", null, default) >= messages, "the meaning is measured");

    static async Task<Guid> ConversationOfAsync(ChatHost chat, Guid message)
        => await chat.Host.Db.FindAsync<Guid>("select conversation_id from chat.message where message_id = @Id", new { Id = message }, default);

    static Guid[] Ids(JsonElement found) => [.. found.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("messageId").GetGuid())];
}
