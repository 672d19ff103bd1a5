using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>Who makes links, who ends them, and what people of this server do with one.</summary>
public sealed class SharingTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public SharingTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task Of_a_token_only_its_hash_is_kept()
    {
        var link = await SharedLink.MakeAsync(chat, await TalkAsync());

        Base64Bytes(link.Token).Length.ShouldBe(32);
        var kept = await chat.Host.Db.FindAsync<byte[]>("select token_hash from chat.share where share_id = @Id", new { link.Id }, default);
        kept.ShouldBe(SHA256.HashData(Base64Bytes(link.Token)));
        (await chat.Host.Db.FindAsync<string>("select s::text from chat.share s where share_id = @Id", new { link.Id }, default))!.ShouldNotContain(link.Token);
        (await chat.Client.GetStringAsync(new Uri("/api/chat/shares", UriKind.Relative))).ShouldNotContain(link.Token);
    }

    [Fact]
    public async Task Nobody_else_makes_lists_or_ends_links()
    {
        var conversation = await TalkAsync();
        var link = await SharedLink.MakeAsync(chat, conversation);
        using var mia = await chat.Host.PersonAsync();

        (await mia.PostAsJsonAsync($"/api/chat/conversations/{conversation}/shares", new { level = "read" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.GetFromJsonAsync<JsonElement>($"/api/chat/shares?conversationId={conversation}")).GetArrayLength().ShouldBe(0);
        (await mia.DeleteAsync(new Uri($"/api/chat/shares/{link.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await link.OpenAsync(chat)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Views_of_others_are_counted_and_the_owners_are_not()
    {
        var conversation = await TalkAsync();
        var link = await SharedLink.MakeAsync(chat, conversation);

        await link.OpenAsync(chat);
        await link.OpenAsync(chat);
        await chat.Client.GetStringAsync(new Uri(link.Path, UriKind.Relative));
        await link.ReadAsync(chat.Client);
        using var mia = await chat.Host.PersonAsync();
        await link.ReadAsync(mia);

        var listed = (await chat.GetAsync($"/api/chat/shares?conversationId={conversation}"))[0];
        listed.GetProperty("views").GetInt64().ShouldBe(3);
        listed.GetProperty("lastViewedAt").ValueKind.ShouldBe(JsonValueKind.String);
        await chat.Client.DeleteAsync(new Uri($"/api/chat/shares/{link.Id}", UriKind.Relative));
        (await chat.GetAsync($"/api/chat/shares?conversationId={conversation}")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task People_of_this_server_comment_with_their_names_and_the_owner_sees_it()
    {
        var conversation = await TalkAsync();
        var link = await SharedLink.MakeAsync(chat, conversation, new { level = "comment" });
        var message = Talk.Id((await chat.MessagesAsync(conversation))[^1]);
        using var mia = await chat.Host.PersonAsync();
        using var ben = await chat.Host.PersonAsync();

        var comment = await ReadAsync(await link.CommentAsync(mia, message, "  Well said.  "));

        comment.GetProperty("authorName").GetString().ShouldBe("Mia");
        (await link.OpenAsync(chat)).Text.ShouldContain("Well said.");
        var shown = (await link.ReadAsync(ben)).GetProperty("messages")[1].GetProperty("comments")[0];
        shown.GetProperty("text").GetString().ShouldBe("Well said.");
        shown.GetProperty("mine").GetBoolean().ShouldBeFalse();
        (await chat.MessagesAsync(conversation))[^1].GetProperty("comments").GetInt32().ShouldBe(1);
        (await chat.GetAsync($"/api/chat/messages/{message}/comments"))[0].GetProperty("text").GetString().ShouldBe("Well said.");
        (await ben.GetAsync(new Uri($"/api/chat/messages/{message}/comments", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var address = new Uri($"/api/chat/comments/{Talk.Id(comment)}", UriKind.Relative);
        (await ben.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await chat.Client.DeleteAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var second = await ReadAsync(await link.CommentAsync(mia, message, "Again."));
        (await mia.DeleteAsync(new Uri($"/api/chat/comments/{Talk.Id(second)}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await link.OpenAsync(chat)).Text.ShouldNotContain("Again.");
    }

    [Fact]
    public async Task A_link_allows_no_more_than_it_says()
    {
        var conversation = await TalkAsync();
        var message = Talk.Id((await chat.MessagesAsync(conversation))[^1]);
        var reads = await SharedLink.MakeAsync(chat, conversation);
        var comments = await SharedLink.MakeAsync(chat, conversation, new { level = "comment" });
        using var mia = await chat.Host.PersonAsync();

        (await reads.CommentAsync(mia, message, "x")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await comments.CommentAsync(mia, Guid.CreateVersion7(), "x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await comments.CommentAsync(mia, message, "  ")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await mia.PostAsJsonAsync($"{comments.Api}/copy", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await chat.Client.DeleteAsync(new Uri($"/api/chat/shares/{comments.Id}", UriKind.Relative));
        (await comments.CommentAsync(mia, message, "x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_copy_is_ones_own_holds_what_was_shared_and_costs_its_taker_the_files()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.PutAsync($"/api/chat/conversations/{conversation}/settings", new { instructions = "private-instructions", modelId = (string?)null, parameters = new { } });
        var file = await chat.UploadAsync("map.png", Pictures.Png(6, 6));
        chat.Model.Add(new Microsoft.Extensions.AI.TextReasoningContent("private-thought")).Say("A map.").End();
        await using (var turn = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text = "Where?", attachmentIds = new[] { Talk.Id(file) } }))
            await turn.UntilAsync("done");
        var link = await SharedLink.MakeAsync(chat, conversation, new { level = "copy" });
        await chat.TellAsync(conversation, "Later", "Later too.");
        using var mia = await chat.Host.PersonAsync();

        var copy = await ReadAsync(await mia.PostAsJsonAsync($"{link.Api}/copy", new { }));

        var messages = (await mia.GetFromJsonAsync<JsonElement>($"/api/chat/conversations/{Talk.Id(copy)}/messages")).GetProperty("items").EnumerateArray().Reverse().ToArray();
        messages.Select(Talk.Text).ShouldBe(["Where?", "A map."]);
        messages[1].GetProperty("parts").GetArrayLength().ShouldBe(0, "thoughts were not shared");
        var taken = messages[0].GetProperty("parts")[0].GetProperty("attachment").GetProperty("id").GetGuid();
        taken.ShouldNotBe(Talk.Id(file));
        (await mia.GetByteArrayAsync(new Uri($"/api/chat/attachments/{taken}", UriKind.Relative))).ShouldBe(Pictures.Png(6, 6));
        (await mia.GetStringAsync(new Uri($"/api/chat/conversations/{Talk.Id(copy)}/settings", UriKind.Relative))).ShouldNotContain("private");
        (await mia.GetFromJsonAsync<JsonElement>("/api/accounts/usage")).ToString().ShouldContain("storage", Case.Insensitive);
        // The owner's end does not reach the copy.
        await chat.Client.DeleteAsync(new Uri($"/api/chat/shares/{link.Id}", UriKind.Relative));
        (await mia.PostAsJsonAsync($"{link.Api}/copy", new { })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.GetAsync(new Uri($"/api/chat/conversations/{Talk.Id(copy)}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_suspended_owners_links_open_nothing()
    {
        await using var own = await ChatHost.StartAsync();
        var conversation = await own.NewConversationAsync();
        await own.TellAsync(conversation, "Hello", "Hello.");
        var link = await SharedLink.MakeAsync(own, conversation);
        await own.Host.Db.ExecuteAsync("update accounts.user set disabled_at = now()", null, default);

        (await link.OpenAsync(own)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Whoever_guesses_is_slowed_down()
    {
        await using var strict = await ChatHost.StartAsync(settings: ("Chat:ShareGuessesPerMinute", "3"));
        var conversation = await strict.NewConversationAsync();
        await strict.TellAsync(conversation, "Hello", "Hello.");
        var link = await SharedLink.MakeAsync(strict, conversation);
        var guess = link with { Path = "/share/" + new string('B', 43) };

        for (var attempt = 0; attempt < 3; attempt++)
            (await guess.OpenAsync(strict)).Status.ShouldBe(404);
        var (status, _, response) = await guess.OpenAsync(strict);

        status.ShouldBe(429);
        response.Headers.RetryAfter.ShouldNotBeNull();
        (await link.OpenAsync(strict)).Status.ShouldBe(429, "a guess that is right tells nothing either");
        using var mia = await strict.Host.PersonAsync();
        (await mia.GetAsync(new Uri(link.Api, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    async Task<Guid> TalkAsync()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "Hello", "Hello yourself.");
        return conversation;
    }

    static byte[] Base64Bytes(string token) => System.Buffers.Text.Base64Url.DecodeFromChars(token);

    static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }
    }
}
