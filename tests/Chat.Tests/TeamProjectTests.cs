using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>Projects that a team shares: Olga owns the team, Mia is a member of it, Bruno is not.</summary>
public sealed class TeamProjectTests : IClassFixture<ChatFixture>, IAsyncLifetime
{
    const string JoinSql = "insert into accounts.team_member (team_id, user_id, role, joined_at) values (@Team, @User, @Role, now())";

    readonly ChatHost chat;
    HttpClient mia = null!;
    HttpClient bruno = null!;
    Guid miaId;
    Guid team;
    Guid workspace;

    public TeamProjectTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    public async Task InitializeAsync()
    {
        mia = await chat.Host.PersonAsync();
        bruno = await chat.Host.PersonAsync();
        miaId = await IdAsync(mia);
        team = (await chat.PostAsync("/api/accounts/teams", new { name = "Harbour office" })).GetProperty("id").GetGuid();
        await JoinAsync(miaId, "member");
        workspace = (await chat.PostAsync($"/api/accounts/teams/{team}/workspaces", new { name = "Tours" })).GetProperty("id").GetGuid();
    }

    public Task DisposeAsync()
    {
        mia.Dispose();
        bruno.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Everybody_of_the_team_reads_and_writes_in_it_and_nobody_else()
    {
        var project = await NewProjectAsync(chat.Client);
        var conversation = await BeginAsync(chat.Client, project);
        await chat.TellAsync(conversation, "Where is the lighthouse?", "By the harbour.");

        var seen = await mia.GetFromJsonAsync<JsonElement>($"/api/chat/projects/{project}");
        (seen.GetProperty("role").GetString(), seen.GetProperty("conversations").GetInt32(), seen.GetProperty("workspace").GetProperty("teamName").GetString()).ShouldBe(("edit", 1, "Harbour office"));
        (await ListAsync(mia, $"project={project}")).ShouldBe([conversation]);
        (await ListAsync(mia, $"project={project}&title=zzz")).ShouldBeEmpty();
        (await ListAsync(mia, "view=active")).ShouldBeEmpty("what others began is not one's own");
        await using (var asking = await SayAsync(mia, conversation, "When does it open?"))
        {
            chat.Model.Say("At two.").End();
            await asking.UntilAsync("done");
        }

        (await chat.MessagesAsync(conversation)).Select(Talk.Text).ShouldBe(["Where is the lighthouse?", "By the harbour.", "When does it open?", "At two."]);
        var people = await mia.GetFromJsonAsync<JsonElement>(Path(conversation) + "/people");
        people.GetProperty("items").EnumerateArray().Select(one => (one.GetProperty("role").GetString(), one.GetProperty("byTeam").GetBoolean())).ShouldBe([("owner", false), ("edit", true)]);
        (await mia.GetFromJsonAsync<JsonElement>(Path(conversation))).GetProperty("people").GetInt32().ShouldBe(2);

        foreach (var path in (string[])[$"/api/chat/projects/{project}", Path(conversation), Path(conversation) + "/messages", Path(conversation) + "/people"])
            (await bruno.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        (await ListAsync(bruno, $"project={project}")).ShouldBeEmpty();
        (await bruno.PostAsJsonAsync("/api/chat/conversations", new { projectId = project })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await bruno.PostAsJsonAsync("/api/chat/projects", new { name = "Mine", workspaceId = workspace })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_guest_from_outside_the_team_is_told_who_of_it_reads_along()
    {
        var conversation = await BeginAsync(chat.Client, await NewProjectAsync(chat.Client));
        using var guest = await Guest.JoinAsync(chat, conversation, "view");

        var people = await guest.ReadAsync("/people");

        people.GetProperty("items").GetArrayLength().ShouldBe(3);
        (await chat.Client.DeleteAsync(new Uri($"{Path(conversation)}/people/{miaId}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await chat.Client.PutAsJsonAsync($"{Path(conversation)}/people/{miaId}", new { role = "view" })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await guest.DeleteAsync($"/people/{miaId}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Whoever_made_it_and_the_teams_admins_change_it_the_others_do_not()
    {
        var mias = await NewProjectAsync(mia);
        var olgas = await NewProjectAsync(chat.Client);

        (await ChangeAsync(mia, olgas, workspace)).ShouldBe(HttpStatusCode.Forbidden);
        (await mia.DeleteAsync(new Uri($"/api/chat/projects/{olgas}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ChangeAsync(mia, mias, workspace)).ShouldBe(HttpStatusCode.NoContent);
        (await ChangeAsync(chat.Client, mias, workspace)).ShouldBe(HttpStatusCode.NoContent);
        (await ChangeAsync(bruno, mias, workspace)).ShouldBe(HttpStatusCode.NotFound);
        (await ChangeAsync(mia, mias, Guid.CreateVersion7())).ShouldBe(HttpStatusCode.NotFound);

        await JoinAsync(await IdAsync(bruno), "admin");
        (await ChangeAsync(bruno, mias, workspace)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Whoever_leaves_the_team_is_out_at_once_and_takes_along_what_is_theirs()
    {
        var project = await NewProjectAsync(chat.Client);
        var olgas = await BeginAsync(chat.Client, project);
        var mias = await BeginAsync(mia, project);
        (await ListAsync(chat.Client, $"project={project}")).ShouldBe([mias, olgas]);
        chat.Model.Say("By ");
        await using var asking = await chat.SayAsync(olgas, "Where is the lighthouse?");
        var turn = (await asking.TurnAsync()).GetProperty("turnId").GetGuid();
        await asking.UntilTextAsync("By ");
        var topic = (await mia.GetFromJsonAsync<JsonElement>(Path(olgas) + "/people")).GetProperty("topic").GetString()!;
        await using var live = await HubClient.ConnectAsync(chat.Host.Address, mia);
        (await live.CallAsync("Subscribe", topic)).ShouldBeNull();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chat/turns/{turn}/events");
        await using var watching = await EventReader.OpenAsync(mia, request);
        await watching.UntilTextAsync("By ");

        (await chat.Client.DeleteAsync(new Uri($"/api/accounts/teams/{team}/members/{miaId}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await live.Closed.WaitAsync(TimeSpan.FromSeconds(20));
        (await watching.EndedAsync()).ShouldBeTrue();
        watching.Text.ShouldBe("By ");
        chat.Model.Say("the harbour.").End();
        await asking.UntilAsync("done");
        await using (var again = await HubClient.ConnectAsync(chat.Host.Address, mia))
            (await again.CallAsync("Subscribe", topic)).ShouldNotBeNull();
        (await mia.GetAsync(Path(olgas))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.GetAsync($"/api/chat/projects/{project}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.GetAsync(Path(mias))).StatusCode.ShouldBe(HttpStatusCode.OK, "what she began is hers");
        (await chat.Client.GetAsync(new Uri(Path(mias), UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "and shared only while she is there");
        (await ListAsync(chat.Client, $"project={project}")).ShouldBe([olgas]);
    }

    [Fact]
    public async Task Taken_back_from_the_team_it_keeps_what_is_its_owners_and_lets_go_of_the_rest()
    {
        var project = await NewProjectAsync(chat.Client);
        var olgas = await BeginAsync(chat.Client, project);
        var mias = await BeginAsync(mia, project);

        (await ChangeAsync(chat.Client, project, null)).ShouldBe(HttpStatusCode.NoContent);

        (await mia.GetAsync($"/api/chat/projects/{project}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.GetAsync(Path(olgas))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.GetFromJsonAsync<JsonElement>(Path(mias))).GetProperty("projectId").ValueKind.ShouldBe(JsonValueKind.Null);
        (await ListAsync(chat.Client, $"project={project}")).ShouldBe([olgas]);
        (await chat.GetAsync($"/api/chat/projects/{project}")).GetProperty("workspace").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_workspace_or_team_are_gone_each_project_goes_back_to_whoever_made_it(bool wholeTeam)
    {
        var project = await NewProjectAsync(mia);
        var olgas = await BeginAsync(chat.Client, project);
        var mias = await BeginAsync(mia, project);

        (await chat.Client.DeleteAsync(new Uri(wholeTeam ? $"/api/accounts/teams/{team}" : $"/api/accounts/teams/{team}/workspaces/{workspace}", UriKind.Relative)))
            .StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await Eventually.BeTrueAsync(async () => (await mia.GetAsync($"/api/chat/projects/{project}")).StatusCode == HttpStatusCode.OK, "it is hers again");
        (await ListAsync(mia, $"project={project}")).ShouldBe([mias]);
        (await chat.GetAsync(Path(olgas))).GetProperty("projectId").ValueKind.ShouldBe(JsonValueKind.Null);
        (await mia.GetAsync(Path(olgas))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_kept_of_a_person_is_not_told_where_their_team_reads_along()
    {
        await chat.PutAsync("/api/chat/memory/setting", new { on = true });
        await chat.PostAsync("/api/chat/memory", new { text = "I am called Olga and live in Riga.", kind = "identity" });
        var own = await chat.NewConversationAsync();
        var shared = await BeginAsync(chat.Client, await NewProjectAsync(chat.Client));

        await chat.TellAsync(own, "What is my name?", "Olga.");
        Told().ShouldContain("live in Riga");
        await chat.TellAsync(shared, "What is my name?", "I do not know.");
        Told().ShouldNotContain("live in Riga");
        Told().ShouldContain("Two children come along.", customMessage: "the project's instructions are told");
    }

    string Told() => string.Join('\n', chat.Model.Asked[^1].Select(message => message.Text));

    static string Path(Guid conversation) => $"/api/chat/conversations/{conversation}";

    static async Task<Guid> IdAsync(HttpClient client)
        => (await client.GetFromJsonAsync<JsonElement>("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid();

    Task JoinAsync(Guid person, string role) => chat.Host.Db.ExecuteAsync(JoinSql, new { Team = team, User = person, Role = role }, default);

    async Task<Guid> NewProjectAsync(HttpClient client)
    {
        using var made = await client.PostAsJsonAsync("/api/chat/projects", new { name = "Harbour tour", instructions = "Two children come along.", workspaceId = workspace });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    static async Task<Guid> BeginAsync(HttpClient client, Guid project)
    {
        using var made = await client.PostAsJsonAsync("/api/chat/conversations", new { projectId = project });
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    static async Task<HttpStatusCode> ChangeAsync(HttpClient client, Guid project, Guid? place)
    {
        using var changed = await client.PutAsJsonAsync($"/api/chat/projects/{project}", new { name = "Tour", instructions = "", workspaceId = place });
        return changed.StatusCode;
    }

    static async Task<Guid[]> ListAsync(HttpClient client, string query)
        => [.. (await client.GetFromJsonAsync<JsonElement>($"/api/chat/conversations?{query}")).GetProperty("items").EnumerateArray().Select(Talk.Id)];

    static async Task<EventReader> SayAsync(HttpClient client, Guid conversation, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Path(conversation)}/turns") { Content = JsonContent.Create(new { clientId = Guid.CreateVersion7(), text }) };
        return await EventReader.OpenAsync(client, request);
    }
}
