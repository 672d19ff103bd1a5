using System.Net;
using System.Net.Http.Json;
using System.Text;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;

namespace JeanTrail.Chat.Tests;

/// <summary>What a model is told of a long conversation, and what the person is told about that.</summary>
public sealed class ContextTests : IAsyncLifetime
{
    static readonly string Long = string.Concat(Enumerable.Repeat("The tide turns at noon and the boats come in. ", 30));

    ChatHost chat = null!;

    public async Task InitializeAsync() => chat = await ChatHost.StartAsync(settings: ("Chat:Context:MaxTokens", "1500"));

    public async Task DisposeAsync() => await chat.DisposeAsync();

    [Fact]
    public async Task What_falls_out_is_summed_up_in_the_background_and_told_in_short()
    {
        var conversation = await chat.NewConversationAsync();
        for (var round = 0; round < 4; round++)
            await SayAsync(conversation, $"Round {round}. {Long}", $"Noted {round}. {Long}");
        // The answer that did not fit any more brought the summary on; the scripted model gives it next.
        chat.Model.Say("They spoke about tides.").End();
        await Eventually.BeTrueAsync(async () => await chat.Host.Db.FindAsync<long>("select count(*) from chat.context_summary", null, default) == 1);
        await SayAsync(conversation, "What did we speak about?", "Tides.");

        var asked = chat.Model.Asked[^1];
        asked.ShouldContain(message => message.Role == ChatRole.System && message.Text.Contains("They spoke about tides.", StringComparison.Ordinal));
        asked.ShouldNotContain(message => message.Text.StartsWith("Round 0", StringComparison.Ordinal));
        var meter = await chat.GetAsync($"/api/chat/conversations/{conversation}/context");
        meter.GetProperty("sections").EnumerateArray().Select(section => section.GetProperty("kind").GetString()).ShouldContain("summary");
        meter.GetProperty("leftOut").EnumerateArray().Select(each => each.GetProperty("why").GetString()).ShouldContain("summarised");
        meter.GetProperty("usedTokens").GetInt32().ShouldBeLessThanOrEqualTo(meter.GetProperty("budgetTokens").GetInt32());
    }

    [Fact]
    public async Task A_pinned_message_is_told_however_far_back_it_is()
    {
        var recent = await ChatHost.StartAsync(settings: [("Chat:Context:MaxTokens", "1500"), ("Chat:Context:Pruning", "recent")]);
        chat = await SwapAsync(recent);
        var conversation = await recent.NewConversationAsync();
        const string First = "My boat is called Marguerite.";
        await SayAsync(conversation, First, "A fine name.");
        var first = (await recent.MessagesAsync(conversation))[0].GetProperty("id").GetGuid();
        for (var round = 0; round < 4; round++)
            await SayAsync(conversation, $"Round {round}. {Long}", $"Noted {round}. {Long}");
        await SayAsync(conversation, "Which name is it?", "I do not know.");
        recent.Model.Asked[^1].ShouldNotContain(message => message.Text == First);

        using (var pinned = await recent.Client.PutAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{first}/pin", UriKind.Relative), null))
            pinned.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await SayAsync(conversation, "And now?", "That one.");
        recent.Model.Asked[^1].ShouldContain(message => message.Text == First);
        (await recent.MessagesAsync(conversation))[0].GetProperty("pinned").GetBoolean().ShouldBeTrue();
        var meter = await recent.GetAsync($"/api/chat/conversations/{conversation}/context");
        meter.GetProperty("leftOut").EnumerateArray().Select(each => each.GetProperty("why").GetString()).Distinct().ShouldBe(["too-old"]);

        using (var unpinned = await recent.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{first}/pin", UriKind.Relative)))
            unpinned.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await SayAsync(conversation, "Once more?", "No.");
        recent.Model.Asked[^1].ShouldNotContain(message => message.Text == First);
    }

    [Fact]
    public async Task What_was_said_long_ago_is_told_again_when_the_question_asks_for_it()
    {
        chat = await SwapAsync(await ChatHost.StartAsync(settings: [("Chat:Context:MaxTokens", "1500"), ("Chat:Context:Pruning", "recent")]));
        var conversation = await chat.NewConversationAsync();
        const string First = "My boat is called Marguerite and lies at the second berth.";
        await SayAsync(conversation, First, "A fine name.");
        for (var round = 0; round < 4; round++)
            await SayAsync(conversation, $"Round {round}. {Long}", $"Noted {round}. {Long}");
        await chat.IndexedAsync();
        await SayAsync(conversation, "And how is the weather?", "Fair.");
        chat.Model.Asked[^1].ShouldNotContain(message => message.Text == First, "nothing of it is asked for");

        await chat.IndexedAsync();
        await SayAsync(conversation, "Where are the berths again?", "At the second.");
        var told = chat.Model.Asked[^1].Select(message => message.Text).ToList();
        told.ShouldContain(First);
        told.IndexOf(First).ShouldBeLessThan(told.FindIndex(text => text.StartsWith("Noted 3", StringComparison.Ordinal)), "what was said first is told first");
    }

    [Fact]
    public async Task It_is_told_from_beyond_what_is_read_of_the_branch_and_not_from_another_branch()
    {
        chat = await SwapAsync(await ChatHost.StartAsync(settings: [("Chat:Context:MaxTokens", "1500"), ("Chat:Context:Pruning", "recent")]));
        var conversation = await chat.NewConversationAsync();
        const string Here = "The lighthouse keeper is called Ottokar.", Elsewhere = "The keeper of the other lighthouse is Valentin.";
        await SayAsync(conversation, Elsewhere, "Noted.");
        var elsewhere = (await chat.MessagesAsync(conversation))[0].GetProperty("id").GetGuid();
        await chat.TellAsync(conversation, Here, "Noted.", beside: elsewhere);
        await chat.Host.Db.ExecuteAsync(
            """
            with line as materialized (select i, gen_random_uuid() as id from generate_series(1, 300) i), head as (
                select head_message_id as id from chat.conversation where conversation_id = @Conversation)
            insert into chat.message (message_id, conversation_id, parent_id, role, text, status, created_at)
            select a.id, @Conversation, coalesce(b.id, (select id from head)), case when a.i % 2 = 1 then 'user' else 'assistant' end, 'Boat ' || a.i, 'complete', now() + a.i * interval '1 ms'
            from line a left join line b on b.i = a.i - 1;
            update chat.conversation set head_message_id = (select message_id from chat.message where conversation_id = @Conversation and text = 'Boat 300')
            where conversation_id = @Conversation
            """,
            new { Conversation = conversation }, default);
        await chat.IndexedAsync();

        await SayAsync(conversation, "What is the lighthouse keeper called?", "Ottokar.");

        var told = chat.Model.Asked[^1].Select(message => message.Text).ToList();
        told.ShouldContain(Here);
        told.ShouldNotContain(Elsewhere);
    }

    [Fact]
    public async Task Instructions_and_parameters_of_the_conversation_are_applied()
    {
        var conversation = await chat.NewConversationAsync();
        using (var set = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/settings", new
        {
            instructions = "Answer like a harbour pilot.",
            modelId = "test/other",
            parameters = new { temperature = 0.25, topP = 0.5, maxOutputTokens = 77 },
        }))
            set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await SayAsync(conversation, "Good morning", "Ahoy.");

        chat.Model.Asked[^1][0].Text.ShouldContain("Answer like a harbour pilot.");
        var options = chat.Model.Options[^1]!;
        (options.Temperature, options.TopP, options.MaxOutputTokens).ShouldBe((0.25f, 0.5f, 77));
        (await chat.GetAsync($"/api/chat/conversations/{conversation}/settings")).GetProperty("parameters").GetProperty("topP").GetDouble().ShouldBe(0.5);
        using var wrong = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/settings", new { instructions = "", parameters = new { temperature = 3 } });
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var none = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{Guid.CreateVersion7()}/settings", new { instructions = "", parameters = new { } });
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_estimate_learns_from_what_the_provider_counts()
    {
        var conversation = await chat.NewConversationAsync();
        var before = await chat.GetAsync($"/api/chat/conversations/{conversation}/context?modelId=test/model");
        before.GetProperty("calibrated").GetBoolean().ShouldBeFalse();
        chat.Model.Say("Counted.").Add(new UsageContent(new UsageDetails { InputTokenCount = 900, OutputTokenCount = 3 })).End();
        await using (var reader = await chat.SayAsync(conversation, Long))
            await reader.UntilAsync("done");

        var after = await chat.GetAsync($"/api/chat/conversations/{conversation}/context?modelId=test/model");
        after.GetProperty("calibrated").GetBoolean().ShouldBeTrue();
        // Told the very same again, the estimate is what was counted (with the answer, which came after).
        after.GetProperty("usedTokens").GetInt32().ShouldBeInRange(900, 940);
    }

    [Fact]
    public async Task A_model_that_finds_it_too_long_is_asked_with_less_and_remembered()
    {
        var conversation = await chat.NewConversationAsync();
        await SayAsync(conversation, Long, Long);
        chat.Model.Fail(new ModelCallException(new Error("gateway.context_too_long", 422, "too long"), Blame.Client)).Say("Short enough.").End();
        await using var reader = await chat.SayAsync(conversation, "Go on");
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");

        // Counted from the first call: a summary of what was left out may be asked for meanwhile.
        chat.Model.Asked[2].Count.ShouldBeLessThan(chat.Model.Asked[1].Count);
        (await chat.GetAsync($"/api/chat/conversations/{conversation}/context")).GetProperty("budgetTokens").GetInt32().ShouldBeLessThan(1500);
    }

    [Fact]
    public async Task A_long_file_is_told_as_far_as_there_is_room()
    {
        var conversation = await chat.NewConversationAsync();
        var file = (await chat.UploadAsync("log.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Long, 20))))).GetProperty("id").GetGuid();
        chat.Model.Say("Long.").End();
        await using var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text = "Read this", attachmentIds = new[] { file } });
        await reader.UntilAsync("done");

        var told = chat.Model.Asked[^1][^1].Text;
        told.ShouldContain("more characters are left out]");
        told.Length.ShouldBeInRange(2_000, 8_000);
    }

    async Task SayAsync(Guid conversation, string text, string answer)
    {
        chat.Model.Say(answer).End();
        await using var reader = await chat.SayAsync(conversation, text);
        await reader.UntilAsync("done");
    }

    async Task<ChatHost> SwapAsync(ChatHost other)
    {
        await chat.DisposeAsync();
        return other;
    }
}
