using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

public sealed class ConversationTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public ConversationTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task A_conversation_is_renamed_archived_deleted_and_restored()
    {
        var id = await chat.NewConversationAsync();
        await SendAsync(HttpMethod.Put, $"/api/chat/conversations/{id}/title", new { title = "Holiday" });
        var summary = await chat.GetAsync($"/api/chat/conversations/{id}");
        summary.GetProperty("title").GetString().ShouldBe("Holiday");
        summary.GetProperty("titleSource").GetString().ShouldBe("manual");

        await SendAsync(HttpMethod.Post, $"/api/chat/conversations/{id}/archive");
        (await IdsAsync("active")).ShouldNotContain(id);
        (await IdsAsync("archived")).ShouldContain(id);
        await SendAsync(HttpMethod.Post, $"/api/chat/conversations/{id}/unarchive");
        (await IdsAsync("active")).ShouldContain(id);

        await SendAsync(HttpMethod.Delete, $"/api/chat/conversations/{id}");
        (await IdsAsync("active")).ShouldNotContain(id);
        (await IdsAsync("deleted")).ShouldContain(id);
        await SendAsync(HttpMethod.Post, $"/api/chat/conversations/{id}/restore");
        (await IdsAsync("active")).ShouldContain(id);
    }

    [Fact]
    public async Task Lists_are_paged_newest_first_without_gaps_when_times_are_equal()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 7; i++)
            ids.Add(await chat.NewConversationAsync());
        await chat.Host.Db.ExecuteAsync("update chat.conversation set updated_at = '2026-01-01T00:00:00Z' where conversation_id = any(@Ids)", new { Ids = ids }, default);

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await chat.GetAsync($"/api/chat/conversations?limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        seen.Intersect(ids).Count().ShouldBe(7);
        seen.Distinct().Count().ShouldBe(seen.Count, "nothing appears on two pages");
    }

    [Fact]
    public async Task Messages_are_paged_from_the_newest()
    {
        var id = await chat.NewConversationAsync();
        for (var i = 0; i < 4; i++)
        {
            chat.Model.Say($"answer {i}").End();
            await using var reader = await chat.SayAsync(id, $"question {i}");
            await reader.UntilAsync("done");
        }

        var texts = new List<string>();
        string? cursor = null;
        do
        {
            var page = await chat.GetAsync($"/api/chat/conversations/{id}/messages?limit=3&cursor={cursor}");
            texts.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("text").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        texts.ShouldBe(["answer 3", "question 3", "answer 2", "question 2", "answer 1", "question 1", "answer 0", "question 0"]);
    }

    [Theory]
    [InlineData("GET", "/api/chat/conversations/{id}", null)]
    [InlineData("GET", "/api/chat/conversations/{id}/messages", null)]
    [InlineData("PUT", "/api/chat/conversations/{id}/title", """{"title":"mine now"}""")]
    [InlineData("PUT", "/api/chat/conversations/{id}/model", """{"modelId":null}""")]
    [InlineData("PUT", "/api/chat/conversations/{id}/head", """{"messageId":"01890000-0000-7000-8000-000000000000"}""")]
    [InlineData("POST", "/api/chat/conversations/{id}/archive", null)]
    [InlineData("POST", "/api/chat/conversations/{id}/unarchive", null)]
    [InlineData("POST", "/api/chat/conversations/{id}/restore", null)]
    [InlineData("DELETE", "/api/chat/conversations/{id}", null)]
    [InlineData("POST", "/api/chat/conversations/{id}/turns", """{"clientId":"01890000-0000-7000-8000-000000000000","text":"hi"}""")]
    [InlineData("POST", "/api/chat/conversations/{id}/turns/continue", """{"clientId":"01890000-0000-7000-8000-000000000000","messageId":"01890000-0000-7000-8000-000000000000"}""")]
    public async Task Somebody_elses_conversation_does_not_exist(string method, string path, string? body)
    {
        var strangers = Guid.CreateVersion7();
        await chat.Host.Db.ExecuteAsync(
            "insert into chat.conversation (conversation_id, owner_id, created_at, updated_at) values (@Id, @Owner, now(), now())",
            new { Id = strangers, Owner = Guid.CreateVersion7() }, default);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", strangers.ToString(), StringComparison.Ordinal));
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await chat.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("chat.conversation_not_found");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"clientId":"not a uuid","text":"hi"}""")]
    [InlineData("""{"clientId":"01890000-0000-7000-8000-000000000001"}""")]
    [InlineData("""{"clientId":"01890000-0000-7000-8000-000000000001","text":7}""")]
    [InlineData("""{"clientId":"01890000-0000-7000-8000-000000000001","text":"   "}""")]
    [InlineData("""{"clientId":"01890000-0000-7000-8000-000000000001","text":"hi","language":"xx"}""")]
    [InlineData("""{"clientId":"01890000-0000-7000-8000-000000000001","text":"nul \u0000 inside"}""")]
    [InlineData("""{"clientId":"01890000-0000-7000-8000-000000000001","text":"lone \ud800 surrogate"}""")]
    public async Task A_bad_request_answers_400(string body)
    {
        var id = await chat.NewConversationAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await chat.Client.PostAsync(new Uri($"/api/chat/conversations/{id}/turns", UriKind.Relative), content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("conversations", false)]
    // A node that died between the two left what was made and no record of it.
    [InlineData("conversations", true)]
    [InlineData("conversations/{id}/copy", true)]
    [InlineData("shared/{token}/copy", true)]
    [InlineData("projects", true)]
    [InlineData("templates", true)]
    public async Task What_is_made_twice_with_one_idempotency_key_is_made_once(string path, bool forgotten)
    {
        var conversation = await chat.NewConversationAsync();
        var answer = await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");
        var link = await SharedLink.MakeAsync(chat, conversation, new { level = "copy" });
        var address = "/api/chat/" + path.Replace("{id}", conversation.ToString(), StringComparison.Ordinal).Replace("{token}", link.Path.Split('/')[^1], StringComparison.Ordinal);
        var key = Guid.CreateVersion7().ToString();
        var ids = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            if (forgotten)
                await chat.Host.Db.ExecuteAsync("delete from kernel.idempotency", null, default);
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(new { title = "Once", name = "Once", messageId = answer, trade = "language", body = "Once." }) };
            request.Headers.Add("Idempotency-Key", key);
            using var response = await chat.Client.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
            ids.Add((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid());
        }

        ids[0].ShouldBe(ids[1]);
    }

    [Fact]
    public async Task A_deleted_conversation_is_gone_for_good_after_its_time()
    {
        var kept = await chat.NewConversationAsync();
        var old = await chat.NewConversationAsync();
        await chat.Host.Db.ExecuteAsync("update chat.conversation set deleted_at = now() - interval '31 days' where conversation_id = @Old", new { Old = old }, default);
        await chat.Host.Db.ExecuteAsync("update chat.conversation set deleted_at = now() - interval '29 days' where conversation_id = @Kept", new { Kept = kept }, default);
        using var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateScope(chat.Host.Services);
        var purge = (Conversations.PurgeDeleted)scope.ServiceProvider.GetService(typeof(Conversations.PurgeDeleted))!;
        await purge.RunAsync(default);
        (await IdsAsync("deleted")).ShouldContain(kept);
        (await IdsAsync("deleted")).ShouldNotContain(old);
    }

    async Task SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await chat.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    async Task<Guid[]> IdsAsync(string view)
        => [.. (await chat.GetAsync($"/api/chat/conversations?view={view}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
}
