using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;

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
        var first = await chat.TellAsync(conversation, "Name a colour", "Blue");
        var second = await chat.AgainAsync(conversation, first, "Red");
        var third = await chat.AgainAsync(conversation, first, "Green");
        await chat.TellAsync(conversation, "Why that one?", "Grass.");

        var messages = await chat.MessagesAsync(conversation);
        messages.Select(Talk.Text).ShouldBe(["Name a colour", "Green", "Why that one?", "Grass."]);
        Talk.Siblings(messages[1]).ShouldBe([first, second, third]);
        foreach (var alone in new[] { messages[0], messages[2], messages[3] })
            Talk.Siblings(alone).ShouldBe([Talk.Id(alone)]);
    }

    [Fact]
    public async Task Questions_that_follow_the_same_answer_or_begin_the_conversation_are_siblings_too()
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await chat.TellAsync(conversation, "one", "1");
        await chat.TellAsync(conversation, "two", "2");
        await chat.TellAsync(conversation, "two, said otherwise", "2!", parent: answer);
        var messages = await chat.MessagesAsync(conversation);
        Talk.Siblings(messages[2]).Length.ShouldBe(2);

        // A second beginning, as an import may bring it.
        var other = Guid.CreateVersion7();
        await chat.Host.Db.ExecuteAsync(
            "insert into chat.message (message_id, conversation_id, role, text, status, created_at) values (@Other, @Id, 'user', 'zero', 'complete', now())",
            new { Other = other, Id = conversation }, default);
        await chat.NewConversationAsync();
        Talk.Siblings((await chat.MessagesAsync(conversation))[0]).ShouldBe([Talk.Id(messages[0]), other]);
    }

    [Fact]
    public async Task A_question_in_other_words_stands_beside_the_first_and_the_model_is_told_only_what_came_before_it()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "Name a colour", "Blue");
        await chat.TellAsync(conversation, "And where is it?", "In the sky.");
        var asked = await chat.MessagesAsync(conversation);
        chat.Model.Asked.Clear();

        await chat.TellAsync(conversation, "And what is it for?", "For ships.", beside: Talk.Id(asked[2]));
        chat.Model.Asked[0].Where(line => line.Role != ChatRole.System).Select(line => line.Text).ShouldBe(["Name a colour", "Blue", "And what is it for?"]);
        await chat.TellAsync(conversation, "Name a fish", "Cod", beside: Talk.Id(asked[0]));
        chat.Model.Asked[1].Where(line => line.Role != ChatRole.System).Select(line => line.Text).ShouldBe(["Name a fish"]);

        var shown = await chat.MessagesAsync(conversation);
        shown.Select(Talk.Text).ShouldBe(["Name a fish", "Cod"]);
        Talk.Siblings(shown[0]).ShouldBe([Talk.Id(asked[0]), Talk.Id(shown[0])]);
        await chat.SwitchAsync(conversation, Talk.Id(asked[0]));
        var before = await chat.MessagesAsync(conversation);
        before.Select(Talk.Text).ShouldBe(["Name a colour", "Blue", "And what is it for?", "For ships."]);
        Talk.Siblings(before[2]).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Only_what_the_person_said_here_can_be_said_in_other_words()
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await chat.TellAsync(conversation, "Name a colour", "Blue");
        var other = await chat.NewConversationAsync();
        await chat.TellAsync(other, "Name a tree", "Ash");
        var elsewhere = Talk.Id((await chat.MessagesAsync(other))[0]);

        foreach (var (beside, parent, code) in new[] { (answer, (Guid?)null, "chat.not_a_question"), (elsewhere, null, "chat.message_not_found"), (answer, answer, "kernel.bad_request") })
        {
            (await Should.ThrowAsync<ProblemException>(() => chat.PostStreamAsync(
                $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text = "x", besideMessageId = beside, parentMessageId = parent }))).Code.ShouldBe(code);
        }
    }

    [Fact]
    public async Task Several_models_answer_one_question_at_once_and_what_is_shown_stays()
    {
        var conversation = await chat.NewConversationAsync();
        var first = await chat.TellAsync(conversation, "Name a colour", "Blue");
        var path = $"/api/chat/conversations/{conversation}/turns/regenerate";
        string[] models = ["one/a", "two/b", "three/c", "four/d"];
        var readers = new List<EventReader>();
        foreach (var model in models)
        {
            chat.Model.SayFor(model, $"{model}: ");
            readers.Add(await chat.PostStreamAsync(path, new { clientId = Guid.CreateVersion7(), messageId = first, modelId = model, together = true }));
        }

        foreach (var reader in readers)
            await reader.UntilAsync("delta");
        (await Should.ThrowAsync<ProblemException>(() => chat.PostStreamAsync(
            path, new { clientId = Guid.CreateVersion7(), messageId = first, modelId = "five/e", together = true }))).Code.ShouldBe("chat.too_many_together");
        // The talk goes on meanwhile.
        await chat.TellAsync(conversation, "And another?", "Red");
        (await SiblingsAsync(conversation, first)).Select(one => one.GetProperty("status").GetString()).ShouldBe(["complete", "streaming", "streaming", "streaming", "streaming"]);

        foreach (var model in models)
            chat.Model.SayFor(model, "green").SayFor(model, null);
        foreach (var reader in readers)
        {
            await reader.UntilAsync("done");
            await reader.DisposeAsync();
        }

        (await SiblingsAsync(conversation, first)).Select(Talk.Text).ShouldBe(["Blue", .. models.Select(model => $"{model}: green")]);
        (await chat.MessagesAsync(conversation)).Select(Talk.Text).ShouldBe(["Name a colour", "Blue", "And another?", "Red"]);
    }

    async Task<JsonElement[]> SiblingsAsync(Guid conversation, Guid message)
        => [.. (await chat.GetAsync($"/api/chat/conversations/{conversation}/messages/{message}/siblings")).GetProperty("items").EnumerateArray()];

    [Fact]
    public async Task Switching_shows_the_branch_down_to_what_was_said_last_below_the_message()
    {
        var conversation = await chat.NewConversationAsync();
        var blue = await chat.TellAsync(conversation, "Name a colour", "Blue");
        var sky = await chat.TellAsync(conversation, "And where is it?", "In the sky.");
        await chat.TellAsync(conversation, "And at night?", "Black.");
        var sea = await chat.AgainAsync(conversation, sky, "In the sea.");
        var red = await chat.AgainAsync(conversation, blue, "Red");
        await chat.TellAsync(conversation, "And where is it?", "In the fire.");

        await chat.SwitchAsync(conversation, blue);
        (await chat.MessagesAsync(conversation)).Select(Talk.Text).ShouldBe(["Name a colour", "Blue", "And where is it?", "In the sea."], "the youngest end, not the deepest");
        await chat.SwitchAsync(conversation, sky);
        (await chat.MessagesAsync(conversation)).Select(Talk.Text).ShouldBe(["Name a colour", "Blue", "And where is it?", "In the sky.", "And at night?", "Black."]);
        await chat.SwitchAsync(conversation, red);
        (await chat.MessagesAsync(conversation)).Select(Talk.Text).ShouldBe(["Name a colour", "Red", "And where is it?", "In the fire."]);
        await chat.SwitchAsync(conversation, sea);
        Talk.Id((await chat.MessagesAsync(conversation))[^1]).ShouldBe(sea, "a message with nothing below it is its own end");
    }

    [Fact]
    public async Task Switching_to_another_conversations_message_changes_nothing()
    {
        var conversation = await chat.NewConversationAsync();
        var mine = await chat.TellAsync(conversation, "here", "Here.");
        var elsewhere = await chat.TellAsync(await chat.NewConversationAsync(), "there", "There.");
        using var refused = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/head", new { messageId = elsewhere });
        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        Talk.Id((await chat.MessagesAsync(conversation))[^1]).ShouldBe(mine);
    }

    [Theory]
    [InlineData("m4000", false)]
    [InlineData("m40", false)]
    [InlineData(null, true)]
    [InlineData("m4000", true)]
    [InlineData("m40", true)]
    public async Task A_page_costs_the_page_however_long_the_conversation_is(string? before, bool asOwner)
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
            update chat.conversation set head_message_id = (select message_id from chat.message where conversation_id = @Id and text = 'm4000') where conversation_id = @Id;
            analyze chat.message; analyze chat.conversation;
            """, new { Id = conversation }, default);
        var owner = await chat.Host.Db.FindAsync<Guid>("select owner_id from chat.conversation where conversation_id = @Id", new { Id = conversation }, default);
        var start = before is null ? null : await chat.Host.Db.FindAsync<Guid?>("select message_id from chat.message where conversation_id = @Id and text = @Text", new { Id = conversation, Text = before }, default);

        // As the page asks, under the policies of the rows: the server's own statements are planned without them.
        using var scope = asOwner ? RowScope.Of(UserId.From(owner)) : RowScope.Server();
        var plan = await chat.Host.Db.FindAsync<string>(
            "explain (analyze, buffers, format json) " + Messages.ListMessages.Sql, new { Id = conversation, Person = owner, Before = start, Take = 51 }, default);
        var root = JsonDocument.Parse(plan!).RootElement[0].GetProperty("Plan");
        root.GetProperty("Actual Rows").GetDouble().ShouldBeGreaterThan(38);
        var blocks = root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
        blocks.ShouldBeLessThan(2_000, "looking for siblings, or for the end of the branch, among all messages reads thousands");
    }
}
