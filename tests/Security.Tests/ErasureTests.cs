using System.Net;
using System.Net.Http.Json;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;

namespace JeanTrail.Security.Tests;

/// <summary>The whole server erases a person: what every module had of them is gone, and nobody else's things are.</summary>
public sealed class ErasureTests
{
    const string Mark = "zeppelin-of-the-leaver";

    const string NewPersonSql = """
        insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
        select @Id, 'leaver@example.org', 'leaver@example.org', @Mark, 'free', password_hash, @Now from accounts.user where role = 'owner'
        """;

    const string LeftSql = """
        select name from (
            select 'user' as name, count(*) as left from accounts.user where user_id = @Id
            union all select 'note', count(*) from agents.note where user_id = @Id
            union all select 'conversation', count(*) from chat.conversation where owner_id = @Id
            union all select 'message', count(*) from chat.message where text like '%' || @Mark || '%'
            union all select 'turn', count(*) from chat.turn where owner_id = @Id
            union all select 'memory', count(*) from chat.memory where owner_id = @Id
            union all select 'private key', count(*) from chat.private_key where owner_id = @Id
            union all select 'private conversation', count(*) from chat.private_conversation where owner_id = @Id
            union all select 'share', count(*) from chat.share where owner_id = @Id
            union all select 'virtual key', count(*) from gateway.virtual_key where user_id = @Id
            union all select 'data key', count(*) from kernel.data_key where owner_id = @Id
            union all select 'letter', count(*) from kernel.mail where recipient = 'leaver@example.org') as rows
        where rows.left > 0
        """;

    [Fact]
    public async Task Whoever_leaves_leaves_nothing_behind_in_any_module()
    {
        var clock = new FakeClock();
        await using var host = await TestHost.StartAsync(clock: clock);
        using var owner = await host.CreateOwnerAsync();
        (await owner.PostAsJsonAsync("/api/agents/notes", new { text = "the owner's" })).EnsureSuccessStatusCode();
        var id = Ids.New(clock);
        await host.Db.ExecuteAsync(NewPersonSql, new { Id = id, Mark, Now = clock.GetUtcNow() }, default);
        using var leaver = await host.SignInAsync("leaver@example.org");
        (await leaver.PostAsJsonAsync("/api/agents/notes", new { text = Mark })).EnsureSuccessStatusCode();
        (await leaver.PostAsJsonAsync("/api/gateway/keys", new { name = Mark, surfaces = new[] { "*" }, models = new[] { "*" } })).EnsureSuccessStatusCode();
        using var made = await leaver.PostAsJsonAsync("/api/chat/conversations", new { title = Mark });
        var conversation = (await made.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>())!["id"]!.GetValue<Guid>();
        using var turn = await leaver.PostAsJsonAsync($"/api/chat/conversations/{conversation}/turns", new { clientId = Ids.New(clock), text = $"2 + 2 {Mark}" });
        turn.StatusCode.ShouldBe(HttpStatusCode.OK);
        _ = await turn.Content.ReadAsStringAsync();
        (await leaver.PostAsJsonAsync("/api/chat/memory", new { text = Mark, kind = "other" })).EnsureSuccessStatusCode();
        (await leaver.PostAsJsonAsync($"/api/chat/conversations/{conversation}/shares", new { level = "read" })).EnsureSuccessStatusCode();
        using (var reader = PrivateReader.New())
            (await leaver.PostAsJsonAsync("/api/chat/private/key", reader.Wrap("seven herons on a quiet lake", "0000"))).EnsureSuccessStatusCode();
        (await leaver.PostAsJsonAsync("/api/chat/private/conversations", new { id = Ids.New(clock) })).EnsureSuccessStatusCode();
        (await LeftAsync()).ShouldBe(["user", "note", "conversation", "message", "turn", "memory", "private key", "private conversation", "share", "virtual key"], ignoreOrder: true);

        (await leaver.PostAsync("/api/accounts/deletion", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Db.ExecuteAsync("update accounts.deletion set erase_at = @Past", new { Past = clock.GetUtcNow().AddSeconds(-1) }, default);

        await Eventually.BeTrueAsync(
            async () =>
            {
                // Steps shorter than a lease: time that leaps takes the tasks' leases away in the middle of their work.
                clock.Advance(TimeSpan.FromSeconds(15));
                return (await LeftAsync()).Count == 0;
            },
            "everything of theirs is gone",
            TimeSpan.FromMinutes(1));
        (await host.Db.FindAsync<int>("select count(*)::int from agents.note", null, default)).ShouldBe(1, "the owner's is still there");
        (await host.Db.FindAsync<int>("select count(*)::int from accounts.erased where user_id = @Id", new { Id = id }, default)).ShouldBe(1);

        Task<IReadOnlyList<string>> LeftAsync() => host.Db.QueryAsync<string>(LeftSql, new { Id = id, Mark }, default);
    }
}
