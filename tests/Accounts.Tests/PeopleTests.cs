using System.Net;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Tests;

public sealed class PeopleTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;
    Browser bob = null!;
    Guid bobId;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        bob = await app.NewMemberAsync();
        bobId = await IdAsync(bob);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        bob.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("free")]
    [InlineData("premium")]
    public async Task People_are_managed_by_the_owner_and_admins_alone(string role)
    {
        using var member = await app.NewMemberAsync("carol@example.org", role);

        foreach (var path in (string[])["users", $"users/{bobId}", "permissions"])
            (await member.GetAsync(path)).Status.ShouldBe(HttpStatusCode.Forbidden);
        foreach (var path in (string[])["suspend", "restore", "sessions/revoke"])
            (await member.PostAsync($"users/{bobId}/{path}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.PutAsync($"users/{bobId}/role", new { role = "premium" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.PostAsync($"users/{bobId}/impersonate", new { reason = "curiosity" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.GetAsync("/api/audit")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await bob.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_permissions_are_told_with_the_session_and_listed_in_one_table()
    {
        (await owner.GetAsync("session"))["permissions"].EnumerateArray().Select(name => name.GetString()).ShouldContain("users.impersonate");
        (await bob.GetAsync("session"))["permissions"].GetArrayLength().ShouldBe(0);

        var table = await owner.GetAsync("permissions");

        table["permissions"].EnumerateArray().Select(row => row.GetProperty("name").GetString()).ShouldBe(Permissions.All.Select(grant => grant.Name));
        table["roles"].EnumerateArray().Select(role => role.GetString()).ShouldBe(["owner", "admin", "premium", "free"]);
    }

    [Fact]
    public async Task People_are_found_by_part_of_name_or_address_and_role_and_come_in_pages()
    {
        for (var i = 0; i < 3; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            (await app.NewMemberAsync($"carol{i}@example.org", "premium")).Dispose();
        }

        (await EmailsAsync("users?search=CAROL1")).ShouldBe(["carol1@example.org"]);
        (await EmailsAsync("users?search=%25")).ShouldBeEmpty();
        (await EmailsAsync("users?role=owner")).ShouldBe(["ada@example.org"]);
        (await owner.GetAsync("users?role=king")).Status.ShouldBe(HttpStatusCode.BadRequest);

        var first = await owner.GetAsync("users?limit=2");
        first["items"].EnumerateArray().Select(item => item.GetProperty("email").GetString()).ShouldBe(["carol2@example.org", "carol1@example.org"]);
        (await EmailsAsync($"users?limit=2&cursor={first["nextCursor"].GetString()}")).ShouldBe(["carol0@example.org", "bob@example.org"]);
    }

    [Fact]
    public async Task A_person_is_shown_with_their_sessions()
    {
        var person = await owner.GetAsync($"users/{bobId}");

        person["user"].GetProperty("openSessions").GetInt32().ShouldBe(1);
        person["sessions"][0].GetProperty("userAgent").GetString().ShouldBe("TestBrowser/1.0 (Linux)");
        person["mayManage"].GetBoolean().ShouldBeTrue();
        (await owner.GetAsync($"users/{await IdAsync(owner)}"))["mayManage"].GetBoolean().ShouldBeFalse();
        (await owner.GetAsync($"users/{Ids.New(app.Clock)}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_new_role_counts_at_once_and_closes_no_session()
    {
        (await bob.GetAsync("users")).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await owner.PutAsync($"users/{bobId}/role", new { role = "admin" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.GetAsync("users")).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.PutAsync($"users/{bobId}/role", new { role = "free" })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await bob.GetAsync("users")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await bob.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
        app.Closed.Sessions.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_admin_manages_members_and_neither_makes_admins_nor_touches_them_or_the_owner()
    {
        using var admin = await app.NewMemberAsync("dora@example.org", "admin");
        using var other = await app.NewMemberAsync("emil@example.org", "admin");
        var (ownerId, otherId, adminId) = (await IdAsync(owner), await IdAsync(other), await IdAsync(admin));

        (await admin.PutAsync($"users/{bobId}/role", new { role = "premium" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await admin.PutAsync($"users/{bobId}/role", new { role = "admin" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.PutAsync($"users/{adminId}/role", new { role = "free" })).Code.ShouldBe("accounts.own_account");
        foreach (var protectedOne in (Guid[])[ownerId, otherId])
        {
            (await admin.PutAsync($"users/{protectedOne}/role", new { role = "free" })).Code.ShouldBe("accounts.user_protected");
            (await admin.PostAsync($"users/{protectedOne}/suspend")).Code.ShouldBe("accounts.user_protected");
            (await admin.PostAsync($"users/{protectedOne}/restore")).Code.ShouldBe("accounts.user_protected");
            (await admin.PostAsync($"users/{protectedOne}/sessions/revoke")).Code.ShouldBe("accounts.user_protected");
        }

        (await admin.PostAsync($"users/{bobId}/impersonate", new { reason = "curiosity" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await other.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_becomes_owner_and_the_owner_stays()
    {
        var ownerId = await IdAsync(owner);

        (await owner.PutAsync($"users/{bobId}/role", new { role = "owner" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await owner.PutAsync($"users/{ownerId}/role", new { role = "free" })).Code.ShouldBe("accounts.own_account");
        (await owner.PostAsync($"users/{ownerId}/suspend")).Code.ShouldBe("accounts.own_account");
        (await owner.PostAsync($"users/{Ids.New(app.Clock)}/suspend")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_suspended_person_is_out_at_once_and_comes_in_again_when_restored()
    {
        var session = (await bob.GetAsync("session"))["sessionId"].GetGuid();

        (await owner.PostAsync($"users/{bobId}/suspend")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await bob.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        app.Closed.Sessions.ShouldBe([session]);
        (await bob.SignInAsync("bob@example.org")).Code.ShouldBe("accounts.credentials_wrong");
        (await owner.GetAsync($"users/{bobId}"))["user"].GetProperty("suspendedAt").GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow());

        (await owner.PostAsync($"users/{bobId}/restore")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await bob.SignInAsync("bob@example.org")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_is_signed_out_everywhere()
    {
        (await owner.PostAsync($"users/{bobId}/sessions/revoke")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await bob.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await bob.SignInAsync("bob@example.org")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_act_is_on_the_record_with_who_and_what_it_was_before()
    {
        var ownerId = await IdAsync(owner);
        owner.From = "198.51.100.7";
        await owner.PutAsync($"users/{bobId}/role", new { role = "premium" });
        await owner.PutAsync($"users/{bobId}/role", new { role = "premium" });
        await owner.PostAsync($"users/{bobId}/suspend");
        await owner.PostAsync($"users/{bobId}/restore");
        await owner.PostAsync($"users/{bobId}/sessions/revoke");

        var entries = (await owner.GetAsync($"/api/audit?who={bobId}"))["items"].EnumerateArray().OrderBy(entry => entry.GetProperty("position").GetInt64()).ToList();

        entries.Select(entry => entry.GetProperty("act").GetString())
            .ShouldBe(["accounts.user.role-changed", "accounts.user.suspended", "accounts.user.restored", "accounts.user.signed-out"]);
        entries.ShouldAllBe(entry => entry.GetProperty("actor").GetProperty("id").GetGuid() == ownerId && entry.GetProperty("actor").GetProperty("name").GetString() == "Ada"
            && entry.GetProperty("address").GetString() == "198.51.100.7" && entry.GetProperty("subjects")[0].GetProperty("name").GetString() == "Bob");
        entries[0].GetProperty("before").GetString().ShouldBe("""{"role":"free"}""");
        entries[0].GetProperty("after").GetString().ShouldBe("""{"role":"premium"}""");
        (await owner.GetAsync("/api/audit/verify"))["firstBroken"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task The_record_is_filtered_by_act_and_time_and_comes_in_pages()
    {
        for (var i = 0; i < 2; i++)
        {
            await owner.PostAsync($"users/{bobId}/suspend");
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await owner.PostAsync($"users/{bobId}/restore");
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var page = await owner.GetAsync($"/api/audit?who={bobId}&act=accounts.user.suspended&limit=1");
        page["items"].GetArrayLength().ShouldBe(1);
        (await owner.GetAsync($"/api/audit?who={bobId}&act=accounts.user.suspended&limit=1&cursor={page["nextCursor"].GetString()}"))["nextCursor"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var from = Uri.EscapeDataString(app.Clock.GetUtcNow().AddMinutes(-1.5).ToString("O"));
        (await owner.GetAsync($"/api/audit?who={bobId}&from={from}"))["items"].GetArrayLength().ShouldBe(1);
        (await owner.GetAsync($"/api/audit?who={bobId}&to={from}"))["items"].GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Guessing_that_had_to_be_slowed_down_is_on_the_record_once_for_each_pause()
    {
        using var guesser = app.NewBrowser();
        guesser.From = "203.0.113.50";
        for (var i = 0; i < 8; i++)
            await guesser.SignInAsync("bob@example.org", "not the password");

        var entries = (await owner.GetAsync("/api/audit?act=accounts.sign-in.throttled"))["items"].EnumerateArray().Where(entry => entry.GetProperty("address").GetString() == "203.0.113.50").ToList();

        entries.ShouldHaveSingleItem().GetProperty("actor").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        entries[0].GetRawText().ShouldNotContain("bob@", Case.Insensitive);
    }

    async Task<List<string?>> EmailsAsync(string path)
        => [.. (await owner.GetAsync(path))["items"].EnumerateArray().Select(item => item.GetProperty("email").GetString())];

    static async Task<Guid> IdAsync(Browser browser) => (await browser.GetAsync("session"))["user"].GetProperty("id").GetGuid();
}
