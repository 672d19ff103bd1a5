using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Agents.Notes;
using JeanTrail.Agents.Reminders;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Agents.Tests;

public sealed class EndpointTests(EndpointTests.Server server) : IClassFixture<EndpointTests.Server>
{
    public sealed class Server : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public UserId Owner { get; private set; }

        public async Task InitializeAsync()
        {
            Host = await TestHost.StartAsync();
            Client = await Host.CreateOwnerAsync();
            var session = await Client.GetFromJsonAsync<JsonElement>("/api/accounts/session");
            Owner = new UserId(session.GetProperty("user").GetProperty("id").GetGuid());
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await Host.DisposeAsync();
        }

        public T Get<T>()
            where T : notnull => Host.Services.GetRequiredService<T>();
    }

    [Theory]
    [InlineData("en", "Arithmetic")]
    [InlineData("ar", "الحساب")]
    [InlineData("vi", "Tính toán")]
    [InlineData("ru", "Арифметика")]
    public async Task Skills_are_listed_in_the_language_asked_for(string language, string name)
    {
        var list = await server.Client.GetFromJsonAsync<JsonElement>($"/api/agents/skills?language={language}");

        var items = list.GetProperty("items").EnumerateArray().ToArray();
        items.Length.ShouldBeGreaterThanOrEqualTo(28);
        var arithmetic = items.Single(item => item.GetProperty("id").GetString() == "arithmetic");
        arithmetic.GetProperty("name").GetString().ShouldBe(name);
        arithmetic.GetProperty("examples").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Skills_that_are_only_small_talk_say_so()
    {
        var list = await server.Client.GetFromJsonAsync<JsonElement>("/api/agents/skills");

        list.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("kind").GetString() == "small-talk")
            .Select(item => item.GetProperty("id").GetString())
            .ShouldBe(["repeat", "greeting", "thanks", "goodbye", "about"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_note_is_kept_listed_and_deleted()
    {
        using var added = await server.Client.PostAsJsonAsync("/api/agents/notes", new { text = "  Water the ferns  " });
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        var note = await added.Content.ReadFromJsonAsync<JsonElement>();
        note.GetProperty("text").GetString().ShouldBe("Water the ferns");
        var id = note.GetProperty("id").GetGuid();

        (await NoteIdsAsync()).ShouldContain(id);
        (await server.Client.DeleteAsync(new Uri($"/api/agents/notes/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await server.Client.DeleteAsync(new Uri($"/api/agents/notes/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await NoteIdsAsync()).ShouldNotContain(id);
    }

    [Fact]
    public async Task Notes_come_in_pages_without_gaps_or_repeats()
    {
        for (var i = 0; i < 7; i++)
            await server.Get<NoteBook>().AddAsync(server.Owner, $"Page {i}", CancellationToken.None);
        var seen = new List<Guid>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await server.Client.GetFromJsonAsync<JsonElement>($"/api/agents/notes?limit=3&cursor={cursor}");
            page.GetProperty("items").GetArrayLength().ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        seen.ShouldBeUnique();
        seen.Count.ShouldBeGreaterThanOrEqualTo(7);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":"   "}""")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{"text":5}""")]
    [InlineData("""{"text":"a\u0000b"}""")]
    [InlineData("""nonsense""")]
    public async Task A_note_without_words_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(new Uri("/api/agents/notes", UriKind.Relative), content);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_note_that_is_too_long_is_refused()
        => (await server.Client.PostAsJsonAsync("/api/agents/notes", new { text = new string('a', NoteBook.MaxLength + 1) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Somebody_elses_notes_and_reminders_are_not_there()
    {
        var stranger = Ids.New<UserId>(TimeProvider.System);
        var note = await server.Get<NoteBook>().AddAsync(stranger, "Secret", CancellationToken.None);
        var reminder = await server.Get<ReminderBook>().AddAsync(stranger, "Secret", "en", TimeProvider.System.GetUtcNow().AddDays(1), CancellationToken.None);

        (await NoteIdsAsync()).ShouldNotContain(note.Id);
        (await server.Client.DeleteAsync(new Uri($"/api/agents/notes/{note.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.DeleteAsync(new Uri($"/api/agents/reminders/{reminder.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Client.PostAsync(new Uri($"/api/agents/reminders/{reminder.Id}/done", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Get<ReminderBook>().OpenAsync(stranger, CancellationToken.None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_reminder_goes_from_scheduled_over_due_to_done()
    {
        var reminder = await server.Get<ReminderBook>().AddAsync(server.Owner, "Tea", "en", TimeProvider.System.GetUtcNow(), CancellationToken.None);

        await Eventually.BeTrueAsync(async () => (await StatesAsync("due")).ContainsKey(reminder.Id));
        (await server.Client.PostAsync(new Uri($"/api/agents/reminders/{reminder.Id}/done", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatesAsync("done")).ShouldContainKey(reminder.Id);
        (await StatesAsync("due")).ShouldNotContainKey(reminder.Id);
        (await server.Client.DeleteAsync(new Uri($"/api/agents/reminders/{reminder.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_unknown_state_is_refused()
    {
        using var response = await server.Client.GetAsync(new Uri("/api/agents/reminders?state=lost", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("agents.reminder_state_unknown");
    }

    [Theory]
    [InlineData("/api/agents/skills")]
    [InlineData("/api/agents/notes")]
    [InlineData("/api/agents/reminders")]
    public async Task Nothing_is_told_to_who_is_not_signed_in(string path)
    {
        using var stranger = server.Host.NewClient();

        (await stranger.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<Guid[]> NoteIdsAsync()
        => [.. (await server.Client.GetFromJsonAsync<JsonElement>("/api/agents/notes?limit=200")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];

    async Task<Dictionary<Guid, string>> StatesAsync(string state)
        => (await server.Client.GetFromJsonAsync<JsonElement>($"/api/agents/reminders?state={state}")).GetProperty("items").EnumerateArray()
            .ToDictionary(item => item.GetProperty("id").GetGuid(), item => item.GetProperty("state").GetString()!);
}
