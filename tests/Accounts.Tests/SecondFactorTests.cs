using System.Net;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.TwoFactor;

namespace JeanTrail.Accounts.Tests;

/// <summary>Signing in where a second factor is asked for.</summary>
public sealed class SecondFactorTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;
    Browser phone = null!;
    Authenticator authenticator = null!;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        phone = app.NewBrowser();
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        phone.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_right_password_opens_no_session_but_asks_for_a_code()
    {
        var halfway = await phone.SignInAsync();

        halfway.Status.ShouldBe(HttpStatusCode.Accepted);
        halfway["ticket"].GetString().ShouldNotBeNullOrEmpty();
        halfway["expiresAt"].GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow() + SignInTickets.Lifetime);
        phone.Cookies.Count.ShouldBe(0);
        (await phone.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.GetAsync("sessions"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_as_everywhere()
        => (await phone.SignInAsync(password: "a loud river at dawn")).Code.ShouldBe("accounts.credentials_wrong");

    [Fact]
    public async Task The_code_of_the_app_finishes_the_sign_in()
    {
        var opened = await FinishAsync(await TicketAsync(), authenticator.Code());

        opened.Status.ShouldBe(HttpStatusCode.OK);
        opened["user"].GetProperty("displayName").GetString().ShouldBe("Ada");
        phone.Cookies.Count.ShouldBe(1);
        (await phone.GetAsync("sessions"))["items"].GetArrayLength().ShouldBe(2);
        (await app.Db.FindAsync<bool>(
            "select second_factor from accounts.session where session_id = @Id", new { Id = opened["sessionId"].GetGuid() }, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_ticket_opens_one_session()
    {
        var ticket = await TicketAsync();
        (await FinishAsync(ticket, authenticator.Code())).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(Totp.Step);
        using var thief = app.NewBrowser();

        (await thief.PostAsync("sign-in/second-factor", new { ticket, code = authenticator.Code() })).Code.ShouldBe("accounts.ticket_ended");
    }

    [Fact]
    public async Task A_code_is_accepted_once()
    {
        var code = authenticator.Code();
        (await FinishAsync(await TicketAsync(), code)).Status.ShouldBe(HttpStatusCode.OK);
        using var thief = app.NewBrowser();
        var ticket = (await thief.SignInAsync())["ticket"].GetString();

        var replayed = await thief.PostAsync("sign-in/second-factor", new { ticket, code });

        replayed.Status.ShouldBe(HttpStatusCode.BadRequest);
        replayed.Code.ShouldBe("accounts.code_wrong");
    }

    [Fact]
    public async Task A_code_that_arrives_twice_at_once_opens_one_session()
    {
        var code = authenticator.Code();
        var browsers = Enumerable.Range(0, 4).Select(_ => app.NewBrowser()).ToList();
        var tickets = await Task.WhenAll(browsers.Select(browser => browser.SignInAsync()));

        var answers = await Task.WhenAll(browsers.Zip(tickets, (browser, ticket) => browser.PostAsync("sign-in/second-factor", new { ticket = ticket["ticket"].GetString(), code })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task After_a_code_the_ones_before_it_count_no_more()
    {
        var earlier = authenticator.Code();
        app.Clock.Advance(Totp.Step);
        (await FinishAsync(await TicketAsync(), authenticator.Code())).Status.ShouldBe(HttpStatusCode.OK);
        await phone.PostAsync("sign-out");

        (await FinishAsync(await TicketAsync(), earlier)).Code.ShouldBe("accounts.code_wrong");
    }

    [Theory]
    [InlineData(-1, HttpStatusCode.OK)]
    [InlineData(1, HttpStatusCode.OK)]
    [InlineData(-2, HttpStatusCode.BadRequest)]
    [InlineData(2, HttpStatusCode.BadRequest)]
    public async Task An_app_may_be_one_code_off(int steps, HttpStatusCode status)
    {
        // The step before this one was used to turn the factor on.
        app.Clock.Advance(Totp.Step * 3);

        (await FinishAsync(await TicketAsync(), authenticator.Code(steps))).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_ticket_ends_after_five_minutes()
    {
        var ticket = await TicketAsync();
        app.Clock.Advance(SignInTickets.Lifetime - TimeSpan.FromSeconds(1));
        (await FinishAsync(ticket, authenticator.WrongCode())).Code.ShouldBe("accounts.code_wrong");
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var late = await FinishAsync(ticket, authenticator.Code());

        late.Status.ShouldBe(HttpStatusCode.Unauthorized);
        late.Code.ShouldBe("accounts.ticket_ended");
        phone.Cookies.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_ticket_holds_only_where_it_was_given()
    {
        phone.From = "203.0.113.9";
        var ticket = await TicketAsync();
        using var thief = app.NewBrowser();
        thief.From = "198.51.100.4";

        (await thief.PostAsync("sign-in/second-factor", new { ticket, code = authenticator.Code() })).Code.ShouldBe("accounts.ticket_ended");

        // The attempt from elsewhere used nothing up.
        (await FinishAsync(ticket, authenticator.Code())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_address_of_the_same_subscriber_is_the_same_place()
    {
        phone.From = "2001:db8:1:2::5";
        var ticket = await TicketAsync();
        phone.From = "2001:db8:1:2::77";

        (await FinishAsync(ticket, authenticator.Code())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Five_wrong_codes_end_a_ticket()
    {
        var ticket = await TicketAsync();
        for (var i = 0; i < SignInTickets.MaxFailures; i++)
            (await FinishAsync(ticket, authenticator.WrongCode())).Code.ShouldBe("accounts.code_wrong");

        (await FinishAsync(ticket, authenticator.Code())).Code.ShouldBe("accounts.ticket_ended");

        (await FinishAsync(await TicketAsync(), authenticator.Code())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Parallel_guesses_do_not_outrun_the_count()
    {
        var ticket = await TicketAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => FinishAsync(ticket, authenticator.WrongCode())));

        answers.Count(answer => answer.Code == "accounts.code_wrong").ShouldBe(SignInTickets.MaxFailures);
        answers.Count(answer => answer.Code == "accounts.ticket_ended").ShouldBe(12 - SignInTickets.MaxFailures);
    }

    [Fact]
    public async Task Who_knows_the_password_cannot_guess_on_with_ticket_after_ticket()
    {
        for (var failures = 0; failures < SignInTickets.MaxFailuresPerDay; failures += SignInTickets.MaxFailures)
        {
            phone.From = $"203.0.113.{failures}";
            var ticket = await TicketAsync();
            for (var i = 0; i < SignInTickets.MaxFailures; i++)
                (await FinishAsync(ticket, authenticator.WrongCode())).Code.ShouldBe("accounts.code_wrong");
        }

        (await FinishAsync(await TicketAsync(), authenticator.Code())).Code.ShouldBe("accounts.ticket_ended");
        app.Clock.Advance(SignInTickets.CountedFor + SignInTickets.Lifetime);
        (await FinishAsync(await TicketAsync(), authenticator.Code())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_recovery_code_stands_in_for_the_app_once_however_it_is_typed()
    {
        var typed = $" {authenticator.RecoveryCodes[3].Replace('-', ' ').ToLowerInvariant()} ";
        (await FinishAsync(await TicketAsync(), typed)).Status.ShouldBe(HttpStatusCode.OK);
        (await phone.GetAsync("two-factor"))["recoveryCodesLeft"].GetInt32().ShouldBe(9);
        await phone.PostAsync("sign-out");

        (await FinishAsync(await TicketAsync(), authenticator.RecoveryCodes[3])).Code.ShouldBe("accounts.code_wrong");
        (await FinishAsync(await TicketAsync(), authenticator.RecoveryCodes[4])).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_recovery_code_that_arrives_twice_at_once_opens_one_session()
    {
        var browsers = Enumerable.Range(0, 4).Select(_ => app.NewBrowser()).ToList();
        var tickets = await Task.WhenAll(browsers.Select(browser => browser.SignInAsync()));

        var answers = await Task.WhenAll(browsers.Zip(tickets, (browser, ticket)
            => browser.PostAsync("sign-in/second-factor", new { ticket = ticket["ticket"].GetString(), code = authenticator.RecoveryCodes[0] })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_password_that_changes_between_the_factors_ends_the_ticket()
    {
        var ticket = await TicketAsync();
        var reset = await app.Administration.ResetPasswordAsync("ada@example.org", "a green meadow at noon", CancellationToken.None);
        reset.Succeeded.ShouldBeTrue();

        (await FinishAsync(ticket, authenticator.Code())).Code.ShouldBe("accounts.ticket_ended");

        phone.Cookies.Count.ShouldBe(0);
        (await phone.SignInAsync(password: "a green meadow at noon")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_account_that_is_disabled_between_the_factors_stays_closed()
    {
        var ticket = await TicketAsync();
        await app.Db.ExecuteAsync("update accounts.user set disabled_at = now()", null, CancellationToken.None);

        (await FinishAsync(ticket, authenticator.Code())).Code.ShouldBe("accounts.ticket_ended");
    }

    [Fact]
    public async Task A_second_factor_turned_off_between_the_factors_does_not_open_the_door()
    {
        var ticket = await TicketAsync();
        (await owner.DeleteAsync("two-factor/totp")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await FinishAsync(ticket, authenticator.Code())).Code.ShouldBe("accounts.code_wrong");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_made_up_ticket_is_answered_like_one_that_ended(string ticket)
    {
        var refused = await FinishAsync(ticket, authenticator.Code());

        refused.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refused.Code.ShouldBe("accounts.ticket_ended");
    }

    async Task<string> TicketAsync()
    {
        var halfway = await phone.SignInAsync();
        halfway.Status.ShouldBe(HttpStatusCode.Accepted);
        return halfway["ticket"].GetString()!;
    }

    Task<Answer> FinishAsync(string ticket, string code) => phone.PostAsync("sign-in/second-factor", new { ticket, code });
}
