using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using JeanTrail.Accounts.Deletion;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Accounts.Tests;

/// <summary>People who have their account deleted, take it back, or take their data with them.</summary>
public sealed class DeletionTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;

    public async Task InitializeAsync() => (app, owner) = await server.BeginAsync();

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Asked_for_it_is_pending_for_a_fortnight_and_everybody_concerned_sees_it()
    {
        using var member = await app.NewMemberAsync();
        var id = await IdAsync(member);
        var eraseAt = app.Clock.GetUtcNow() + TimeSpan.FromDays(14);

        var asked = await member.PostAsync("deletion");

        asked.Status.ShouldBe(HttpStatusCode.OK, asked.Json.ToString());
        asked["eraseAt"].GetDateTimeOffset().ShouldBe(eraseAt, TimeSpan.FromMilliseconds(1));
        (await member.GetAsync("session"))["deletionAt"].GetDateTimeOffset().ShouldBe(eraseAt, TimeSpan.FromMilliseconds(1));
        (await owner.GetAsync($"users/{id}"))["user"].GetProperty("deletionAt").GetDateTimeOffset().ShouldBe(eraseAt, TimeSpan.FromMilliseconds(1));
        (await new Mailbox(owner).ReadAsync("bob@example.org", "deletion-asked")).ShouldContain(eraseAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        using var again = app.NewBrowser();
        (await again.SignInAsync("bob@example.org")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Asking_again_changes_nothing()
    {
        using var member = await app.NewMemberAsync();
        var first = (await member.PostAsync("deletion"))["eraseAt"].GetDateTimeOffset();
        app.Clock.Advance(TimeSpan.FromMinutes(5));

        (await member.PostAsync("deletion"))["eraseAt"].GetDateTimeOffset().ShouldBe(first);

        (await new Mailbox(owner).KindsAsync("bob@example.org")).ShouldBe(["deletion-asked"]);
    }

    [Fact]
    public async Task It_asks_for_a_recent_proof()
    {
        using var member = await app.NewMemberAsync();
        app.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));

        (await member.PostAsync("deletion")).Code.ShouldBe("accounts.proof_needed");
        (await member.GetAsync("export")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task The_owner_of_the_server_stays()
    {
        var refused = await owner.PostAsync("deletion");

        (refused.Status, refused.Code).ShouldBe((HttpStatusCode.Conflict, "accounts.owner_stays"));
        (await owner.GetAsync("session"))["deletionAt"].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task The_person_takes_it_back_while_signed_in()
    {
        using var member = await app.NewMemberAsync();
        await member.PostAsync("deletion");

        (await member.DeleteAsync("deletion")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await member.DeleteAsync("deletion")).Status.ShouldBe(HttpStatusCode.NotFound);
        app.Clock.Advance(TimeSpan.FromDays(15));
        await EraseAsync();
        using var later = app.NewBrowser();
        (await later.SignInAsync("bob@example.org")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_link_of_the_letter_takes_it_back_once_even_after_a_new_password()
    {
        using var member = await app.NewMemberAsync();
        await member.PostAsync("deletion");
        var token = await new Mailbox(owner).TokenAsync("bob@example.org", "deletion-asked");
        (await member.PutAsync("password", new { current = AccountsApp.Password, password = "seven herons on a quiet lake" })).Status.ShouldBe(HttpStatusCode.NoContent);
        app.Clock.Advance(TimeSpan.FromDays(13));
        using var anywhere = app.NewBrowser();

        (await anywhere.PostAsync("deletion/cancel", new { token })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await anywhere.PostAsync("deletion/cancel", new { token })).Code.ShouldBe("accounts.link_invalid");
        app.Clock.Advance(TimeSpan.FromDays(2));
        await EraseAsync();
        (await anywhere.SignInAsync("bob@example.org", "seven herons on a quiet lake")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Before_its_time_nothing_is_erased()
    {
        using var member = await app.NewMemberAsync();
        await member.PostAsync("deletion");
        app.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));

        await EraseAsync();

        using var later = app.NewBrowser();
        (await later.SignInAsync("bob@example.org")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_the_time_has_come_nothing_of_the_person_is_left_but_the_record_of_ids()
    {
        using var member = await app.NewMemberAsync();
        var id = await IdAsync(member);
        var secrets = app.Services.GetRequiredService<ISecretProtector>();
        await secrets.ProtectAsync(new SecretPlace(id, "test", id), "sealed", default);
        var made = await member.PostAsync("api-keys", new { name = "Script", scopes = new[] { "account.read" } });
        using var program = new ApiProgram(app.Address, made["secret"].GetString());
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        await member.PostAsync("deletion");
        app.Clock.Advance(TimeSpan.FromDays(14));
        using var late = app.NewBrowser();
        await late.SignInAsync("bob@example.org");

        await EraseAsync();

        (await late.GetAsync("preferences")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        (await late.SignInAsync("bob@example.org")).Code.ShouldBe("accounts.credentials_wrong");
        owner.Dispose();
        owner = app.NewBrowser();
        await owner.SignInAsync();
        (await owner.GetAsync($"users/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        const string LeftSql = """
            select count(*)::int from (
                select 1 from accounts.user where user_id = @Id union all select 1 from accounts.session where user_id = @Id
                union all select 1 from accounts.api_key where user_id = @Id union all select 1 from accounts.deletion where user_id = @Id
                union all select 1 from kernel.data_key where owner_id = @Id union all select 1 from kernel.mail where recipient = 'bob@example.org') as l
            """;
        (await app.Db.FindAsync<int>(LeftSql, new { Id = id }, default)).ShouldBe(0);
        (await app.Db.QueryAsync<string>("select act from kernel.audit where @Id = any(subjects) order by position", new { Id = id }, default))
            .ShouldBe(["accounts.deletion.asked", "accounts.user.erased"]);
        app.Logs.AllText.ShouldNotContain("bob@example.org");
    }

    [Fact]
    public async Task What_is_written_a_moment_too_late_is_swept_away()
    {
        using var member = await app.NewMemberAsync();
        var id = await IdAsync(member);
        await member.PostAsync("deletion");
        app.Clock.Advance(TimeSpan.FromDays(14));
        await EraseAsync();
        await app.Services.GetRequiredService<ISecretProtector>().ProtectAsync(new SecretPlace(id, "test", id), "late", default);

        await EraseAsync();

        (await app.Db.FindAsync<int>("select count(*)::int from kernel.data_key where owner_id = @Id", new { Id = id }, default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_suspended_persons_account_is_erased_too_and_no_link_brings_it_back_then()
    {
        using var member = await app.NewMemberAsync();
        var id = await IdAsync(member);
        await member.PostAsync("deletion");
        var token = await new Mailbox(owner).TokenAsync("bob@example.org", "deletion-asked");
        await owner.PostAsync($"users/{id}/suspend");
        using var anywhere = app.NewBrowser();
        (await anywhere.PostAsync("deletion/cancel", new { token })).Code.ShouldBe("accounts.link_invalid");

        app.Clock.Advance(TimeSpan.FromDays(14));
        await EraseAsync();

        (await app.Db.FindAsync<int>("select count(*)::int from accounts.user where user_id = @Id", new { Id = id }, default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_person_takes_their_data_with_them_without_secrets()
    {
        using var member = await app.NewMemberAsync();
        var made = await member.PostAsync("api-keys", new { name = "Script", scopes = new[] { "account.read" } });
        made.Status.ShouldBe(HttpStatusCode.Created);
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = member.Cookies }) { BaseAddress = app.Address };

        await using var stream = await http.GetStreamAsync(new Uri("/api/accounts/export", UriKind.Relative));
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        using var zip = new ZipArchive(copy);
        var user = await ReadAsync(zip, "accounts.user.json");
        user[0].GetProperty("email").GetString().ShouldBe("bob@example.org");
        (await ReadAsync(zip, "accounts.api_key.json"))[0].GetProperty("name").GetString().ShouldBe("Script");
        (await ReadAsync(zip, "accounts.session.json")).GetArrayLength().ShouldBe(1);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            var text = await reader.ReadToEndAsync();
            text.ShouldNotContain("hash", Case.Sensitive);
            text.ShouldNotContain("ada@example.org");
        }
    }

    static async Task<JsonElement> ReadAsync(ZipArchive zip, string name)
    {
        await using var entry = await zip.GetEntry(name).ShouldNotBeNull().OpenAsync();
        return (await JsonDocument.ParseAsync(entry)).RootElement;
    }

    [Fact]
    public async Task A_team_outlives_its_owner_and_one_without_anybody_else_goes()
    {
        using var member = await app.NewMemberAsync();
        using var heir = await app.NewMemberAsync("carol@example.org");
        var shared = (await member.PostAsync("teams", new { name = "Harbour" }))["id"].GetGuid();
        var alone = (await member.PostAsync("teams", new { name = "Attic" }))["id"].GetGuid();
        await app.Db.ExecuteAsync(
            "insert into accounts.team_member (team_id, user_id, role, joined_at) values (@Team, @User, 'member', @Now)",
            new { Team = shared, User = await IdAsync(heir), Now = app.Clock.GetUtcNow() }, CancellationToken.None);
        await member.PostAsync("deletion");
        app.Clock.Advance(TimeSpan.FromDays(15));

        await EraseAsync();

        (await app.Db.QueryAsync<string>("select role from accounts.team_member where team_id = @shared", new { shared }, CancellationToken.None)).ShouldBe(["owner"]);
        (await app.Db.QueryAsync<Guid>("select team_id from accounts.team where team_id = @alone", new { alone }, CancellationToken.None)).ShouldBeEmpty();
    }

    Task EraseAsync() => ActivatorUtilities.CreateInstance<Erasure>(app.Services).RunAsync(CancellationToken.None);

    static async Task<Guid> IdAsync(Browser person) => (await person.GetAsync("session"))["user"].GetProperty("id").GetGuid();
}
