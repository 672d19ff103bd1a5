using System.Net;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Testing;

namespace JeanTrail.Accounts.Tests;

public sealed class SessionTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
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
    public async Task Without_a_session_the_answer_is_401_with_its_code()
    {
        using var stranger = app.NewBrowser();

        var answer = await stranger.GetAsync("sessions");

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Code.ShouldBe("kernel.unauthenticated");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%00%ff;")]
    public async Task A_cookie_that_is_no_token_of_ours_is_nobody(string cookie)
    {
        using var stranger = app.NewBrowser();
        stranger.Cookies.Add(app.Address, new Cookie("jean", Uri.EscapeDataString(cookie)));

        (await stranger.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Asking_who_is_signed_in_is_no_error_when_nobody_is()
    {
        using var stranger = app.NewBrowser();

        (await stranger.GetAsync("session")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_session_ends_when_it_was_not_used_for_thirty_days()
    {
        app.Clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));

        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_that_is_used_lives_on_but_never_longer_than_half_a_year()
    {
        for (var day = 20; day < 180; day += 20)
        {
            app.Clock.Advance(TimeSpan.FromDays(20));
            (await owner.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
        }

        app.Clock.Advance(TimeSpan.FromDays(20) + TimeSpan.FromSeconds(1));

        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task When_a_session_was_last_seen_is_written_once_a_minute()
    {
        var created = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        await owner.GetAsync("session");
        (await LastSeenAsync()).ShouldBe(created);

        app.Clock.Advance(TimeSpan.FromSeconds(11));
        await owner.GetAsync("session");

        (await LastSeenAsync()).ShouldBe(app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task The_list_shows_each_place_newest_first_and_marks_this_one()
    {
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var phone = app.NewBrowser();
        phone.From = "203.0.113.7";
        await phone.SignInAsync();

        var items = (await phone.GetAsync("sessions"))["items"].EnumerateArray().ToList();

        items.Count.ShouldBe(2);
        items[0].GetProperty("current").GetBoolean().ShouldBeTrue();
        items[0].GetProperty("address").GetString().ShouldBe("203.0.113.7");
        items[0].GetProperty("userAgent").GetString().ShouldBe("TestBrowser/1.0 (Linux)");
        items[1].GetProperty("current").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task The_list_is_paged()
    {
        using var second = app.NewBrowser();
        using var third = app.NewBrowser();
        await second.SignInAsync();
        await third.SignInAsync();

        var first = await owner.GetAsync("sessions?limit=2");
        var rest = await owner.GetAsync($"sessions?limit=2&cursor={first["nextCursor"].GetString()}");

        first["items"].GetArrayLength().ShouldBe(2);
        rest["items"].GetArrayLength().ShouldBe(1);
        rest["nextCursor"].GetString().ShouldBeNull();
        first["items"].EnumerateArray().Concat(rest["items"].EnumerateArray()).Select(item => item.GetProperty("id").GetGuid()).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_revoked_session_ends_at_once_and_its_live_connections_are_closed()
    {
        using var phone = app.NewBrowser();
        var session = (await phone.SignInAsync())["sessionId"].GetGuid();
        (await phone.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);

        (await owner.DeleteAsync($"sessions/{session}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await phone.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        app.Closed.Sessions.ShouldBe([session]);
        (await owner.DeleteAsync($"sessions/{session}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Somebody_elses_session_answers_404_and_stays_open()
    {
        using var member = await app.NewMemberAsync();
        var session = (await owner.GetAsync("session"))["sessionId"].GetGuid();

        var answer = await member.DeleteAsync($"sessions/{session}");

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Code.ShouldBe("kernel.not_found");
        (await owner.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
        (await member.GetAsync("sessions"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task All_other_sessions_of_the_person_end_together()
    {
        using var phone = app.NewBrowser();
        using var tablet = app.NewBrowser();
        using var member = await app.NewMemberAsync();
        await phone.SignInAsync();
        await tablet.SignInAsync();

        (await owner.PostAsync("sessions/revoke-others")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await phone.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await tablet.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
        (await member.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
        app.Closed.Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Ending_this_session_by_its_id_takes_the_cookie_back()
    {
        var session = (await owner.GetAsync("session"))["sessionId"].GetGuid();

        (await owner.DeleteAsync($"sessions/{session}")).Status.ShouldBe(HttpStatusCode.NoContent);

        owner.Cookies.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_disabled_account_is_out_within_the_freshness_of_the_cache()
    {
        await owner.GetAsync("session");
        await app.Db.ExecuteAsync("update accounts.user set disabled_at = now()", null, CancellationToken.None);

        app.Clock.Advance(LiveSessions.Freshness);

        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.SignInAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_endpoint_that_names_no_policy_is_closed_to_strangers()
    {
        using var stranger = app.NewBrowser();

        (await stranger.GetAsync("/api/test/names-no-policy")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.GetAsync("/api/test/names-no-policy")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_the_owners_is_closed_to_others()
    {
        using var member = await app.NewMemberAsync(role: "admin");

        (await owner.GetAsync("/api/test/owners-only")).Status.ShouldBe(HttpStatusCode.OK);
        var refused = await member.GetAsync("/api/test/owners-only");
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("kernel.forbidden");
    }

    [Fact]
    public async Task Upkeep_removes_what_ended_long_ago_and_nothing_else()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync();
        await phone.SignInAsync("nobody@example.org");
        await phone.PostAsync("sign-out");
        app.Clock.Advance(TimeSpan.FromDays(29));
        await owner.GetAsync("session");
        await app.Upkeep.RunAsync(CancellationToken.None);
        (await CountAsync("session")).ShouldBe(2);
        (await CountAsync("sign_in_attempt")).ShouldBe(0);

        app.Clock.Advance(TimeSpan.FromDays(2));
        await app.Upkeep.RunAsync(CancellationToken.None);

        (await CountAsync("session")).ShouldBe(1);
        (await owner.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
    }

    Task<int> CountAsync(string table) => app.Db.FindAsync<int>($"select count(*)::int from accounts.{table}", null, CancellationToken.None);

    Task<DateTimeOffset> LastSeenAsync() => app.Db.FindAsync<DateTimeOffset>("select last_seen_at from accounts.session", null, CancellationToken.None);
}

public sealed class SessionsOnTwoNodesTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>
{
    [Fact]
    public async Task A_session_revoked_on_one_node_ends_at_once_on_the_other()
    {
        var (clock, link) = (new FakeClock(), new NodeLink());
        await using var first = await AccountsApp.StartAsync(database, clock, link);
        await using var second = await AccountsApp.StartAsync(database, clock, link);
        using var owner = await first.NewOwnerAsync();
        using var elsewhere = second.NewBrowser();
        var session = (await elsewhere.SignInAsync())["sessionId"].GetGuid();
        (await elsewhere.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);

        (await owner.DeleteAsync($"sessions/{session}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await elsewhere.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
