using System.Net;

namespace JeanTrail.Accounts.Tests;

public sealed class ImpersonationTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;
    Guid bobId;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        using var bob = await app.NewMemberAsync();
        bobId = await IdAsync(bob);
        await bob.PostAsync("sign-out");
        app.Closed.Clear();
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_owner_is_the_person_for_an_hour_and_every_answer_says_so()
    {
        var answer = await ActAsync();

        answer["user"].GetProperty("email").GetString().ShouldBe("bob@example.org");
        answer["impersonation"].GetProperty("actorName").GetString().ShouldBe("Ada");
        answer["expiresAt"].GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow().AddHours(1));
        (await owner.GetAsync("session"))["impersonation"].GetProperty("actorName").GetString().ShouldBe("Ada");
        (await owner.GetAsync("users")).Status.ShouldBe(HttpStatusCode.Forbidden);

        // Use does not prolong it.
        for (var i = 0; i < 11; i++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(5));
            (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Ending_it_goes_back_to_the_owners_own_session()
    {
        var before = (await owner.GetAsync("session"))["sessionId"].GetGuid();
        var acting = (await ActAsync())["sessionId"].GetGuid();

        var back = await owner.PostAsync("impersonation/end");

        back.Status.ShouldBe(HttpStatusCode.OK);
        back["sessionId"].GetGuid().ShouldBe(before);
        back["user"].GetProperty("role").GetString().ShouldBe("owner");
        app.Closed.Sessions.ShouldBe([acting]);
        (await owner.GetAsync("users")).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.PostAsync("impersonation/end")).Code.ShouldBe("accounts.not_impersonating");
    }

    [Fact]
    public async Task It_ends_with_the_session_it_was_opened_from()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync();
        await ActAsync();

        (await phone.PostAsync("sessions/revoke-others")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_record_names_the_owner_and_the_person_and_why()
    {
        var ownerId = await IdAsync(owner);
        await ActAsync();
        await owner.PostAsync("impersonation/end");

        var entries = (await owner.GetAsync($"/api/audit?who={bobId}"))["items"].EnumerateArray().OrderBy(entry => entry.GetProperty("position").GetInt64()).ToList();

        entries.Select(entry => entry.GetProperty("act").GetString()).ShouldBe(["accounts.impersonation.started", "accounts.impersonation.ended"]);
        entries.ShouldAllBe(entry => entry.GetProperty("actor").GetProperty("id").GetGuid() == ownerId);
        entries[0].GetProperty("after").GetString().ShouldNotBeNull().ShouldContain("\"reason\":\"Bob asked for help\"");
        entries[1].GetProperty("person").GetProperty("id").GetGuid().ShouldBe(bobId);
    }

    [Fact]
    public async Task Nobody_acts_as_an_admin_as_themselves_as_a_suspended_person_or_without_a_reason()
    {
        using var admin = await app.NewMemberAsync("dora@example.org", "admin");

        (await TryAsync(await IdAsync(admin))).Code.ShouldBe("accounts.user_protected");
        (await TryAsync(await IdAsync(owner))).Code.ShouldBe("accounts.own_account");
        (await owner.PostAsync($"users/{bobId}/impersonate", new { reason = "" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        await owner.PostAsync($"users/{bobId}/suspend");
        (await TryAsync(bobId)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.GetAsync("session"))["user"].GetProperty("role").GetString().ShouldBe("owner");
    }

    [Fact]
    public async Task It_ends_when_the_person_is_suspended_and_lends_no_power_when_they_become_an_admin()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync();
        await ActAsync();

        await phone.PutAsync($"users/{bobId}/role", new { role = "admin" });

        (await owner.GetAsync("users")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    Task<Answer> TryAsync(Guid person) => owner.PostAsync($"users/{person}/impersonate", new { reason = "Bob asked for help" });

    async Task<Answer> ActAsync()
    {
        var answer = await TryAsync(bobId);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return answer;
    }

    static async Task<Guid> IdAsync(Browser browser) => (await browser.GetAsync("session"))["user"].GetProperty("id").GetGuid();
}
