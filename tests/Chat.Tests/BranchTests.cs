using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>Conversations as trees: which messages stand beside each other, and what a switch of the branch shows.</summary>
public sealed class BranchTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public BranchTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task Every_message_names_its_siblings_in_the_order_they_were_made()
    {
        var conversation = await chat.NewConversationAsync();
        var first = await SayAsync(conversation, "Name a colour", "Blue");
        var second = await AgainAsync(conversation, first, "Red");
        var third = await AgainAsync(conversation, first, "Green");
        await SayAsync(conversation, "Why that one?", "Grass.");

        var messages = await chat.MessagesAsync(conversation);
        messages.Select(Text).ShouldBe(["Name a colour", "Green", "Why that one?", "Grass."]);
        Siblings(messages[1]).ShouldBe([first, second, third]);
        foreach (var alone in new[] { messages[0], messages[2], messages[3] })
            Siblings(alone).ShouldBe([Id(alone)]);
    }

    [Fact]
    public async Task Questions_that_follow_the_same_answer_or_begin_the_conversation_are_siblings_too()
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await SayAsync(conversation, "one", "1");
        await SayAsync(conversation, "two", "2");
        await SayAsync(conversation, "two, said otherwise", "2!", parent: answer);
        var messages = await chat.MessagesAsync(conversation);
        Siblings(messages[2]).Length.ShouldBe(2);

        // A second beginning, as an import may bring it.
        var other = Guid.CreateVersion7();
        await chat.Host.Db.ExecuteAsync(
            "insert into chat.message (message_id, conversation_id, role, text, status, created_at) values (@Other, @Id, 'user', 'zero', 'complete', now())",
            new { Other = other, Id = conversation }, default);
        await chat.NewConversationAsync();
        Siblings((await chat.MessagesAsync(conversation))[0]).ShouldBe([Id(messages[0]), other]);
    }

    [Fact]
    public async Task Switching_shows_the_branch_down_to_what_was_said_last_below_the_message()
    {
        var conversation = await chat.NewConversationAsync();
        var blue = await SayAsync(conversation, "Name a colour", "Blue");
        var sky = await SayAsync(conversation, "And where is it?", "In the sky.");
        await SayAsync(conversation, "And at night?", "Black.");
        var sea = await AgainAsync(conversation, sky, "In the sea.");
        var red = await AgainAsync(conversation, blue, "Red");
        await SayAsync(conversation, "And where is it?", "In the fire.");

        await SwitchAsync(conversation, blue);
        (await chat.MessagesAsync(conversation)).Select(Text).ShouldBe(["Name a colour", "Blue", "And where is it?", "In the sea."], "the youngest end, not the deepest");
        await SwitchAsync(conversation, sky);
        (await chat.MessagesAsync(conversation)).Select(Text).ShouldBe(["Name a colour", "Blue", "And where is it?", "In the sky.", "And at night?", "Black."]);
        await SwitchAsync(conversation, red);
        (await chat.MessagesAsync(conversation)).Select(Text).ShouldBe(["Name a colour", "Red", "And where is it?", "In the fire."]);
        await SwitchAsync(conversation, sea);
        Id((await chat.MessagesAsync(conversation))[^1]).ShouldBe(sea, "a message with nothing below it is its own end");
    }

    [Fact]
    public async Task Switching_to_another_conversations_message_changes_nothing()
    {
        var conversation = await chat.NewConversationAsync();
        var mine = await SayAsync(conversation, "here", "Here.");
        var elsewhere = await SayAsync(await chat.NewConversationAsync(), "there", "There.");
        using var refused = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/head", new { messageId = elsewhere });
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Id((await chat.MessagesAsync(conversation))[^1]).ShouldBe(mine);
    }

    [Theory]
    [InlineData("m4000")]
    [InlineData("m40")]
    public async Task A_page_costs_the_page_however_long_the_conversation_is(string before)
    {
        // A chain of 4,000 messages beside many other conversations; the page that ends before m40 holds the root.
        var conversation = await chat.NewConversationAsync();
        await chat.Host.Db.ExecuteAsync("""
            with ids as materialized (select i, gen_random_uuid() as id from generate_series(1, 4000) i)
            insert into chat.message (message_id, conversation_id, parent_id, role, text, status, created_at)
            select a.id, @Id, b.id, 'user', 'm' || a.i, 'complete', now() + a.i * interval '1 ms' from ids a left join ids b on b.i = a.i - 1;
            with others as (
                insert into chat.conversation (conversation_id, owner_id, created_at, updated_at)
                select gen_random_uuid(), gen_random_uuid(), now(), now() from generate_series(1, 4000) returning conversation_id)
            insert into chat.message (message_id, conversation_id, role, text, status, created_at)
            select gen_random_uuid(), conversation_id, 'user', '', 'complete', now() from others;
            analyze chat.message; analyze chat.conversation;
            """, new { Id = conversation }, default);
        var owner = await chat.Host.Db.FindAsync<Guid>("select owner_id from chat.conversation where conversation_id = @Id", new { Id = conversation }, default);
        var start = await chat.Host.Db.FindAsync<Guid>("select message_id from chat.message where conversation_id = @Id and text = @Text", new { Id = conversation, Text = before }, default);

        var plan = await chat.Host.Db.FindAsync<string>(
            "explain (analyze, buffers, format json) " + Messages.ListMessages.Sql, new { Id = conversation, Owner = owner, Before = start, Take = 51 }, default);
        var root = JsonDocument.Parse(plan!).RootElement[0].GetProperty("Plan");
        root.GetProperty("Actual Rows").GetDouble().ShouldBeGreaterThan(38);
        var blocks = root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
        blocks.ShouldBeLessThan(1_200, "looking for siblings among all messages reads thousands");
    }

    async Task<Guid> SayAsync(Guid conversation, string text, string answer, Guid? parent = null)
    {
        chat.Model.Say(answer).End();
        await using var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text, parentMessageId = parent });
        await reader.UntilAsync("done");
        return reader.Seen[0].Data.GetProperty("assistantMessageId").GetGuid();
    }

    async Task<Guid> AgainAsync(Guid conversation, Guid message, string answer)
    {
        chat.Model.Say(answer).End();
        await using var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns/regenerate", new { clientId = Guid.CreateVersion7(), messageId = message });
        await reader.UntilAsync("done");
        return reader.Seen[0].Data.GetProperty("assistantMessageId").GetGuid();
    }

    async Task SwitchAsync(Guid conversation, Guid message)
    {
        using var switched = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/head", new { messageId = message });
        switched.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    static Guid Id(JsonElement message) => message.GetProperty("id").GetGuid();

    static string Text(JsonElement message) => message.GetProperty("text").GetString()!;

    static Guid[] Siblings(JsonElement message) => [.. message.GetProperty("siblingIds").EnumerateArray().Select(id => id.GetGuid())];
}
