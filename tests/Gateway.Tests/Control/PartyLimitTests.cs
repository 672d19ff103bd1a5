using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Gateway.Keys;
using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Control;

/// <summary>Limits of people and of teams, chosen by name.</summary>
public sealed class PartyLimitTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_limit_of_a_team_counts_all_calls_of_its_members_together_and_nobody_elses()
    {
        var (mia, miaId, team) = await TeamAsync("Harbour crew");
        var (tom, tomId) = await PersonAsync("Tom");
        var (eve, eveId) = await PersonAsync("Eve");
        using var all = new Disposables(mia, tom, eve);
        const string JoinSql = "insert into accounts.team_member (team_id, user_id, role, joined_at) values (@Team, @User, 'member', now())";
        await gateway.Db.ExecuteAsync(JoinSql, new { Team = team, User = tomId }, CancellationToken.None);
        await LimitAsync("team", team, 3);
        var consumers = gateway.Host.Get<Consumers>();
        var withKey = (await gateway.Host.Get<KeyRing>().FindAsync(await SecretAsync(tom), CancellationToken.None)).Value.Consumer;

        (await PassesAsync(await consumers.FindAsync(miaId, CancellationToken.None))).ShouldBeTrue();
        (await PassesAsync(await consumers.FindAsync(tomId, CancellationToken.None))).ShouldBeTrue();
        (await PassesAsync(withKey)).ShouldBeTrue();

        (await PassesAsync(await consumers.FindAsync(miaId, CancellationToken.None))).ShouldBeFalse();
        (await PassesAsync(withKey)).ShouldBeFalse();
        (await PassesAsync(await consumers.FindAsync(eveId, CancellationToken.None))).ShouldBeTrue();
    }

    [Fact]
    public async Task Limits_of_people_and_teams_are_listed_with_their_names()
    {
        var (mia, miaId, team) = await TeamAsync("Night shift");
        using var own = mia;
        var person = await LimitAsync("user", miaId.Value, 100);
        var shared = await LimitAsync("team", team, 100);
        var gone = await LimitAsync("user", Guid.CreateVersion7(), 100);

        var items = (await gateway.Owner.CallAsync(HttpMethod.Get, "limits"))["items"].EnumerateArray().ToDictionary(item => item.GetProperty("id").GetGuid(), item => item.GetProperty("subjectName").GetString());

        items[person].ShouldBe("Mia");
        items[shared].ShouldBe("Night shift");
        items[gone].ShouldBeNull();
    }

    [Fact]
    public async Task People_and_teams_are_found_by_part_of_their_names_by_the_owner_alone()
    {
        var (mia, miaId, team) = await TeamAsync("Über-Schicht 100%");
        using var own = mia;

        var teams = await FindAsync("kind=team&search=schicht 100%25");
        teams.ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(team);
        teams[0].GetProperty("detail").GetString().ShouldBe("Mia");
        (await FindAsync($"kind=user&search={miaId.Value:N}@EXAMPLE")).ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(miaId.Value);
        (await FindAsync("kind=user")).Count.ShouldBeGreaterThan(1);
        (await FindAsync("kind=team&search=_____")).ShouldBeEmpty();
        (await gateway.Owner.CallAsync(HttpMethod.Get, "limits/parties?kind=plan")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await mia.CallAsync(HttpMethod.Get, "limits/parties?kind=user")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    async Task<(HttpClient Http, UserId Id)> PersonAsync(string name)
    {
        var (http, id) = await gateway.Host.AddPersonAsync($"{Guid.CreateVersion7():N}@example.org");
        await gateway.Db.ExecuteAsync(
            "update accounts.user set display_name = @Name, email = @Email, email_key = @Email where user_id = @Id", new { Name = name, Email = $"{id.Value:N}@example.org", Id = id }, CancellationToken.None);
        return (http, id);
    }

    async Task<(HttpClient Http, UserId Id, Guid Team)> TeamAsync(string name)
    {
        var (http, id) = await PersonAsync("Mia");
        using var made = await http.PostAsJsonAsync("/api/accounts/teams", new { name });
        var team = await made.Content.ReadFromJsonAsync<JsonElement>();
        made.StatusCode.ShouldBe(HttpStatusCode.Created, team.ToString());
        return (http, id, team.GetProperty("id").GetGuid());
    }

    async Task<Guid> LimitAsync(string kind, Guid subject, int amount)
    {
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "limits", new { subjectKind = kind, subject, meter = "requests", window = "none", amount });
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        var id = created["id"].GetGuid();
        await Eventually.BeTrueAsync(() => gateway.Host.Get<LimitBook>().Find(id) is not null);
        return id;
    }

    static async Task<string> SecretAsync(HttpClient person)
        => (await person.CallAsync(HttpMethod.Post, "keys", new { name = "Of a member", surfaces = new[] { "*" }, models = new[] { "*" } }))["secret"].GetString()!;

    async Task<bool> PassesAsync(Consumer consumer)
        => (await gateway.Host.Get<ILimits>().ReserveAsync(consumer, "harbour/pilot", default, CancellationToken.None)).Succeeded;

    async Task<List<JsonElement>> FindAsync(string query) => [.. (await gateway.Owner.CallAsync(HttpMethod.Get, $"limits/parties?{query}"))["items"].EnumerateArray()];

    sealed class Disposables(params IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all)
                one.Dispose();
        }
    }
}
