using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Chat.Templates;

namespace JeanTrail.Chat.Tests;

public sealed class TemplateTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public TemplateTests(ChatFixture fixture) => chat = fixture.Chat;

    [Fact]
    public void The_starters_are_the_same_in_every_language()
    {
        var english = Starters.In("en");
        english.Count.ShouldBeGreaterThanOrEqualTo(24);
        english.Select(one => one.Id).ShouldBeUnique();
        foreach (var language in Starters.Languages)
        {
            var here = Starters.In(language);
            here.Select(one => (one.Id, one.Trade)).ShouldBe(english.Select(one => (one.Id, one.Trade)), language);
            here.Select(Shape).ShouldBe(english.Select(Shape), language);
            foreach (var one in here)
            {
                TemplateRules.Fault(one.Trade, one.Body, one.Variables, one.Name, one.Body, one.About).ShouldBeNull($"{language} {one.Id}");
                TemplateRules.Places(one.Body).Order().ShouldBe(one.Variables.Select(variable => variable.Name).Order(), $"{language} {one.Id}");
            }

            if (language != "en")
                here.Select(one => one.Name).Intersect(english.Select(one => one.Name)).ShouldBeEmpty(language);
        }
    }

    [Fact]
    public async Task The_list_holds_the_starters_in_the_language_that_was_asked_for()
    {
        var names = (await ListAsync("ru")).Where(item => Text(item, "origin") == "built-in").Select(item => Text(item, "name"));
        names.ShouldBe(Starters.In("ru").Select(one => one.Name));
    }

    [Fact]
    public async Task An_own_template_is_kept_changed_and_deleted()
    {
        var id = await CreateAsync(chat.Client, Good("Mine"));
        var kept = (await ListAsync()).Single(item => Text(item, "id") == id);
        (Text(kept, "origin"), kept.GetProperty("canEdit").GetBoolean()).ShouldBe(("own", true));
        kept.GetProperty("variables")[1].GetProperty("choices").GetArrayLength().ShouldBe(2);

        using (var changed = await chat.Client.PutAsJsonAsync(Path(id), Good("Mine, better")))
            changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Text((await ListAsync()).Single(item => Text(item, "id") == id), "name").ShouldBe("Mine, better");

        using (var deleted = await chat.Client.DeleteAsync(Path(id)))
            deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync()).ShouldNotContain(item => Text(item, "id") == id);
    }

    [Fact]
    public async Task What_is_shared_is_seen_by_everybody_and_changed_by_the_author_and_by_admins_only()
    {
        using var author = await chat.Host.PersonAsync("free");
        using var reader = await chat.Host.PersonAsync("free");
        var open = await CreateAsync(author, Good("Open", shared: true));
        var secret = await CreateAsync(author, Good("Secret"));

        var seen = await ListAsync(client: reader);
        var shared = seen.Single(item => Text(item, "id") == open);
        (Text(shared, "origin"), shared.GetProperty("canEdit").GetBoolean()).ShouldBe(("shared", false));
        seen.ShouldNotContain(item => Text(item, "id") == secret);

        (await PutAsync(reader, open)).ShouldBe(HttpStatusCode.NotFound);
        (await PutAsync(reader, secret)).ShouldBe(HttpStatusCode.NotFound);
        using (var deleting = await reader.DeleteAsync(Path(open)))
            deleting.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        // The owner of the server manages people: what is shared is theirs to mend, what is not stays the author's.
        (await ListAsync()).Single(item => Text(item, "id") == open).GetProperty("canEdit").GetBoolean().ShouldBeTrue();
        (await ListAsync()).ShouldNotContain(item => Text(item, "id") == secret);
        (await PutAsync(chat.Client, secret)).ShouldBe(HttpStatusCode.NotFound);
        (await PutAsync(chat.Client, open)).ShouldBe(HttpStatusCode.NoContent);
        (await PutAsync(author, open)).ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""{"trade":"life","name":"x","body":"{{place}}"}""")]
    [InlineData("""{"trade":"alchemy","name":"x","body":"y"}""")]
    [InlineData("""{"trade":"life","name":" ","body":"y"}""")]
    [InlineData("""{"trade":"life","name":"x","body":"a\u0000b"}""")]
    [InlineData("""{"trade":"life","name":"x","body":"{{a}}","variables":[{"name":"a","label":"A","kind":"choice","choices":["one"]}]}""")]
    [InlineData("""{"trade":"life","name":"x","body":"{{a}}","variables":[{"name":"a","label":"A","kind":"choice","choices":["one","two"],"standard":"three"}]}""")]
    [InlineData("""{"trade":"life","name":"x","body":"{{a}}","variables":[{"name":"a","label":"A","kind":"text"},{"name":"a","label":"B","kind":"text"}]}""")]
    [InlineData("""{"trade":"life","name":"x","body":"{{a}}","variables":[{"name":"a","label":"A","kind":"number"}]}""")]
    [InlineData("""{"trade":"life","name":"x","body":"{{a}}","variables":[{"name":"A b","label":"A","kind":"text"}]}""")]
    public async Task A_template_that_makes_no_sense_answers_400(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await chat.Client.PostAsync(new Uri("/api/chat/templates", UriKind.Relative), content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    static string Shape(Template one) => string.Join(' ', one.Variables.Select(variable => $"{variable.Name}:{variable.Kind}:{variable.Choices?.Count}"));

    static object Good(string name, bool shared = false) => new
    {
        trade = "life",
        name,
        body = "Plan {{place}} for {{who}}.",
        shared,
        variables = new object[] { new { name = "place", label = "Place", kind = "text" }, new { name = "who", label = "Who", kind = "choice", choices = new[] { "one", "two" }, standard = "two" } },
    };

    static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    static Uri Path(string id) => new($"/api/chat/templates/{id}", UriKind.Relative);

    static async Task<HttpStatusCode> PutAsync(HttpClient client, string id)
    {
        using var response = await client.PutAsJsonAsync(Path(id), Good("Changed", shared: true));
        return response.StatusCode;
    }

    static async Task<string> CreateAsync(HttpClient client, object body)
    {
        using var response = await client.PostAsJsonAsync("/api/chat/templates", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return Text(await response.Content.ReadFromJsonAsync<JsonElement>(), "id");
    }

    async Task<JsonElement[]> ListAsync(string language = "en", HttpClient? client = null)
        => [.. (await (client ?? chat.Client).GetFromJsonAsync<JsonElement>($"/api/chat/templates?language={language}")).GetProperty("items").EnumerateArray()];
}
