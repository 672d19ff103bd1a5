using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using JeanTrail.Models.Library;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Two real servers on one database: who is thrown out on one is not heard on the other any more, in the middle of a word.</summary>
public sealed class CutOffTests : IAsyncLifetime
{
    TestDatabase database = null!;
    TestHost first = null!;
    TestHost second = null!;
    HttpClient owner = null!;

    public async Task InitializeAsync()
    {
        database = await TestHost.NewDatabaseAsync();
        first = await TestHost.StartAsync(database);
        owner = await first.CreateOwnerAsync();
        second = await TestHost.StartAsync(database);
        var place = await second.Services.GetRequiredService<ModelFolder>().GetAsync(default);
        TinyListening.WriteTransducer(place, "listens");
        TinySpotter.Write(place, "waits");
    }

    public async Task DisposeAsync()
    {
        owner.Dispose();
        await second.DisposeAsync();
        await first.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Somebody who is heard: a word of theirs was written down.</summary>
    async Task<DictationClient> SpeakAsync(HttpClient browser)
    {
        var line = await DictationClient.ConnectAsync(second.Address, "listens", browser);
        await line.SayAsync((await Spoken.SayAsync("en-us", "The harbour is quiet this morning.")).ToPcm());
        (await line.ReadAsync())!.Value.GetProperty("type").GetString().ShouldBe("heard");
        return line;
    }

    static async Task ShouldBeCutOffAsync(DictationClient line)
    {
        // Nobody says that all was said: what ends it is the server.
        await Should.ThrowAsync<WebSocketException>(() => line.ReadAllAsync());
        line.State.ShouldBe(WebSocketState.Aborted);
    }

    [Fact]
    public async Task A_session_that_is_revoked_on_another_node()
    {
        using var browser = await second.SignInAsync();
        var session = (await browser.GetFromJsonAsync<JsonElement>("/api/accounts/session")).GetProperty("sessionId").GetGuid();
        using var line = await SpeakAsync(browser);
        using var waiting = await DictationClient.WaitAsync(second.Address, "waits", browser);
        (await waiting.ReadAsync())!.Value.GetProperty("type").GetString().ShouldBe("listening");
        using var other = await second.SignInAsync();
        using var stays = await SpeakAsync(other);

        (await owner.DeleteAsync($"/api/accounts/sessions/{session}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeCutOffAsync(line);
        await ShouldBeCutOffAsync(waiting);
        await stays.EndAsync();
        (await stays.ReadAllAsync())[^1].GetProperty("type").GetString().ShouldBe("done");
    }

    [Fact]
    public async Task A_person_who_is_suspended_and_their_programs()
    {
        const string Sql = """
            insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
            select @Id, @Email, @Email, 'Somebody', 'free', password_hash, @Now from accounts.user where role = 'owner'
            """;
        var (id, email) = (Guid.CreateVersion7(), "mona@example.org");
        await database.Db.ExecuteAsync(Sql, new { Id = id, Email = email, Now = TimeProvider.System.GetUtcNow() }, default);
        using var browser = await second.SignInAsync(email);
        using var made = await browser.PostAsJsonAsync("/api/accounts/api-keys", new { name = "Program", scopes = new[] { "voice.use" } });
        using var program = second.NewClient();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString());
        using var line = await SpeakAsync(browser);
        using var keyed = await SpeakAsync(program);

        (await owner.PostAsync($"/api/accounts/users/{id}/suspend", content: null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await ShouldBeCutOffAsync(line);
        await ShouldBeCutOffAsync(keyed);
    }
}
