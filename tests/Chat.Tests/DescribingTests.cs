using System.Text.Json;
using JeanTrail.Chat.Describing;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat.Tests;

public sealed class DescribingTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public DescribingTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task A_model_names_tags_and_sorts_a_conversation_once()
    {
        var asked = 0;
        chat.Model.Whole = _ => $$"""Here: {"title": "“Old harbour {{++asked}}.”", "tags": ["Riga", "#walks"], "category": "travel"}""";
        var id = await TalkAsync("What is there to see at the old harbour?", "The lighthouse.");
        await Eventually.BeTrueAsync(async () => (await OneAsync(id)).GetProperty("title").GetString() == "Old harbour 1");
        var named = await OneAsync(id);
        named.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["riga", "walks"]);
        named.GetProperty("category").GetString().ShouldBe("travel");
        named.GetProperty("titleSource").GetString().ShouldBe("auto");

        await SayAsync(id, "And at night?", "Nothing.");
        await DescribedAsync(id);
        asked.ShouldBe(1);
        (await OneAsync(id)).GetProperty("title").GetString().ShouldBe("Old harbour 1");
    }

    [Fact]
    public async Task A_model_that_cannot_label_is_not_asked_again()
    {
        var asked = 0;
        chat.Model.Whole = _ => { asked++; return "I would call it a nice talk."; };
        var id = await TalkAsync("Tell me about gulls", "Gulls eat anything.");
        await DescribedAsync(id);
        await SayAsync(id, "And terns?", "Terns eat fish.");
        await DescribedAsync(id);

        asked.ShouldBe(1);
        (await OneAsync(id)).GetProperty("title").GetString().ShouldBe("Tell me about gulls");
    }

    [Fact]
    public async Task What_the_person_chose_is_never_replaced()
    {
        var id = await chat.NewConversationAsync();
        await chat.PutAsync($"/api/chat/conversations/{id}/title", new { title = "Mine" });
        await chat.PutAsync($"/api/chat/conversations/{id}/tags", new { tags = new[] { "own" } });
        chat.Model.Whole = _ => """{"title": "Other", "tags": ["other"], "category": "work"}""";
        await SayAsync(id, "Hello", "Hello.");
        await Eventually.BeTrueAsync(async () => (await OneAsync(id)).GetProperty("category").GetString() == "work");

        var kept = await OneAsync(id);
        kept.GetProperty("title").GetString().ShouldBe("Mine");
        kept.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["own"]);
    }

    [Fact]
    public async Task A_tag_set_while_the_words_are_counted_is_found()
    {
        var id = await TalkAsync("Which quay has the cranes?", "The eastern one.");
        await DescribedAsync(id);
        // As if a model had told its label: what is left then is the counting.
        await chat.Host.Db.ExecuteAsync("update chat.conversation set described_by = 'model' where conversation_id = @Id", new { Id = id }, default);

        var jobs = chat.Host.Services.GetRequiredService<IJobs>();
        await chat.Host.Db.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("update chat.conversation set tags = array['crane-day'], tags_source = 'manual' where conversation_id = @Id", new { Id = id }, default);
            await jobs.EnqueueAsync(chat.Host.Db, new JobRequest<DescribeConversation.Arguments>(DescribeConversation.Kind, new(ConversationId.From(id), "test/model"), UniqueKey: id.ToString()), default);
            await Eventually.BeTrueAsync(async () => await chat.Host.Db.FindAsync<bool>(
                "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')", null, default));
        }, default);
        await DescribedAsync(id);

        (await chat.GetAsync("/api/chat/conversations?tag=crane-day")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(id);
    }

    [Fact]
    public async Task Without_a_model_its_own_words_tag_it_and_the_first_words_stay_its_title()
    {
        var id = await TalkAsync("Which lighthouse near the airport hotel is open?", "Every lighthouse near the hotel opens at two, the flight museum later.");
        await DescribedAsync(id);

        var one = await OneAsync(id);
        one.GetProperty("title").GetString().ShouldBe("Which lighthouse near the airport hotel is open?");
        one.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldContain("lighthouse");
        one.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldNotContain("the");
        one.GetProperty("category").GetString().ShouldBe("travel");
    }

    [Fact]
    public async Task Conversations_about_the_same_things_are_related()
    {
        var first = await TalkAsync("How do glaciers carve fjords?", "Glaciers carve fjords slowly; glaciers grind rock.");
        var second = await TalkAsync("Show me fjords and glaciers again", "Fjords were carved by glaciers.");
        var other = await TalkAsync("Tell me about espresso machines", "Espresso machines press water.");
        foreach (var id in new[] { first, second, other })
            await DescribedAsync(id);

        (await RelatedAsync(first)).ShouldBe([second]);
        (await RelatedAsync(other)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"title": "A talk", "tags": [], "category": "unknown"}""", "A talk", null)]
    [InlineData("""<think>{}</think> ```json {"title":"Talk","tags":null,"category":"Code"} ```""", null, null)]
    [InlineData("""```json {"title":"Talk","tags":[null,"x"],"category":"Code"} ```""", "Talk", "code")]
    [InlineData("I cannot do that.", null, null)]
    [InlineData("""{"title": ""}""", null, null)]
    [InlineData("""{"title": 3}""", null, null)]
    [InlineData("} {", null, null)]
    public void What_a_model_answers_is_read_with_care(string answer, string? title, string? category)
    {
        var label = ModelLabels.Read(answer);

        label?.Title.ShouldBe(title);
        (label is null).ShouldBe(title is null);
        label?.Category.ShouldBe(category);
    }

    async Task<Guid> TalkAsync(string question, string answer)
    {
        var id = await chat.NewConversationAsync();
        await SayAsync(id, question, answer);
        return id;
    }

    async Task SayAsync(Guid id, string question, string answer)
    {
        chat.Model.Say(answer).End();
        await using var reader = await chat.SayAsync(id, question);
        await reader.UntilAsync("done");
    }

    /// <summary>Every answer of the conversation has had its job, and the job is over.</summary>
    Task DescribedAsync(Guid id) => Eventually.BeTrueAsync(
        async () => await chat.Host.Db.FindAsync<bool>(
            """
            select exists (select 1 from chat.conversation where conversation_id = @Id and described_by is not null)
                and not exists (select 1 from kernel.job where kind = 'chat.describe' and unique_key = @Id::text and state in ('queued', 'running'))
                and (select count(*) from kernel.inbox where consumer = 'chat.describe') = (select count(*) from chat.turn where status = 'completed')
            """,
            new { Id = id }, default),
        "described");

    Task<JsonElement> OneAsync(Guid id) => chat.GetAsync($"/api/chat/conversations/{id}");

    async Task<Guid[]> RelatedAsync(Guid id)
        => [.. (await chat.GetAsync($"/api/chat/conversations/{id}/related")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
}
