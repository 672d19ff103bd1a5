using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;

namespace JeanTrail.Accounts.Tests;

/// <summary>Ada owns a team with the admin Dora and the member Bob; Carol is in none.</summary>
public sealed class TeamTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser ada = null!;
    Browser bob = null!;
    Browser carol = null!;
    Browser dora = null!;
    Guid team;

    public async Task InitializeAsync()
    {
        (app, ada) = await server.BeginAsync();
        bob = await app.NewMemberAsync();
        carol = await app.NewMemberAsync("carol@example.org");
        dora = await app.NewMemberAsync("dora@example.org");
        var made = await ada.PostAsync("teams", new { name = "  Harbour \t office " });
        made.Status.ShouldBe(HttpStatusCode.Created);
        made["name"].GetString().ShouldBe("Harbour office");
        team = made["id"].GetGuid();
        await AddAsync(bob, "member");
        await AddAsync(dora, "admin");
    }

    public Task DisposeAsync()
    {
        foreach (var browser in (Browser[])[ada, bob, carol, dora])
            browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Members_see_their_team_and_others_see_none()
    {
        var seen = await bob.GetAsync($"teams/{team}");

        seen["members"].EnumerateArray().Select(member => member.GetProperty("role").GetString()).ShouldBe(["owner", "admin", "member"]);
        seen["members"][0].GetProperty("email").ValueKind.ShouldBe(JsonValueKind.Null, "addresses are for those who invite");
        (await dora.GetAsync($"teams/{team}"))["members"][0].GetProperty("email").GetString().ShouldBe("ada@example.org");
        (await bob.GetAsync("teams"))["items"][0].GetProperty("role").GetString().ShouldBe("member");
        (await carol.GetAsync("teams"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_outside_reaches_a_team_by_any_way()
    {
        var workspace = (await ada.PostAsync($"teams/{team}/workspaces", new { name = "Plans" }))["id"].GetGuid();
        var bobId = await IdAsync(bob);
        var answers = new[]
        {
            await carol.GetAsync($"teams/{team}"),
            await carol.GetAsync($"teams/{team}/analytics"),
            await carol.PutAsync($"teams/{team}", new { name = "Mine" }),
            await carol.DeleteAsync($"teams/{team}"),
            await carol.PutAsync($"teams/{team}/members/{bobId}/role", new { role = "admin" }),
            await carol.DeleteAsync($"teams/{team}/members/{bobId}"),
            await carol.PostAsync($"teams/{team}/leave"),
            await carol.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(carol) }),
            await carol.PostAsync($"teams/{team}/invitations", new { email = "x@example.org", role = "member" }),
            await carol.DeleteAsync($"teams/{team}/invitations/{Ids.New(app.Clock)}"),
            await carol.PostAsync($"teams/{team}/workspaces", new { name = "Mine" }),
            await carol.PutAsync($"teams/{team}/workspaces/{workspace}", new { name = "Mine" }),
            await carol.DeleteAsync($"teams/{team}/workspaces/{workspace}"),
        };

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.NotFound);
        (await ada.GetAsync($"teams/{team}"))["team"].GetProperty("name").GetString().ShouldBe("Harbour office");
    }

    [Fact]
    public async Task Each_role_may_do_what_it_may()
    {
        (await bob.PutAsync($"teams/{team}", new { name = "Bobs" })).Code.ShouldBe("accounts.team_role_too_low");
        (await bob.GetAsync($"teams/{team}/analytics")).Code.ShouldBe("accounts.team_role_too_low");
        (await bob.PostAsync($"teams/{team}/invitations", new { email = "x@example.org", role = "member" })).Code.ShouldBe("accounts.team_role_too_low");
        (await bob.DeleteAsync($"teams/{team}/members/{await IdAsync(dora)}")).Code.ShouldBe("accounts.team_role_too_low");
        (await dora.PutAsync($"teams/{team}", new { name = "Pilots" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await dora.DeleteAsync($"teams/{team}")).Code.ShouldBe("accounts.team_role_too_low");
        (await dora.PutAsync($"teams/{team}/members/{await IdAsync(bob)}/role", new { role = "admin" })).Code.ShouldBe("accounts.team_role_too_low");
        (await dora.PostAsync($"teams/{team}/invitations", new { email = "x@example.org", role = "admin" })).Code.ShouldBe("accounts.team_role_too_low");
        (await dora.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(dora) })).Code.ShouldBe("accounts.team_role_too_low");
        (await dora.DeleteAsync($"teams/{team}/members/{await IdAsync(ada)}")).Code.ShouldBe("accounts.team_role_too_low");
        (await ada.PutAsync($"teams/{team}", new { name = " \n " })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_owner_makes_admins_and_a_new_role_counts_at_once()
    {
        var bobId = await IdAsync(bob);
        (await ada.PutAsync($"teams/{team}/members/{bobId}/role", new { role = "admin" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.PutAsync($"teams/{team}", new { name = "Pilots" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ada.PutAsync($"teams/{team}/members/{bobId}/role", new { role = "member" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.PutAsync($"teams/{team}", new { name = "Bobs" })).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await ada.PutAsync($"teams/{team}/members/{await IdAsync(ada)}/role", new { role = "member" })).Code.ShouldBe("accounts.team_owner_stays");
        (await ada.PutAsync($"teams/{team}/members/{bobId}/role", new { role = "owner" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await ada.PutAsync($"teams/{team}/members/{await IdAsync(carol)}/role", new { role = "admin" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ActsAsync()).ShouldBe(["role-changed", "renamed", "role-changed", "created"]);
    }

    [Fact]
    public async Task Members_are_removed_or_leave_and_are_out_at_once_and_the_owner_cannot_leave()
    {
        (await dora.DeleteAsync($"teams/{team}/members/{await IdAsync(bob)}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.GetAsync($"teams/{team}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await dora.DeleteAsync($"teams/{team}/members/{await IdAsync(bob)}")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await dora.PostAsync($"teams/{team}/leave")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await dora.GetAsync($"teams/{team}")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await ada.PostAsync($"teams/{team}/leave")).Code.ShouldBe("accounts.team_owner_stays");
        (await ActsAsync()).ShouldBe(["left", "member-removed", "created"]);
    }

    [Fact]
    public async Task A_team_is_handed_over_with_a_recent_proof_and_has_one_owner_after_it()
    {
        (await ada.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(carol) })).Status.ShouldBe(HttpStatusCode.NotFound);

        (await ada.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(bob) })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await Task.WhenAll(
            bob.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(ada) }),
            bob.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(dora) }))).Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        var roles = (await bob.GetAsync($"teams/{team}"))["members"].EnumerateArray().Select(member => member.GetProperty("role").GetString());
        roles.ShouldBe(["owner", "admin", "admin"]);
        app.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));
        (await ada.PostAsync($"teams/{team}/transfer", new { memberId = await IdAsync(bob) })).Code.ShouldBe("accounts.proof_needed");
        (await ada.DeleteAsync($"teams/{team}")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task A_deleted_team_is_gone_with_all_that_hung_on_it()
    {
        var mailbox = new Mailbox(ada);
        var workspace = new WorkspaceId((await bob.PostAsync($"teams/{team}/workspaces", new { name = "Plans" }))["id"].GetGuid());
        await ada.PostAsync($"teams/{team}/invitations", new { email = "erin@example.org", role = "member" });
        var token = await mailbox.TokenAsync("erin@example.org", "team-invitation");

        (await ada.DeleteAsync($"teams/{team}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await bob.GetAsync($"teams/{team}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await carol.PostAsync("invitations/look", new { token })).Code.ShouldBe("accounts.link_invalid");
        (await app.Teams.CanAsync(app.Db, new UserId(await IdAsync(bob)), workspace, WorkspaceAccess.Read, CancellationToken.None)).ShouldBeFalse();
        (await ActsAsync())[0].ShouldBe("deleted");
        (await PlaceAsync(workspace)).ShouldBeEmpty();
        app.Told.ShouldContain(new WorkspaceDeleted(workspace));
    }

    [Fact]
    public async Task Each_workspace_is_a_place_of_those_who_are_in_the_team()
    {
        var workspace = new WorkspaceId((await bob.PostAsync($"teams/{team}/workspaces", new { name = "Plans" }))["id"].GetGuid());
        (await PlaceAsync(workspace)).ShouldBe([(await IdAsync(ada), true), (await IdAsync(bob), false), (await IdAsync(dora), true)], ignoreOrder: true);

        await AddAsync(carol, "member");
        (await ada.PutAsync($"teams/{team}/members/{await IdAsync(dora)}/role", new { role = "member" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.PostAsync($"teams/{team}/leave")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await PlaceAsync(workspace)).ShouldBe([(await IdAsync(ada), true), (await IdAsync(carol), false), (await IdAsync(dora), false)], ignoreOrder: true);
        (await carol.GetAsync("workspaces"))["items"][0].GetProperty("teamName").GetString().ShouldBe("Harbour office");
        (await bob.GetAsync("workspaces"))["items"].GetArrayLength().ShouldBe(0);
        (await ada.DeleteAsync($"teams/{team}/workspaces/{workspace.Value}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await PlaceAsync(workspace)).ShouldBeEmpty();
        app.Told.ShouldContain(new WorkspaceDeleted(workspace));
    }

    [Fact]
    public async Task Every_member_makes_workspaces_and_admins_rename_and_delete_them()
    {
        var made = await bob.PostAsync($"teams/{team}/workspaces", new { name = "Plans" });
        made.Status.ShouldBe(HttpStatusCode.Created);
        var id = made["id"].GetGuid();

        (await bob.PutAsync($"teams/{team}/workspaces/{id}", new { name = "Other" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await dora.PutAsync($"teams/{team}/workspaces/{id}", new { name = "Other" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await bob.GetAsync($"teams/{team}"))["workspaces"][0].GetProperty("name").GetString().ShouldBe("Other");

        var other = (await carol.PostAsync("teams", new { name = "Carols" }))["id"].GetGuid();
        (await carol.DeleteAsync($"teams/{other}/workspaces/{id}")).Status.ShouldBe(HttpStatusCode.NotFound, "it belongs to another team");
        (await dora.DeleteAsync($"teams/{team}/workspaces/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await dora.DeleteAsync($"teams/{team}/workspaces/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Other_modules_learn_who_may_do_what_in_a_workspace()
    {
        var workspace = new WorkspaceId((await bob.PostAsync($"teams/{team}/workspaces", new { name = "Plans" }))["id"].GetGuid());
        var (bobId, carolId, doraId) = (new UserId(await IdAsync(bob)), new UserId(await IdAsync(carol)), new UserId(await IdAsync(dora)));

        (await CanAsync(bobId, WorkspaceAccess.Write)).ShouldBeTrue();
        (await CanAsync(bobId, WorkspaceAccess.Manage)).ShouldBeFalse();
        (await CanAsync(doraId, WorkspaceAccess.Manage)).ShouldBeTrue();
        (await CanAsync(carolId, WorkspaceAccess.Read)).ShouldBeFalse();
        (await app.Teams.RoleAsync(app.Db, doraId, new TeamId(team), CancellationToken.None)).ShouldBe(TeamRole.Admin);
        (await app.Teams.OfAsync(bobId, CancellationToken.None)).ShouldHaveSingleItem().Role.ShouldBe(TeamRole.Member);

        (await ada.PostAsync($"users/{bobId.Value}/suspend")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await CanAsync(bobId, WorkspaceAccess.Read)).ShouldBeFalse();
        (await app.Teams.OfAsync(bobId, CancellationToken.None)).ShouldBeEmpty();

        Task<bool> CanAsync(UserId user, WorkspaceAccess access) => app.Teams.CanAsync(app.Db, user, workspace, access, CancellationToken.None);
    }

    [Fact]
    public async Task Admins_see_what_members_used_since_they_joined()
    {
        var bobId = new UserId(await IdAsync(bob));
        var today = new DateTimeOffset(app.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        await app.Quotas.CountAsync(app.Db, bobId, QuotaMeter.Requests, 5, CancellationToken.None);
        app.Books.Calls.Add((bobId, new ModelUsageDay(today, 6, 100, 50, 77)));
        app.Books.Calls.Add((bobId, new ModelUsageDay(today.AddDays(-3), 60, 1000, 500, 770)));
        app.Books.Calls.Add((new UserId(await IdAsync(carol)), new ModelUsageDay(today, 600, 1, 1, 1)));

        var seen = await dora.GetAsync($"teams/{team}/analytics");

        seen["members"].GetArrayLength().ShouldBe(3);
        var first = seen["members"][0];
        first.GetProperty("id").GetGuid().ShouldBe(bobId.Value);
        first.GetProperty("requests").GetInt64().ShouldBe(5);
        first.GetProperty("calls").GetInt64().ShouldBe(6, "what came before the team is not the team's business");
        first.GetProperty("costMicros").GetInt64().ShouldBe(77);
    }

    [Fact]
    public async Task Nobody_owns_more_teams_than_may_be_and_changes_that_change_nothing_are_not_on_the_record()
    {
        (await ada.PutAsync($"teams/{team}", new { name = "Harbour office" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ActsAsync()).ShouldBe(["created"]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => carol.PostAsync("teams", new { name = $"Team {i}" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(20);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => answer.Code == "accounts.teams_too_many");
    }

    async Task<IReadOnlyList<(Guid Person, bool Manages)>> PlaceAsync(WorkspaceId workspace)
        => [.. (await app.Db.QueryAsync<PlacePerson>("select user_id, manages from kernel.place_person where place_id = @Place", new { Place = workspace }, CancellationToken.None))
            .Select(row => (row.UserId, row.Manages))];

    sealed record PlacePerson(Guid UserId, bool Manages);

    async Task AddAsync(Browser browser, string role)
    {
        const string Sql = "insert into accounts.team_member (team_id, user_id, role, joined_at) values (@Team, @User, @Role, @Now)";
        await app.Db.ExecuteAsync(Sql, new { Team = team, User = await IdAsync(browser), Role = role, Now = app.Clock.GetUtcNow() }, CancellationToken.None);
    }

    /// <summary>What is on the record about the team, newest first.</summary>
    async Task<List<string>> ActsAsync()
        => [
            .. (await ada.GetAsync("/api/audit?limit=200"))["items"].EnumerateArray()
                .Where(entry => entry.GetProperty("subjects").EnumerateArray().Any(subject => subject.GetRawText().Contains(team.ToString(), StringComparison.Ordinal)))
                .OrderByDescending(entry => entry.GetProperty("position").GetInt64())
                .Select(entry => entry.GetProperty("act").GetString()!.Split('.')[^1]),
        ];

    static async Task<Guid> IdAsync(Browser browser) => (await browser.GetAsync("session"))["user"].GetProperty("id").GetGuid();
}
