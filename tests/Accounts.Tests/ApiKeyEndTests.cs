using System.Net;
using System.Text.Json;
using JeanTrail.Accounts.ApiKeys;

namespace JeanTrail.Accounts.Tests;

/// <summary>How personal API keys end, are found, and are written about.</summary>
public sealed class ApiKeyEndTests(OwnedServer server) : ApiKeyTest(server)
{
    [Fact]
    public async Task A_key_ends_at_its_expiry()
    {
        var (_, secret) = await NewKeyAsync(Owner, new { name = "Short", scopes = new[] { "account.read" }, expiresAt = App.Clock.GetUtcNow().AddHours(1) });
        using var program = Program(secret);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);

        App.Clock.Advance(TimeSpan.FromHours(1));

        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revoked_key_opens_nothing_from_then_on_and_its_connections_are_closed()
    {
        var (id, secret) = await NewKeyAsync(Owner, "account.read");
        using var program = Program(secret);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);

        (await Owner.DeleteAsync($"api-keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        App.Closed.Sessions.ShouldContain(id);
        (await Owner.DeleteAsync($"api-keys/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task On_another_node_a_revocation_counts_at_once_too()
    {
        await using var second = await App.NeighbourAsync(Server);
        var (id, secret) = await NewKeyAsync(Owner, "account.read");
        using var program = new ApiProgram(second.Address, secret);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);

        await Owner.DeleteAsync($"api-keys/{id}");

        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_suspended_persons_keys_stop_at_once_and_work_again_afterwards()
    {
        using var member = await App.NewMemberAsync();
        var (_, secret) = await NewKeyAsync(member, "account.read");
        using var program = Program(secret);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        var id = (await member.GetAsync("session"))["user"].GetProperty("id").GetGuid();

        await Owner.PostAsync($"users/{id}/suspend");
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        await Owner.PostAsync($"users/{id}/restore");
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_persons_key_is_not_there()
    {
        var (id, _) = await NewKeyAsync(Owner, "account.read");
        using var member = await App.NewMemberAsync();

        (await member.DeleteAsync($"api-keys/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await member.PostAsync($"api-keys/{id}/rotate", new { overlapHours = 1 })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await member.GetAsync("api-keys"))["keys"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Its_last_use_is_written_once_a_minute()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.read");
        using var program = Program(secret);
        var first = App.Clock.GetUtcNow();
        await program.GetAsync("preferences");
        App.Clock.Advance(TimeSpan.FromSeconds(59));
        await program.GetAsync("preferences");
        (await KeyAsync())["lastUsedAt"].GetDateTimeOffset().ShouldBe(first, TimeSpan.FromMilliseconds(1));

        App.Clock.Advance(TimeSpan.FromSeconds(6));
        await program.GetAsync("preferences");

        (await KeyAsync())["lastUsedAt"].GetDateTimeOffset().ShouldBe(App.Clock.GetUtcNow(), TimeSpan.FromMilliseconds(1));
        (await KeyAsync())["lastAddress"].GetString().ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task A_program_learns_about_its_own_key()
    {
        var (id, secret) = await NewKeyAsync(Owner, "voice.use");
        using var program = Program(secret);

        (await program.GetAsync("api-keys/self"))["id"].GetGuid().ShouldBe(id);
        (await Owner.GetAsync("api-keys/self")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_that_was_found_is_revoked_by_whoever_reports_it_and_its_person_is_told()
    {
        var (id, secret) = await NewKeyAsync(Owner, "account.read");
        using var program = Program(secret);
        await program.GetAsync("preferences");
        using var finder = App.NewBrowser();

        var known = await finder.PostAsync("api-keys/leaked", new { secret });
        var unknown = await finder.PostAsync("api-keys/leaked", new { secret = BearerToken.New(BearerToken.ApiKey) });
        var nonsense = await finder.PostAsync("api-keys/leaked", new { secret = "nonsense" });

        foreach (var answer in new[] { known, unknown, nonsense })
            (answer.Status, answer.Json.ValueKind).ShouldBe((HttpStatusCode.Accepted, JsonValueKind.Undefined));
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        (await KeyAsync())["leaked"].GetBoolean().ShouldBeTrue();
        (await new Mailbox(Owner).ReadAsync("ada@example.org", "api-key-leaked")).ShouldContain(secret[..13]);
        (await ActsAsync(id)).ShouldBe(["accounts.api-key.created", "accounts.api-key.leaked"]);
    }

    [Fact]
    public async Task What_is_done_to_keys_is_on_the_record()
    {
        var (id, _) = await NewKeyAsync(Owner, "account.read");
        await Owner.PostAsync($"api-keys/{id}/rotate", new { overlapHours = 1 });
        await Owner.DeleteAsync($"api-keys/{id}");

        (await ActsAsync(id)).ShouldBe(["accounts.api-key.created", "accounts.api-key.rotated", "accounts.api-key.revoked"]);
    }

    [Fact]
    public async Task Whoever_takes_back_a_change_of_their_address_ends_all_keys_and_a_pending_deletion()
    {
        using var member = await App.NewMemberAsync();
        var (_, secret) = await NewKeyAsync(member, "account.read");
        await member.PostAsync("deletion");
        (await member.PostAsync("email/change", new { email = "thief@example.org", password = AccountsApp.Password })).Status.ShouldBe(HttpStatusCode.Accepted);
        var token = await new Mailbox(Owner).TokenAsync("bob@example.org", "undo-email");
        using var program = Program(secret);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        using var anywhere = App.NewBrowser();

        (await anywhere.PostAsync("email/undo", new { token })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        (await App.Db.FindAsync<int>("select count(*)::int from accounts.deletion", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task No_key_is_made_or_renewed_in_a_session_that_was_opened_in_somebodys_name()
    {
        using var bob = await App.NewMemberAsync();
        var (id, secret) = await NewKeyAsync(bob, "account.read");
        var bobId = (await bob.GetAsync("session"))["user"].GetProperty("id").GetGuid();
        (await Owner.PostAsync($"users/{bobId}/impersonate", new { reason = "He asked for help" })).Status.ShouldBe(HttpStatusCode.OK);

        (await Owner.PostAsync("api-keys", new { name = "Kept", scopes = new[] { "account.read" } })).Code.ShouldBe("accounts.acting");
        (await Owner.PostAsync($"api-keys/{id}/rotate", new { overlapHours = 0 })).Code.ShouldBe("accounts.acting");

        (await bob.GetAsync("api-keys"))["keys"].GetArrayLength().ShouldBe(1);
        using var program = Program(secret);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
    }
}
