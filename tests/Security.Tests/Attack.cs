using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;

namespace JeanTrail.Security.Tests;

/// <summary>An answer as an attacker sees it.</summary>
internal sealed record Seen(HttpStatusCode Status, string Text, HttpResponseMessage Response)
{
    internal string? Code => Text.StartsWith('{') ? JsonNode.Parse(Text)!["code"]?.ToString() : null;
}

/// <summary>The whole server, an owner, a victim who has one of everything, and the list of all operations.</summary>
public sealed class AttackedServer : IAsyncLifetime
{
    /// <summary>Stands in everything the victim wrote.</summary>
    public const string Mark = "zeppelin-of-the-victim";

    public const string VictimEmail = "victim@example.org";

    readonly Dictionary<string, Guid> ids = new(StringComparer.Ordinal);
    TestHost? host;
    int members;

    public TestHost Host => host!;

    internal HttpClient Owner { get; private set; } = null!;

    internal HttpClient Victim { get; private set; } = null!;

    internal Guid VictimId { get; private set; }

    internal IReadOnlyList<Operation> Operations { get; private set; } = [];

    public async Task InitializeAsync()
    {
        host = await TestHost.StartAsync(adjust: builder =>
        {
            foreach (var limit in (string[])["RequestsPerSecond", "RequestBurst", "SignInsPerMinute", "SignInsPerMinuteGlobally"])
                builder.Configuration[$"Edge:{limit}"] = "1000000";
        });
        Owner = await host.CreateOwnerAsync();
        Operations = Operation.ReadAll(JsonNode.Parse(await Owner.GetStringAsync("/openapi/v1.json"))!.AsObject());
        Victim = await NewMemberAsync(VictimEmail);
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        Owner.Dispose();
        Victim.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>The victim's own id where the path says what is meant; otherwise one that nobody has.</summary>
    internal Guid IdOf(string pathBefore) => ids.TryGetValue(pathBefore, out var id) ? id : Ids.New(TimeProvider.System);

    /// <summary>Whether the victim has what the path's first parameter names.</summary>
    internal bool Knows(string path) => ids.ContainsKey(path[..path.IndexOf('{', StringComparison.Ordinal)]);

    /// <summary>Somebody new, signed in.</summary>
    internal async Task<HttpClient> NewMemberAsync(string? email = null)
    {
        const string Sql = """
            insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
            select @Id, @Email, @Email, 'Somebody', 'free', password_hash, @Now from accounts.user where role = 'owner'
            """;
        email ??= $"member{Interlocked.Increment(ref members)}@example.org";
        await Host.Db.ExecuteAsync(Sql, new { Id = Ids.New(TimeProvider.System), Email = email, Now = TimeProvider.System.GetUtcNow() }, default);
        return await Host.SignInAsync(email);
    }

    internal static async Task<Guid> UserIdAsync(HttpClient client)
        => (await client.GetFromJsonAsync<JsonObject>("/api/accounts/session"))!["user"]!["id"]!.GetValue<Guid>();

    /// <summary>Sends it and reads what comes, but of an endless answer no more than its beginning.</summary>
    internal static async Task<Seen> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return new Seen(response.StatusCode, await response.Content.ReadAsStringAsync(patience.Token), response);
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        var beginning = new byte[16 * 1024];
        return new Seen(response.StatusCode, System.Text.Encoding.UTF8.GetString(beginning, 0, await stream.ReadAsync(beginning, patience.Token)), response);
    }

    /// <summary>All that the victim has, as the victim sees it.</summary>
    internal async Task<string> VictimsThingsAsync()
    {
        var all = new List<string>();
        foreach (var path in (string[])["accounts/preferences", "chat/shares", "chat/memory", "chat/private/key", "chat/private/conversations", $"chat/private/conversations/{ids["/api/chat/private/conversations/"]}/messages", $"chat/messages/{ids["/api/chat/messages/"]}/comments", "agents/notes", "agents/reminders", "chat/conversations", $"chat/conversations/{ids["/api/chat/conversations/"]}/messages", "gateway/keys", "accounts/api-keys", "accounts/teams", $"accounts/teams/{ids["/api/accounts/teams/"]}"])
            all.Add(await Victim.GetStringAsync($"/api/{path}"));
        var user = await Host.Db.QueryAsync<string>("select concat_ws(' ', user_id, email, role, disabled_at, password_hash) from accounts.user where user_id = @Id", new { Id = VictimId }, default);
        return string.Join('\n', all.Concat(user));
    }

    internal bool TellsOfVictim(string text)
        => text.Contains(Mark, StringComparison.OrdinalIgnoreCase) || text.Contains(VictimEmail, StringComparison.OrdinalIgnoreCase)
            || text.Contains(VictimId.ToString(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Somebody is in the victim's conversation, somebody else is invited, and both write.</summary>
    async Task FillTogetherAsync(string conversation)
    {
        var token = "";
        for (var i = 0; i < 2; i++)
        {
            using var invited = await Victim.PostAsJsonAsync($"{conversation}/invitations", new { role = "edit" });
            token = (await invited.Content.ReadFromJsonAsync<JsonObject>())!["path"]!.GetValue<string>().Split('/')[^1];
        }

        using var guest = await NewMemberAsync();
        using var joined = await guest.PostAsJsonAsync("/api/chat/invitations/accept", new { token });
        joined.EnsureSuccessStatusCode();
        using var written = await guest.PostAsJsonAsync($"{conversation}/drafts/{conversation.Split('/')[^1]}", new { update = "AQID", windowId = Ids.New(TimeProvider.System) });
        written.EnsureSuccessStatusCode();
    }

    /// <summary>A private conversation, sealed to a key that the test has.</summary>
    async Task FillPrivateAsync()
    {
        using var reader = PrivateReader.New();
        using var key = await Victim.PostAsJsonAsync("/api/chat/private/key", reader.Wrap("seven herons on a quiet lake", "0000"));
        key.EnsureSuccessStatusCode();
        var id = ids["/api/chat/private/conversations/"] = Ids.New(TimeProvider.System);
        using var made = await Victim.PostAsJsonAsync("/api/chat/private/conversations", new { id });
        made.EnsureSuccessStatusCode();
        using var turn = await Victim.PostAsJsonAsync($"/api/chat/private/conversations/{id}/turns", new { clientId = Ids.New(TimeProvider.System), text = $"2 + 2 {Mark}", way = Array.Empty<object>() });
        turn.EnsureSuccessStatusCode();
        _ = await turn.Content.ReadAsStringAsync();
        ids["/api/chat/private/turns/"] = await Host.Db.FindAsync<Guid>("select turn_id from chat.private_turn where owner_id = @Id", new { Id = VictimId }, default);
    }

    async Task FillAsync()
    {
        var session = (await Victim.GetFromJsonAsync<JsonObject>("/api/accounts/session"))!;
        VictimId = session["user"]!["id"]!.GetValue<Guid>();
        ids["/api/accounts/users/"] = VictimId;
        ids["/api/accounts/sessions/"] = session["sessionId"]!.GetValue<Guid>();
        ids["/api/agents/notes/"] = await MakeAsync("/api/agents/notes", new { text = Mark });
        ids["/api/chat/conversations/"] = await MakeAsync("/api/chat/conversations", new { title = Mark });
        ids["/api/accounts/teams/"] = await MakeAsync("/api/accounts/teams", new { name = Mark });
        using var key = await Victim.PostAsJsonAsync("/api/gateway/keys", new { name = Mark, surfaces = new[] { "*" }, models = new[] { "*" } });
        var made = (await key.Content.ReadFromJsonAsync<JsonObject>())!;
        ids["/api/gateway/keys/"] = made["key"]!["id"]!.GetValue<Guid>();
        using var script = await Victim.PostAsJsonAsync("/api/accounts/api-keys", new { name = Mark, scopes = new[] { "chat.read" } });
        ids["/api/accounts/api-keys/"] = (await script.Content.ReadFromJsonAsync<JsonObject>())!["key"]!["id"]!.GetValue<Guid>();
        ids["/api/agents/reminders/"] = Ids.New(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        await Host.Db.ExecuteAsync(
            "insert into agents.reminder (reminder_id, user_id, text, language, due_at, created_at) values (@Id, @User, @Text, 'en', @Due, @Now)",
            new { Id = ids["/api/agents/reminders/"], User = VictimId, Text = Mark, Due = now.AddDays(1), Now = now }, default);
        using var turn = await Victim.PostAsJsonAsync($"/api/chat/conversations/{ids["/api/chat/conversations/"]}/turns", new { clientId = Ids.New(TimeProvider.System), text = $"2 + 2 {Mark}" });
        turn.EnsureSuccessStatusCode();
        _ = await turn.Content.ReadAsStringAsync();
        // Found in the background: what the tests compare must not change by itself later.
        await Eventually.BeTrueAsync(
            () => Host.Db.FindAsync<bool>("select described_by is not null from chat.conversation where conversation_id = @Id", new { Id = ids["/api/chat/conversations/"] }, default),
            "the conversation is described");
        ids["/api/chat/turns/"] = await Host.Db.FindAsync<Guid>("select turn_id from chat.turn where owner_id = @Id", new { Id = VictimId }, default);
        ids["/api/chat/conversations/{id}/messages/"] = await Host.Db.FindAsync<Guid>("select user_message_id from chat.turn where owner_id = @Id", new { Id = VictimId }, default);
        ids["/api/chat/messages/"] = ids["/api/chat/conversations/{id}/messages/"];
        ids["/api/chat/memory/"] = await MakeAsync("/api/chat/memory", new { text = Mark, kind = "other" });
        await FillPrivateAsync();
        await FillTogetherAsync($"/api/chat/conversations/{ids["/api/chat/conversations/"]}");
        using var link = await Victim.PostAsJsonAsync($"/api/chat/conversations/{ids["/api/chat/conversations/"]}/shares", new { level = "copy" });
        link.EnsureSuccessStatusCode();
        var share = (await link.Content.ReadFromJsonAsync<JsonObject>())!;
        ids["/api/chat/shares/"] = share["share"]!["id"]!.GetValue<Guid>();
        ids["/api/chat/comments/"] = await MakeAsync(
            $"/api/chat/shared/{share["path"]!.GetValue<string>().Split('/')[^1]}/comments", new { messageId = ids["/api/chat/messages/"], text = Mark });
    }

    async Task<Guid> MakeAsync(string path, object body)
    {
        using var response = await Victim.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }
}
