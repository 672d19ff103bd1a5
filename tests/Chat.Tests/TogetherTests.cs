using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>Conversations of several people: who is let in, what each may, and what the others see of it.</summary>
public sealed class TogetherTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public TogetherTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task An_invitation_lets_one_person_in_and_nobody_after_them()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        var token = await Guest.InviteAsync(chat.Client, conversation, "edit");
        using var mia = await chat.Host.PersonAsync();
        using var bruno = await chat.Host.PersonAsync();

        using var looked = await mia.PostAsJsonAsync("/api/chat/invitations/look", new { token });
        var offer = await looked.Content.ReadFromJsonAsync<JsonElement>();
        offer.GetProperty("from").GetString().ShouldBe("Olga Owner");
        offer.GetProperty("role").GetString().ShouldBe("edit");
        (await mia.GetAsync(Path(conversation))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "looking is not joining");

        (await AcceptAsync(mia, token)).ShouldBe(HttpStatusCode.OK);
        (await AcceptAsync(bruno, token)).ShouldBe(HttpStatusCode.NotFound);
        (await AcceptAsync(bruno, "9Yk2f0c1m3D4s5q2W9d1XgSx8r7y3uTzJkQpVnBhLfY")).ShouldBe(HttpStatusCode.NotFound);

        var people = await mia.GetFromJsonAsync<JsonElement>(Path(conversation) + "/people");
        people.GetProperty("role").GetString().ShouldBe("edit");
        people.GetProperty("items").EnumerateArray().Select(person => $"{person.GetProperty("name")} {person.GetProperty("role")}").ShouldBe(["Olga Owner owner", "Mia edit"]);
        (await bruno.GetAsync(Path(conversation) + "/people")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await chat.Host.Db.FindAsync<string>("select string_agg(i::text, '') from chat.invitation i", null, default) ?? "").ShouldNotContain(token);
    }

    [Fact]
    public async Task An_invitation_that_was_ended_or_whose_maker_may_not_invite_any_more_opens_nothing()
    {
        var conversation = await chat.NewConversationAsync();
        using var admin = await Guest.JoinAsync(chat, conversation, "admin");
        var theirs = await Guest.InviteAsync(admin.Client, conversation, "view");
        var ended = await Guest.InviteAsync(chat.Client, conversation, "view");
        var open = (await chat.GetAsync(Path(conversation) + "/invitations")).EnumerateArray().ToArray();
        open.Length.ShouldBe(2);
        (await chat.Client.DeleteAsync(new Uri($"{Path(conversation)}/invitations/{Talk.Id(open[1])}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await chat.Client.PutAsJsonAsync($"{Path(conversation)}/people/{admin.Id}", new { role = "edit" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var mia = await chat.Host.PersonAsync();

        (await AcceptAsync(mia, ended)).ShouldBe(HttpStatusCode.NotFound);
        (await AcceptAsync(mia, theirs)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("view", 403, 403)]
    [InlineData("edit", 204, 403)]
    [InlineData("admin", 204, 201)]
    public async Task Each_may_what_their_role_says_and_no_more(string role, int change, int invite)
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        using var guest = await Guest.JoinAsync(chat, conversation, role);

        foreach (var path in (string[])["", "/messages", "/tree", "/settings", "/context", "/people", "/history", $"/messages/{answer}/siblings", $"/messages/{answer}/place", $"/drafts/{conversation}"])
            (await guest.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        ((int)(await guest.PutAsync("/title", new { title = "Harbour" })).StatusCode).ShouldBe(change);
        ((int)(await guest.PutAsync("/settings", new { instructions = "Short.", parameters = new { } })).StatusCode).ShouldBe(change);
        ((int)(await guest.PutAsync($"/messages/{answer}/pin", new { })).StatusCode).ShouldBe(change);
        ((int)(await guest.PutAsync("/head", new { messageId = answer })).StatusCode).ShouldBe(change);
        ((int)(await guest.PostAsync("/invitations", new { role = "view" })).StatusCode).ShouldBe(invite);
        ((int)(await guest.PutAsync($"/people/{guest.Id}", new { role = "admin" })).StatusCode).ShouldBe(invite == 201 ? 204 : 403);
        (await guest.DeleteAsync("")).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "only the owner deletes");
        (await guest.PostAsync("/archive", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "only the owner archives");
        if (role == "view")
            (await Should.ThrowAsync<ProblemException>(() => guest.SayAsync("And when?"))).Code.ShouldBe("chat.role_too_low");
        else
            ((await guest.ReadAsync("")).GetProperty("title").GetString(), (await chat.GetAsync(Path(conversation))).GetProperty("title").GetString()).ShouldBe(("Harbour", "Harbour"));
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("admin")]
    public async Task Who_may_is_told_what_the_owner_is_told_when_there_is_nothing_to_do(string role)
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        using var guest = await Guest.JoinAsync(chat, conversation, role);
        using var viewer = await Guest.JoinAsync(chat, conversation, "view");
        var unknown = Guid.CreateVersion7();

        foreach (var (path, body) in (IReadOnlyList<(string, object)>)[("/head", new { messageId = unknown }), ($"/messages/{unknown}/pin", new { })])
        {
            using var owner = await chat.Client.PutAsJsonAsync(Path(conversation) + path, body);
            var told = await CodeAsync(owner);
            told.ShouldEndWith("_not_found");
            (await CodeAsync(await guest.PutAsync(path, body))).ShouldBe(told);
            (await CodeAsync(await viewer.PutAsync(path, body))).ShouldBe("chat.role_too_low");
        }

        chat.Model.Say("At ");
        await using var asking = await guest.SayAsync("When does it open?");
        await asking.UntilTextAsync("At ");
        (await CodeAsync(await guest.PutAsync("/head", new { messageId = answer }))).ShouldBe("chat.conversation_not_found", "no branch is switched while an answer is written");
        chat.Model.Say("two.").End();
        await asking.UntilAsync("done");
    }

    [Fact]
    public async Task What_one_asks_the_others_follow_and_each_question_says_whose_it_is()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        using var bruno = await Guest.JoinAsync(chat, conversation, "view");
        await using var live = await ListenAsync(chat.Client);

        chat.Model.Say("At ");
        await using var asking = await mia.SayAsync("When does it open?");
        var turn = await asking.TurnAsync();
        await asking.UntilTextAsync("At ");
        await Eventually.BeTrueAsync(() => live.Events.Any(said => Names(said, "chat.conversation-changed", conversation)), "the owner hears of it while it is answered");
        await using var watching = await FollowAsync(bruno.Client, turn.GetProperty("turnId").GetGuid());
        await watching.UntilTextAsync("At ");
        (await bruno.Client.PostAsync(new Uri($"/api/chat/turns/{turn.GetProperty("turnId").GetGuid()}/stop", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        chat.Model.Say("two.").End();
        await watching.UntilAsync("done");
        await asking.UntilAsync("done");

        watching.Text.ShouldBe("At two.");
        var messages = await chat.MessagesAsync(conversation);
        messages.Select(Talk.Text).ShouldBe(["Where is the lighthouse?", "By the harbour.", "When does it open?", "At two."]);
        messages[2].GetProperty("authorId").GetGuid().ShouldBe(mia.Id);
        messages[3].GetProperty("authorId").ValueKind.ShouldBe(JsonValueKind.Null);
        (await bruno.ReadAsync("/messages")).GetProperty("items").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Who_is_let_out_sees_nothing_any_more_and_hears_nothing_any_more()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("By ");
        await using var asking = await chat.SayAsync(conversation, "Where is the lighthouse?");
        var turn = (await asking.TurnAsync()).GetProperty("turnId").GetGuid();
        await asking.UntilTextAsync("By ");
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        var topic = (await mia.ReadAsync("/people")).GetProperty("topic").GetString()!;
        await using var live = await HubClient.ConnectAsync(chat.Host.Address, mia.Client);
        (await live.CallAsync("Subscribe", topic)).ShouldBeNull();
        await using var watching = await FollowAsync(mia.Client, turn);
        await watching.UntilTextAsync("By ");
        await SayPresenceAsync(chat.Client, conversation, "here");
        await Eventually.BeTrueAsync(() => live.Events.Any(said => Names(said, "chat.presence", conversation)));

        (await chat.Client.DeleteAsync(new Uri($"{Path(conversation)}/people/{mia.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.BeTrueAsync(watching.EndedAsync, "the stream is cut although the answer goes on");
        var heard = live.Events.Count;
        await SayPresenceAsync(chat.Client, conversation, "typing");

        foreach (var path in (string[])["", "/messages", "/tree", "/people", "/history", $"/drafts/{conversation}"])
            (await mia.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        (await mia.Client.GetFromJsonAsync<JsonElement>("/api/chat/conversations?view=shared")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await live.CallAsync("Subscribe", topic))!.ShouldContain("kernel.topic_forbidden");
        var now = (await chat.GetAsync(Path(conversation) + "/people")).GetProperty("topic").GetString()!;
        now.ShouldNotBe(topic);
        (await live.CallAsync("Subscribe", now))!.ShouldContain("kernel.topic_forbidden");
        live.Events.Count.ShouldBe(heard);
        chat.Model.Say("the harbour.").End();
        await asking.UntilAsync("done");
        asking.Text.ShouldBe("By the harbour.");
    }

    [Fact]
    public async Task People_leave_by_themselves_and_nobody_lets_the_owner_out()
    {
        var conversation = await chat.NewConversationAsync();
        using var admin = await Guest.JoinAsync(chat, conversation, "admin");
        using var mia = await Guest.JoinAsync(chat, conversation, "view");
        var owner = (await chat.GetAsync(Path(conversation) + "/people")).GetProperty("you").GetGuid();

        (await mia.DeleteAsync($"/people/{admin.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.DeleteAsync($"/people/{owner}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.DeleteAsync($"/people/{mia.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await mia.GetAsync("")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await chat.GetAsync(Path(conversation))).GetProperty("people").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_is_shared_with_a_person_is_a_list_of_its_own()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.PutAsync(Path(conversation) + "/title", new { title = "Harbour tour" });
        using var mia = await Guest.JoinAsync(chat, conversation, "view");

        var shared = (await mia.Client.GetFromJsonAsync<JsonElement>("/api/chat/conversations?view=shared")).GetProperty("items").EnumerateArray().ToArray();
        Talk.Id(shared.ShouldHaveSingleItem()).ShouldBe(conversation);
        shared[0].GetProperty("role").GetString().ShouldBe("view");
        shared[0].GetProperty("people").GetInt32().ShouldBe(2);
        (await mia.Client.GetFromJsonAsync<JsonElement>("/api/chat/conversations?view=shared&title=HARB")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await mia.Client.GetFromJsonAsync<JsonElement>("/api/chat/conversations?view=shared&title=desert")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await mia.Client.GetFromJsonAsync<JsonElement>("/api/chat/conversations")).GetProperty("items").GetArrayLength().ShouldBe(0);

        (await chat.Client.DeleteAsync(new Uri(Path(conversation), UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await mia.GetAsync("/messages")).StatusCode.ShouldBe(HttpStatusCode.NotFound, "what its owner deleted is gone for the others at once");
        (await chat.GetAsync(Path(conversation))).GetProperty("role").GetString().ShouldBe("owner");
    }

    [Fact]
    public async Task Files_of_one_are_opened_by_the_others_and_by_nobody_else()
    {
        var conversation = await chat.NewConversationAsync();
        var file = Talk.Id(await chat.UploadAsync("tides.txt", "Low at noon."u8.ToArray()));
        chat.Model.Say("Noted.").End();
        await using (var said = await chat.PostStreamAsync($"{Path(conversation)}/turns", new { clientId = Guid.CreateVersion7(), text = "Keep this.", attachmentIds = new[] { file } }))
            await said.UntilAsync("done");
        var loose = Talk.Id(await chat.UploadAsync("private.txt", "Mine alone."u8.ToArray()));
        using var mia = await Guest.JoinAsync(chat, conversation, "view");
        using var stranger = await chat.Host.PersonAsync();

        (await mia.Client.GetStringAsync(new Uri($"/api/chat/attachments/{file}", UriKind.Relative))).ShouldBe("Low at noon.");
        (await mia.Client.GetAsync(new Uri($"/api/chat/attachments/{loose}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetAsync(new Uri($"/api/chat/attachments/{file}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.DeleteAsync("")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Readers_mark_and_copy_and_what_they_take_is_their_own()
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        chat.Model.Say("At noon.").End();
        var tides = Talk.Id(await chat.UploadAsync("tides.txt", "Low at noon."u8.ToArray()));
        await using (var reader = await chat.PostStreamAsync($"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text = "And low tide?", attachmentIds = new[] { tides } }))
            await reader.UntilAsync("done");
        var last = Talk.Id((await chat.MessagesAsync(conversation))[^1]);
        using var mia = await Guest.JoinAsync(chat, conversation, "view");

        (await mia.Client.PostAsJsonAsync($"/api/chat/messages/{answer}/marks", new { kind = "bookmark" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await chat.MessagesAsync(conversation))[1].GetProperty("marks").GetArrayLength().ShouldBe(0, "marks are each person's own");
        using var copied = await mia.PostAsync("/copy", new { messageId = last });
        copied.StatusCode.ShouldBe(HttpStatusCode.Created);
        var copy = await copied.Content.ReadFromJsonAsync<JsonElement>();
        copy.GetProperty("role").GetString().ShouldBe("owner");
        (await chat.Client.GetAsync(new Uri(Path(Talk.Id(copy)), UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // The file too: it stays when the other one is gone.
        var taken = (await mia.Client.GetFromJsonAsync<JsonElement>($"/api/chat/conversations/{Talk.Id(copy)}/messages")).GetProperty("items")[1]
            .GetProperty("parts")[0].GetProperty("attachment").GetProperty("id").GetGuid();
        taken.ShouldNotBe(tides);
        (await chat.Client.DeleteAsync(new Uri(Path(conversation), UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await mia.Client.GetStringAsync(new Uri($"/api/chat/attachments/{taken}", UriKind.Relative))).ShouldBe("Low at noon.");
        (await chat.Client.GetAsync(new Uri($"/api/chat/attachments/{taken}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_Jean_keeps_of_a_person_is_not_told_where_others_read_along()
    {
        (await chat.Client.PostAsJsonAsync("/api/chat/memory", new { text = "My door code is 4711-zeppelin.", kind = "other" })).EnsureSuccessStatusCode();
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "What do you know of my door?", "The code.");
        chat.Model.Asked[^1].ShouldContain(message => message.Text.Contains("zeppelin", StringComparison.Ordinal));
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");

        await chat.TellAsync(conversation, "And now, of my door?", "Nothing.");
        chat.Model.Say("Nothing.").End();
        await using (var said = await mia.SayAsync("And of the door of Olga?"))
            await said.UntilAsync("done");

        chat.Model.Asked[^1].ShouldAllBe(message => !message.Text.Contains("zeppelin", StringComparison.Ordinal));
        chat.Model.Asked[^2].ShouldAllBe(message => !message.Text.Contains("zeppelin", StringComparison.Ordinal));
    }

    static string Path(Guid conversation) => $"/api/chat/conversations/{conversation}";

    static async Task<HttpStatusCode> AcceptAsync(HttpClient client, string token)
    {
        using var accepted = await client.PostAsJsonAsync("/api/chat/invitations/accept", new { token });
        return accepted.StatusCode;
    }

    static async Task<string> CodeAsync(HttpResponseMessage response)
    {
        using (response)
            return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
    }

    static async Task SayPresenceAsync(HttpClient client, Guid conversation, string state)
        => (await client.PostAsJsonAsync($"{Path(conversation)}/presence", new { windowId = Guid.CreateVersion7(), state })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    static async Task<EventReader> FollowAsync(HttpClient client, Guid turn)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chat/turns/{turn}/events");
        return await EventReader.OpenAsync(client, request);
    }

    async Task<HubClient> ListenAsync(HttpClient client)
    {
        var live = await HubClient.ConnectAsync(chat.Host.Address, client);
        var me = (await client.GetFromJsonAsync<JsonElement>("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid();
        (await live.CallAsync("Subscribe", $"user:{me}")).ShouldBeNull();
        return live;
    }

    static bool Names(JsonElement said, string name, Guid conversation)
        => said.GetProperty("name").GetString() == name && said.GetProperty("data").GetProperty("conversationId").GetGuid() == conversation;
}
