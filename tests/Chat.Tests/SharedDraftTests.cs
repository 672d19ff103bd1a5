using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>Texts that are written together, and the history of a conversation.</summary>
public sealed class SharedDraftTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public SharedDraftTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task Updates_are_kept_in_one_order_and_told_to_those_who_have_it_open()
    {
        var conversation = await chat.NewConversationAsync();
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        await using var live = await HubClient.ConnectAsync(chat.Host.Address, mia.Client);
        (await live.CallAsync("Subscribe", (await mia.ReadAsync("/people")).GetProperty("topic").GetString()!)).ShouldBeNull();

        var large = Convert.ToBase64String(new byte[9_000]);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => WriteAsync(i % 2 == 0 ? chat.Client : mia.Client, conversation, [(byte)i])));
        await WriteAsync(chat.Client, conversation, new byte[9_000]);

        var pieces = await ReadAsync(mia, 0);
        pieces.Select(piece => piece.Position).ShouldBeInOrder();
        pieces.Take(20).Select(piece => Convert.FromBase64String(piece.Update)[0]).Order().ShouldBe(Enumerable.Range(0, 20).Select(i => (byte)i));
        pieces[20].Update.ShouldBe(large);
        await Eventually.BeTrueAsync(() => live.Events.Count(said => said.GetProperty("name").GetString() == "chat.draft") == 21);
        var told = live.Events.Select(said => said.GetProperty("data")).Single(data => data.GetProperty("position").GetInt64() == pieces[20].Position);
        told.GetProperty("update").ValueKind.ShouldBe(JsonValueKind.Null, "too large to be sent along");
        (await ReadAsync(mia, pieces[19].Position)).ShouldHaveSingleItem().Position.ShouldBe(pieces[20].Position);
    }

    [Fact]
    public async Task One_update_takes_the_place_of_those_it_holds_and_of_no_later_one()
    {
        var conversation = await chat.NewConversationAsync();
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        await WriteAsync(chat.Client, conversation, [1]);
        var second = await WriteAsync(chat.Client, conversation, [2]);
        await WriteAsync(mia.Client, conversation, [3]);

        await WriteAsync(chat.Client, conversation, [12], replaces: second);

        (await ReadAsync(mia, 0)).Select(piece => Convert.FromBase64String(piece.Update)[0]).ShouldBe([(byte)3, (byte)12]);
    }

    [Fact]
    public async Task Readers_write_nothing_and_what_is_no_update_is_refused()
    {
        var conversation = await chat.NewConversationAsync();
        using var reader = await Guest.JoinAsync(chat, conversation, "view");
        var window = Guid.CreateVersion7();

        (await reader.PostAsync($"/drafts/{conversation}", new { update = "AQ==", windowId = window })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var update in (string[])["", "no base64!", new string('A', 400_004)])
            (await chat.Client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/drafts/{conversation}", new { update, windowId = window })).StatusCode.ShouldBe(HttpStatusCode.BadRequest, update.Length.ToString());
        (await chat.Client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/drafts/elsewhere", new { update = "AQ==", windowId = window })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_draft_does_not_grow_without_end()
    {
        var conversation = await chat.NewConversationAsync();
        for (var i = 0; i < 6; i++)
            await WriteAsync(chat.Client, conversation, new byte[290_000]);

        using var refused = await PostAsync(chat.Client, conversation, new byte[290_000], null);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("chat.draft_too_long");
    }

    [Fact]
    public async Task Who_changed_what_is_known_and_can_be_brought_back()
    {
        var conversation = await chat.NewConversationAsync();
        var first = await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        await chat.AgainAsync(conversation, first, "On the hill.");
        await chat.PutAsync($"/api/chat/conversations/{conversation}/title", new { title = "Lighthouse" });
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        (await mia.PutAsync("/title", new { title = "Something else" })).EnsureSuccessStatusCode();
        (await mia.PutAsync("/settings", new { instructions = "Only in rhymes.", parameters = new { } })).EnsureSuccessStatusCode();
        (await mia.DeleteAsync($"/messages/{first}")).EnsureSuccessStatusCode();

        var changes = await HistoryAsync();
        changes.Select(change => $"{change.GetProperty("byName")} {change.GetProperty("kind")}").ShouldBe(["Mia pruned", "Mia settings", "Mia title", "Mia joined", "Olga Owner title"]);
        foreach (var change in changes.Take(3))
            (await chat.Client.PostAsync(new Uri($"/api/chat/conversations/{conversation}/history/{change.GetProperty("id")}/restore", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await chat.GetAsync($"/api/chat/conversations/{conversation}")).GetProperty("title").GetString().ShouldBe("Lighthouse");
        (await chat.GetAsync($"/api/chat/conversations/{conversation}/settings")).GetProperty("instructions").GetString().ShouldBe("");
        (await chat.MessagesAsync(conversation)).Select(Talk.Text).ShouldBe(["Where is the lighthouse?", "By the harbour."]);
        (await HistoryAsync()).Length.ShouldBe(7, "what was brought back is a change as well; the branch is simply there again");
        (await chat.Client.PostAsync(new Uri($"/api/chat/conversations/{conversation}/history/{changes[3].GetProperty("id")}/restore", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        async Task<JsonElement[]> HistoryAsync() => [.. (await mia.ReadAsync("/history")).GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task What_a_guest_prunes_lies_in_the_owners_bin()
    {
        var conversation = await chat.NewConversationAsync();
        var first = await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        await chat.AgainAsync(conversation, first, "On the hill.");
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");

        using var pruned = await mia.DeleteAsync($"/messages/{first}");
        pruned.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cut = (await pruned.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("conversationId").GetGuid();
        (await chat.GetAsync("/api/chat/conversations?view=deleted")).GetProperty("items").EnumerateArray().Select(Talk.Id).ShouldContain(cut);
        (await mia.Client.GetAsync(new Uri($"/api/chat/conversations/{cut}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await mia.PostAsync("/graft", new { conversationId = cut })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await mia.ReadAsync("/messages")).GetProperty("items").EnumerateArray().Select(Talk.Text).ShouldBe(["By the harbour.", "Where is the lighthouse?"]);
    }

    static async Task<long> WriteAsync(HttpClient client, Guid conversation, byte[] update, long? replaces = null)
    {
        using var written = await PostAsync(client, conversation, update, replaces);
        written.StatusCode.ShouldBe(HttpStatusCode.OK, await written.Content.ReadAsStringAsync());
        return (await written.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("position").GetInt64();
    }

    static Task<HttpResponseMessage> PostAsync(HttpClient client, Guid conversation, byte[] update, long? replaces)
        => client.PostAsJsonAsync(
            $"/api/chat/conversations/{conversation}/drafts/{conversation}", new { update = Convert.ToBase64String(update), windowId = Guid.CreateVersion7(), replaces });

    static async Task<Piece[]> ReadAsync(Guest guest, long after)
        => (await guest.ReadAsync($"/drafts/{guest.Conversation}?after={after}")).GetProperty("items").Deserialize<Piece[]>(JsonSerializerOptions.Web)!;

    sealed record Piece(long Position, string Update);
}
