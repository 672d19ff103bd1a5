using System.Net;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Tests;

public sealed class InvitationTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    const string Email = "Bruno@Example.org";
    const string NewPassword = "seven herons on a quiet lake";

    AccountsApp app = null!;
    Browser owner = null!;
    Mailbox mailbox = null!;
    Guid team;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        mailbox = new Mailbox(owner);
        team = (await owner.PostAsync("teams", new { name = "Harbour office" }))["id"].GetGuid();
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_letter_leads_into_the_team_and_is_good_once()
    {
        using var bruno = await app.NewMemberAsync("bruno@example.org");
        var token = await InviteAsync();

        var link = await mailbox.LinkAsync(Email, "team-invitation");
        link.AbsolutePath.ShouldBe("/invitation");
        var looked = await bruno.PostAsync("invitations/look", new { token });
        (looked["teamName"].GetString(), looked["email"].GetString(), looked["hasAccount"].GetBoolean()).ShouldBe(("Harbour office", Email, true));

        var accepted = await bruno.PostAsync("invitations/accept", new { token });

        accepted["teamId"].GetGuid().ShouldBe(team);
        (await bruno.GetAsync($"teams/{team}"))["team"].GetProperty("role").GetString().ShouldBe("member");
        (await bruno.GetAsync("email"))["verifiedAt"].GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow());
        (await owner.GetAsync($"teams/{team}"))["invitations"].GetArrayLength().ShouldBe(0);
        (await bruno.PostAsync("invitations/accept", new { token })).Code.ShouldBe("accounts.link_invalid");
        (await owner.GetAsync("/api/audit?act=accounts.team.joined"))["items"].EnumerateArray()
            .Select(entry => entry.GetProperty("subjects"))
            .Single(subjects => subjects[0].GetProperty("id").GetGuid() == team).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task The_letter_names_neither_the_team_nor_who_asks()
    {
        var token = await InviteAsync();

        // Chance writes short names into tokens.
        var letter = (await mailbox.ReadAsync(Email, "team-invitation")).Replace(token, "", StringComparison.Ordinal);

        letter.ShouldNotContain("Harbour");
        letter.ShouldNotContain("Ada");
    }

    [Fact]
    public async Task Only_the_address_it_was_sent_to_comes_in()
    {
        using var thief = await app.NewMemberAsync("thief@example.org");
        using var nobody = app.NewBrowser();
        var token = await InviteAsync();

        (await thief.PostAsync("invitations/accept", new { token })).Code.ShouldBe("accounts.invitation_other");
        (await nobody.PostAsync("invitations/accept", new { token })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await thief.GetAsync($"teams/{team}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.PostAsync("invitations/look", new { token })).Status.ShouldBe(HttpStatusCode.OK, "it is still good");
    }

    [Theory]
    [InlineData("invited")]
    [InlineData("open")]
    public async Task An_invitation_makes_the_account_it_needs(string mode)
    {
        await OpenAsync(mode);
        using var browser = app.NewBrowser();
        var token = await InviteAsync("admin");
        (await browser.PostAsync("invitations/look", new { token }))["hasAccount"].GetBoolean().ShouldBeFalse();

        var made = await FinishAsync(browser, token);

        made.Status.ShouldBe(HttpStatusCode.OK);
        made["user"].GetProperty("email").GetString().ShouldBe(Email);
        (await browser.GetAsync($"teams/{team}"))["team"].GetProperty("role").GetString().ShouldBe("admin");
        using var again = app.NewBrowser();
        (await FinishAsync(again, token)).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task A_closed_server_takes_nobody_in_and_one_for_the_invited_no_others()
    {
        using var browser = app.NewBrowser();
        var token = await InviteAsync();
        (await FinishAsync(browser, token)).Code.ShouldBe("accounts.sign_up_closed");

        await OpenAsync("open");
        await browser.PostAsync("sign-up", new { email = "erin@example.org" });
        var uninvited = await mailbox.TokenAsync("erin@example.org", "sign-up");
        await OpenAsync("invited");

        (await FinishAsync(browser, uninvited)).Code.ShouldBe("accounts.sign_up_closed");
        (await browser.PostAsync("sign-up", new { email = Email })).Code.ShouldBe("accounts.sign_up_closed");
        (await FinishAsync(browser, token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_invitation_that_was_withdrawn_opens_nothing()
    {
        await OpenAsync("invited");
        using var browser = app.NewBrowser();
        var token = await InviteAsync();
        var id = (await owner.GetAsync($"teams/{team}"))["invitations"][0].GetProperty("id").GetGuid();

        (await owner.DeleteAsync($"teams/{team}/invitations/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await FinishAsync(browser, token)).Code.ShouldBe("accounts.link_invalid");
        (await browser.PostAsync("invitations/look", new { token })).Code.ShouldBe("accounts.link_invalid");
        (await owner.DeleteAsync($"teams/{team}/invitations/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await owner.DeleteAsync($"teams/{team}/invitations/{Ids.New(app.Clock)}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_invitation_ends_after_a_week()
    {
        using var bruno = await app.NewMemberAsync("bruno@example.org");
        var token = await InviteAsync();
        app.Clock.Advance(TimeSpan.FromDays(7));

        (await bruno.PostAsync("invitations/look", new { token })).Code.ShouldBe("accounts.link_invalid");
        using var again = app.NewBrowser();
        await again.SignInAsync("bruno@example.org");
        (await again.PostAsync("invitations/accept", new { token })).Code.ShouldBe("accounts.link_invalid");
        (await owner.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.GetAsync($"teams/{team}"))["invitations"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Asking_again_sends_a_new_letter_after_a_minute_and_ends_the_old_one()
    {
        using var bruno = await app.NewMemberAsync("bruno@example.org");
        var first = await InviteAsync();
        (await owner.PostAsync($"teams/{team}/invitations", new { email = Email, role = "member" })).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        var second = await InviteAsync("admin");

        (await owner.GetAsync($"teams/{team}"))["invitations"].GetArrayLength().ShouldBe(1);
        (await bruno.PostAsync("invitations/accept", new { token = first })).Code.ShouldBe("accounts.link_invalid");
        (await bruno.PostAsync("invitations/accept", new { token = second })).Status.ShouldBe(HttpStatusCode.OK);
        (await bruno.GetAsync($"teams/{team}"))["team"].GetProperty("role").GetString().ShouldBe("admin");
        (await owner.PostAsync($"teams/{team}/invitations", new { email = Email, role = "member" })).Code.ShouldBe("accounts.team_member");
    }

    [Fact]
    public async Task Of_several_who_accept_at_once_one_does()
    {
        using var bruno = await app.NewMemberAsync("bruno@example.org");
        var token = await InviteAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bruno.PostAsync("invitations/accept", new { token })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => answer.Code == "accounts.link_invalid" || answer.Status == HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("not an address", "member")]
    [InlineData("a@x.org,b@y.org", "member")]
    [InlineData("bruno@example.org", "owner")]
    public async Task What_makes_no_sense_is_refused(string email, string role)
    {
        (await owner.PostAsync($"teams/{team}/invitations", new { email, role })).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await mailbox.LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_for_something_else_is_no_invitation()
    {
        await OpenAsync("open");
        using var browser = app.NewBrowser();
        await browser.PostAsync("sign-up", new { email = Email });
        var token = await mailbox.TokenAsync(Email, "sign-up");

        (await browser.PostAsync("invitations/look", new { token })).Code.ShouldBe("accounts.link_invalid");
        (await owner.PostAsync("invitations/accept", new { token })).Code.ShouldBe("accounts.link_invalid");
    }

    async Task<string> InviteAsync(string role = "member")
    {
        (await owner.PostAsync($"teams/{team}/invitations", new { email = Email, role, locale = "vi" })).Status.ShouldBe(HttpStatusCode.Accepted);
        return await mailbox.TokenAsync(Email, "team-invitation");
    }

    async Task OpenAsync(string mode) => (await owner.PutAsync("settings", new { signUp = mode })).Status.ShouldBe(HttpStatusCode.OK);

    static Task<Answer> FinishAsync(Browser browser, string token)
        => browser.PostAsync("sign-up/finish", new { token, displayName = "Bruno", password = NewPassword, locale = "vi" });
}
