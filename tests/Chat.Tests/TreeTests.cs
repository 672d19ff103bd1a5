using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>The picture of a conversation, branches that go on elsewhere, and branches that are cut off.</summary>
public sealed class TreeTests : IClassFixture<ChatFixture>, IAsyncLifetime
{
    readonly ChatHost chat;
    Guid conversation;
    Guid blue;
    Guid sky;
    Guid red;

    public TreeTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    public async Task InitializeAsync()
    {
        conversation = await chat.NewConversationAsync();
        blue = await chat.TellAsync(conversation, "Name a colour", "Blue");
        sky = await chat.TellAsync(conversation, "Where is it?", "In the sky.");
        red = await chat.AgainAsync(conversation, blue, "Red");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_tree_is_cut_into_segments_where_it_forks()
    {
        var tree = await chat.GetAsync($"/api/chat/conversations/{conversation}/tree");

        tree.GetProperty("headMessageId").GetGuid().ShouldBe(red);
        var segments = tree.GetProperty("segments").EnumerateArray().ToArray();
        segments.Select(Line).ShouldBe(["Name a colour||1|True", "Blue|In the sky.|3|False", "Red||1|True"]);
        segments[0].GetProperty("parentId").ValueKind.ShouldBe(JsonValueKind.Null);
        segments.Skip(1).ShouldAllBe(segment => segment.GetProperty("parentId").GetGuid() == segments[0].GetProperty("lastId").GetGuid());
        segments[1].GetProperty("modelIds").EnumerateArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_branch_is_taken_along_as_a_file_and_told_to_the_model()
    {
        var file = await chat.PostAsync($"/api/chat/conversations/{conversation}/messages/{sky}/file", new { });

        file.GetProperty("mediaType").GetString().ShouldBe("text/markdown");
        chat.Model.Say("Blue was in the sky.").End();
        await using (var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text = "Bring it together", attachmentIds = new[] { file.GetProperty("id").GetGuid() } }))
            await reader.UntilAsync("done");
        var told = chat.Model.Asked[^1];
        told[^1].Text.ShouldContain("In the sky.");
        told[^1].Text.ShouldNotContain("left out");
        told[^1].Text.Split("\n## ").Length.ShouldBe(1 + 3, "what both branches share is told anyway");
        told[^2].Text.ShouldBe("Red");
    }

    [Fact]
    public async Task What_is_shown_or_elsewhere_is_not_taken_along()
    {
        (await StatusAsync(conversation, red)).ShouldBe(HttpStatusCode.Conflict);
        (await StatusAsync(conversation, Guid.CreateVersion7())).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(await chat.NewConversationAsync(), sky)).ShouldBe(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> StatusAsync(Guid id, Guid message)
        {
            using var response = await chat.Client.PostAsync(new Uri($"/api/chat/conversations/{id}/messages/{message}/file", UriKind.Relative), null);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_long_conversation_without_forks_is_one_segment()
    {
        var other = await chat.NewConversationAsync();
        await chat.Host.Db.ExecuteAsync("""
            with ids as materialized (select i, gen_random_uuid() as id from generate_series(1, 10000) i),
            made as (
                insert into chat.message (message_id, conversation_id, parent_id, role, text, status, created_at)
                select a.id, @Id, b.id, 'user', 'm' || a.i, 'complete', now() + a.i * interval '1 ms' from ids a left join ids b on b.i = a.i - 1)
            update chat.conversation set head_message_id = (select id from ids where i = 10000) where conversation_id = @Id
            """, new { Id = other }, default);

        var segments = (await chat.GetAsync($"/api/chat/conversations/{other}/tree")).GetProperty("segments").EnumerateArray();

        segments.Select(Line).ShouldBe(["m1|m10000|10000|True"]);
    }

    [Fact]
    public async Task A_branch_goes_on_in_a_new_conversation_and_the_old_one_stays_as_it_is()
    {
        var before = await TextsAsync(conversation);

        var copy = await CopyAsync(sky);

        (await TextsAsync(copy)).ShouldBe(["Name a colour", "Blue", "Where is it?", "In the sky."]);
        (await TextsAsync(conversation)).ShouldBe(before);
        await chat.TellAsync(copy, "And at night?", "Black.");
        (await TextsAsync(copy)).Count().ShouldBe(6);
        chat.Model.Asked[^1].Select(message => message.Text).ShouldContain("In the sky.");
        (await chat.MessagesAsync(copy)).Select(Talk.Id).ShouldNotContain(sky);
    }

    [Fact]
    public async Task Parts_go_along_with_a_copy()
    {
        await chat.Host.Db.ExecuteAsync(
            """insert into chat.message_part (message_id, ordinal, kind, at, payload) values (@Sky, 0, 'reasoning', 0, '{"text":"Look up."}')""", new { Sky = sky }, default);

        var copy = await CopyAsync(sky);

        var payload = await chat.Host.Db.FindAsync<string>(
            "select p.payload ->> 'text' from chat.message_part p join chat.message m on m.message_id = p.message_id where m.conversation_id = @Copy", new { Copy = copy }, default);
        payload.ShouldBe("Look up.");
    }

    [Fact]
    public async Task A_pruned_branch_lies_in_the_bin_and_grows_again_where_it_was()
    {
        await chat.SwitchAsync(conversation, sky);

        var pruned = await PruneAsync(blue);

        (await TextsAsync(conversation)).ShouldBe(["Name a colour", "Red"]);
        pruned.GetProperty("headMessageId").GetGuid().ShouldBe(red);
        var binned = pruned.GetProperty("conversationId").GetGuid();
        (await chat.GetAsync("/api/chat/conversations?view=deleted")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("id").GetGuid() == binned).ShouldHaveSingleItem().GetProperty("title").GetString().ShouldBe("Blue");
        (await TextsAsync(binned)).ShouldBe(["Blue", "Where is it?", "In the sky."]);

        await GraftAsync(binned, HttpStatusCode.NoContent);

        (await TextsAsync(conversation)).ShouldBe(["Name a colour", "Blue", "Where is it?", "In the sky."]);
        Talk.Siblings((await chat.MessagesAsync(conversation))[1]).ShouldBe([blue, red]);
        (await chat.Client.GetAsync(new Uri($"/api/chat/conversations/{binned}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pruning_beside_the_shown_branch_leaves_it_shown()
    {
        (await PruneAsync(blue)).GetProperty("headMessageId").GetGuid().ShouldBe(red);
        (await TextsAsync(conversation)).ShouldBe(["Name a colour", "Red"]);
    }

    [Fact]
    public async Task What_was_pruned_goes_on_as_a_conversation_of_its_own()
    {
        var binned = (await PruneAsync(blue)).GetProperty("conversationId").GetGuid();
        using var restored = await chat.Client.PostAsync(new Uri($"/api/chat/conversations/{binned}/restore", UriKind.Relative), null);

        await chat.TellAsync(binned, "And at night?", "Black.");

        (await TextsAsync(binned)).ShouldBe(["Blue", "Where is it?", "In the sky.", "And at night?", "Black."]);
        await GraftAsync(binned, HttpStatusCode.NoContent);
        (await TextsAsync(conversation)).ShouldBe(["Name a colour", "Blue", "Where is it?", "In the sky.", "And at night?", "Black."], "it may have grown meanwhile");
    }

    [Fact]
    public async Task A_branch_whose_place_is_gone_is_not_put_back()
    {
        var inner = (await PruneAsync(sky)).GetProperty("conversationId").GetGuid();
        await PruneAsync(blue);

        await GraftAsync(inner, HttpStatusCode.Conflict);

        (await TextsAsync(inner)).ShouldBe(["In the sky."]);
    }

    [Fact]
    public async Task The_whole_of_a_conversation_is_not_pruned()
    {
        var root = Talk.Id((await chat.MessagesAsync(conversation))[0]);
        using var refused = await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{root}", UriKind.Relative));

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("chat.whole_conversation");
    }

    [Fact]
    public async Task Nothing_is_copied_cut_or_put_back_while_an_answer_is_written()
    {
        var binned = (await PruneAsync(blue)).GetProperty("conversationId").GetGuid();
        chat.Model.Say("slow");
        await using var reader = await chat.SayAsync(conversation, "And then?");
        var answer = (await reader.TurnAsync()).GetProperty("assistantMessageId").GetGuid();

        await GraftAsync(binned, HttpStatusCode.Conflict);
        (await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{red}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await chat.Client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/copy", new { messageId = answer })).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        chat.Model.End();
        await reader.UntilAsync("done");
    }

    async Task<Guid> CopyAsync(Guid message)
    {
        using var copied = await chat.Client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/copy", new { messageId = message });
        copied.StatusCode.ShouldBe(HttpStatusCode.Created);
        return (await copied.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    async Task<JsonElement> PruneAsync(Guid message)
    {
        using var pruned = await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{message}", UriKind.Relative));
        pruned.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await pruned.Content.ReadFromJsonAsync<JsonElement>();
    }

    async Task GraftAsync(Guid pruned, HttpStatusCode expected)
    {
        using var grafted = await chat.Client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/graft", new { conversationId = pruned });
        grafted.StatusCode.ShouldBe(expected);
    }

    async Task<IEnumerable<string>> TextsAsync(Guid id) => (await chat.MessagesAsync(id)).Select(Talk.Text);

    static string Line(JsonElement segment)
        => $"{segment.GetProperty("opening").GetString()}|{segment.GetProperty("ending").GetString()}|{segment.GetProperty("count").GetInt32()}|{segment.GetProperty("isShown").GetBoolean()}";
}
