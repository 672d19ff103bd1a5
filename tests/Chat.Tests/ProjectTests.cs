using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

public sealed class ProjectTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public ProjectTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task A_project_is_made_changed_and_deleted_and_its_conversations_stay()
    {
        var project = await NewProjectAsync("Harbour");
        var conversation = await chat.NewConversationAsync();
        await chat.PutAsync($"/api/chat/conversations/{conversation}/project", new { projectId = project });
        await chat.PutAsync($"/api/chat/projects/{project}", new { name = "Port", instructions = "Be brief." });

        var found = await chat.GetAsync($"/api/chat/projects/{project}");
        found.GetProperty("name").GetString().ShouldBe("Port");
        found.GetProperty("instructions").GetString().ShouldBe("Be brief.");
        found.GetProperty("conversations").GetInt64().ShouldBe(1);
        (await ListAsync($"project={project}")).ShouldBe([conversation]);

        (await chat.Client.DeleteAsync(new Uri($"/api/chat/projects/{project}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await chat.GetAsync($"/api/chat/conversations/{conversation}")).GetProperty("projectId").ValueKind.ShouldBe(JsonValueKind.Null);
        (await ListAsync($"project={project}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_conversation_begins_in_a_project_and_is_taken_out_of_it()
    {
        var project = await NewProjectAsync("Begun here");
        var made = await chat.PostAsync("/api/chat/conversations", new { projectId = project });
        made.GetProperty("projectId").GetGuid().ShouldBe(project);
        var id = made.GetProperty("id").GetGuid();
        (await ListAsync($"project={project}")).ShouldBe([id]);

        await chat.PutAsync($"/api/chat/conversations/{id}/project", new { projectId = (Guid?)null });
        (await ListAsync($"project={project}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_elses_project_does_not_exist()
    {
        var project = await NewProjectAsync("Theirs");
        await chat.Host.Db.ExecuteAsync("update chat.project set owner_id = gen_random_uuid() where project_id = @Id", new { Id = project }, default);
        var mine = await chat.NewConversationAsync();

        (await chat.Client.GetAsync(new Uri($"/api/chat/projects/{project}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await chat.Client.DeleteAsync(new Uri($"/api/chat/projects/{project}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync($"/api/chat/projects/{project}", new { name = "Mine" })).ShouldBe(HttpStatusCode.NotFound);
        (await SendAsync($"/api/chat/conversations/{mine}/project", new { projectId = project })).ShouldBe(HttpStatusCode.NotFound);
        using var begun = await chat.Client.PostAsJsonAsync("/api/chat/conversations", new { projectId = project });
        begun.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Tags_are_kept_in_one_form_and_listed_with_their_count()
    {
        var first = await chat.NewConversationAsync();
        var second = await chat.NewConversationAsync();
        await chat.PutAsync($"/api/chat/conversations/{first}/tags", new { tags = new[] { " #Zebra ", "zebra", "Hội An" } });
        await chat.PutAsync($"/api/chat/conversations/{second}/tags", new { tags = new[] { "ZEBRA" } });

        (await chat.GetAsync($"/api/chat/conversations/{first}")).GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["zebra", "hội an"]);
        (await chat.GetAsync("/api/chat/tags")).GetProperty("items").EnumerateArray()
            .Single(tag => tag.GetProperty("name").GetString() == "zebra").GetProperty("conversations").GetInt64().ShouldBe(2);
        (await ListAsync("tag=Zebra")).ShouldBe([second, first], ignoreOrder: true);
        (await ListAsync("tag=" + Uri.EscapeDataString("hội an"))).ShouldBe([first]);
        (await SendAsync($"/api/chat/conversations/{first}/tags", new { tags = new[] { new string('x', 41) } })).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync($"/api/chat/conversations/{first}/tags", new { tags = Enumerable.Range(0, 13).Select(i => $"t{i}") })).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Chợ đêm Hội An", "hoi an")]
    [InlineData("Chợ đêm Hội Vân", "hội v")]
    [InlineData("Ёжик у пристани", "ежик прист")]
    [InlineData("المكتبة الأولى", "الاول")]
    [InlineData("Zanzibar & <b>co</b>: 50%_off", "zanz off")]
    public async Task Titles_are_found_by_the_beginnings_of_their_words(string title, string sought)
    {
        var id = (await chat.PostAsync("/api/chat/conversations", new { title })).GetProperty("id").GetGuid();

        (await ListAsync("title=" + Uri.EscapeDataString(sought))).ShouldContain(id);
        (await ListAsync("title=" + Uri.EscapeDataString(sought + " qqq"))).ShouldBeEmpty();
        (await ListAsync("view=archived&title=" + Uri.EscapeDataString(sought))).ShouldNotContain(id);
    }

    [Fact]
    public async Task Titles_far_down_the_list_are_found_and_paged_like_those_at_its_top()
    {
        var owner = (await chat.GetAsync("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid();
        // More than the newest that are looked through first lie above them.
        await chat.Host.Db.ExecuteAsync(
            """
            insert into chat.conversation (conversation_id, owner_id, title, created_at, updated_at)
            select gen_random_uuid(), @Owner, case when n % 100 = 0 then 'Wolverine ' || n else 'Plain ' || n end, now(), '2025-01-01T00:00:00Z'::timestamptz + n * interval '1 second'
            from generate_series(1, 2000) n
            """,
            new { Owner = owner }, default);

        var titles = new List<string>();
        string? cursor = null;
        do
        {
            var page = await chat.GetAsync($"/api/chat/conversations?title=wolv&limit=7&cursor={cursor}");
            titles.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        titles.ShouldBe(Enumerable.Range(1, 20).Select(n => $"Wolverine {2100 - n * 100}"));
    }

    [Fact]
    public async Task The_settings_of_a_conversation_are_kept()
    {
        var id = await chat.NewConversationAsync();
        await chat.PutAsync($"/api/chat/conversations/{id}/settings", new { instructions = " In verse. ", modelId = (string?)null, parameters = new { temperature = 0.5, maxOutputTokens = 200 } });

        var settings = await chat.GetAsync($"/api/chat/conversations/{id}/settings");
        settings.GetProperty("instructions").GetString().ShouldBe("In verse.");
        settings.GetProperty("parameters").GetProperty("temperature").GetDouble().ShouldBe(0.5);
        settings.GetProperty("parameters").GetProperty("topP").ValueKind.ShouldBe(JsonValueKind.Null);
        (await SendAsync($"/api/chat/conversations/{id}/settings", new { instructions = "", modelId = (string?)null, parameters = new { temperature = 3 } })).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync($"/api/chat/conversations/{Guid.CreateVersion7()}/settings", new { instructions = "", modelId = (string?)null, parameters = new { } })).ShouldBe(HttpStatusCode.NotFound);
    }

    async Task<Guid> NewProjectAsync(string name) => (await chat.PostAsync("/api/chat/projects", new { name })).GetProperty("id").GetGuid();

    async Task<Guid[]> ListAsync(string query)
        => [.. (await chat.GetAsync($"/api/chat/conversations?limit=200&{query}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];

    async Task<HttpStatusCode> SendAsync(string path, object body)
    {
        using var response = await chat.Client.PutAsJsonAsync(path, body);
        return response.StatusCode;
    }
}
