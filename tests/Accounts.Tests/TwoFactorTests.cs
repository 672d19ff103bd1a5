using System.Net;
using JeanTrail.Accounts.TwoFactor;

namespace JeanTrail.Accounts.Tests;

/// <summary>Turning the second factor on and off, and its recovery codes.</summary>
public sealed class TwoFactorTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
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
    public async Task An_app_is_shown_its_secret_as_text_as_an_address_and_as_a_picture()
    {
        var begun = await owner.PostAsync("two-factor/totp");

        begun.Status.ShouldBe(HttpStatusCode.OK);
        var secret = begun["secret"].GetString().ShouldNotBeNull();
        secret.ShouldMatch("^[A-Z2-7]{32}$");
        begun["uri"].GetString().ShouldBe($"otpauth://totp/JeanTrail:ada%40example.org?secret={secret}&issuer=JeanTrail&algorithm=SHA1&digits=6&period=30");
        begun["qrCode"].GetString().ShouldNotBeNull().ShouldStartWith("<svg");
        begun.Message.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_off_until_a_first_code_was_confirmed()
    {
        await owner.PostAsync("two-factor/totp");

        (await owner.GetAsync("two-factor"))["on"].GetBoolean().ShouldBeFalse();
        using var phone = app.NewBrowser();
        (await phone.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_first_code_turns_it_on_and_brings_ten_recovery_codes()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);

        authenticator.RecoveryCodes.Count.ShouldBe(10);
        authenticator.RecoveryCodes.Distinct().Count().ShouldBe(10);
        foreach (var code in authenticator.RecoveryCodes)
            code.ShouldMatch("^([0-9A-HJKMNP-TV-Z]{5}-){2}[0-9A-HJKMNP-TV-Z]{5}$");
        var state = await owner.GetAsync("two-factor");
        state["on"].GetBoolean().ShouldBeTrue();
        state["since"].GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow() - Totp.Step);
        state["recoveryCodesLeft"].GetInt32().ShouldBe(10);
    }

    [Fact]
    public async Task Turning_it_on_ends_all_other_sessions()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync();
        await phone.GetAsync("session");

        await Authenticator.TurnOnAsync(owner, app.Clock);

        (await phone.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.GetAsync("sessions"))["items"].GetArrayLength().ShouldBe(1);
        app.Closed.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_first_code_turns_nothing_on()
    {
        var authenticator = new Authenticator((await owner.PostAsync("two-factor/totp"))["secret"].GetString()!, app.Clock);

        var refused = await owner.PostAsync("two-factor/totp/confirm", new { code = authenticator.WrongCode() });

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Code.ShouldBe("accounts.code_wrong");
        (await owner.GetAsync("two-factor"))["on"].GetBoolean().ShouldBeFalse();
        (await owner.PostAsync("two-factor/totp/confirm", new { code = authenticator.Code() })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Beginning_again_ends_the_secret_before()
    {
        var before = new Authenticator((await owner.PostAsync("two-factor/totp"))["secret"].GetString()!, app.Clock);
        var after = new Authenticator((await owner.PostAsync("two-factor/totp"))["secret"].GetString()!, app.Clock);

        (await owner.PostAsync("two-factor/totp/confirm", new { code = before.Code() })).Code.ShouldBe("accounts.code_wrong");
        (await owner.PostAsync("two-factor/totp/confirm", new { code = after.Code() })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_on_cannot_be_begun_or_confirmed_again()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);

        (await owner.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.two_factor_on");
        (await owner.PostAsync("two-factor/totp/confirm", new { code = authenticator.Code() })).Code.ShouldBe("accounts.two_factor_on");
    }

    [Fact]
    public async Task Turned_off_the_password_is_enough_again_and_the_recovery_codes_are_gone()
    {
        await Authenticator.TurnOnAsync(owner, app.Clock);

        (await owner.DeleteAsync("two-factor/totp")).Status.ShouldBe(HttpStatusCode.NoContent);

        using var phone = app.NewBrowser();
        (await phone.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.GetAsync("two-factor"))["recoveryCodesLeft"].GetInt32().ShouldBe(0);
        (await owner.DeleteAsync("two-factor/totp")).Code.ShouldBe("accounts.two_factor_off");
        (await owner.PostAsync("two-factor/recovery-codes")).Code.ShouldBe("accounts.two_factor_off");
    }

    [Fact]
    public async Task New_recovery_codes_end_the_earlier_ones()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);

        var renewed = await owner.PostAsync("two-factor/recovery-codes");

        var fresh = renewed["recoveryCodes"].EnumerateArray().Select(code => code.GetString()!).ToList();
        fresh.Count.ShouldBe(10);
        fresh.Intersect(authenticator.RecoveryCodes).ShouldBeEmpty();
        using var phone = app.NewBrowser();
        var ticket = (await phone.SignInAsync())["ticket"].GetString();
        (await phone.PostAsync("sign-in/second-factor", new { ticket, code = authenticator.RecoveryCodes[0] })).Code.ShouldBe("accounts.code_wrong");
        (await phone.PostAsync("sign-in/second-factor", new { ticket, code = fresh[0] })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_persons_second_factor_is_their_own()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        using var member = await app.NewMemberAsync();

        (await member.GetAsync("two-factor"))["on"].GetBoolean().ShouldBeFalse();
        (await member.DeleteAsync("two-factor/totp")).Code.ShouldBe("accounts.two_factor_off");
        (await member.PostAsync("two-factor/totp/confirm", new { code = authenticator.Code() })).Code.ShouldBe("accounts.code_wrong");
        (await owner.GetAsync("two-factor"))["on"].GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("GET", "two-factor")]
    [InlineData("POST", "two-factor/totp")]
    [InlineData("POST", "two-factor/totp/confirm")]
    [InlineData("DELETE", "two-factor/totp")]
    [InlineData("POST", "two-factor/recovery-codes")]
    [InlineData("POST", "step-up")]
    public async Task Strangers_are_let_nowhere(string method, string path)
    {
        using var stranger = app.NewBrowser();

        (await stranger.SendAsync(new HttpMethod(method), path, method == "GET" ? null : new { code = "000000" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_secret_and_the_codes_are_readable_neither_in_the_tables_nor_in_the_log()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        using var phone = app.NewBrowser();
        var ticket = (await phone.SignInAsync())["ticket"].GetString().ShouldNotBeNull();
        var wrong = authenticator.WrongCode();
        await phone.PostAsync("sign-in/second-factor", new { ticket, code = wrong });
        var code = authenticator.Code();

        var rows = string.Join('\n', await app.Db.QueryAsync<string>(
            """
            select row_to_json(t)::text || encode(t.secret, 'escape') from accounts.totp t
            union all select row_to_json(r)::text from accounts.recovery_code r
            union all select row_to_json(s)::text from accounts.sign_in_ticket s
            """,
            null,
            CancellationToken.None));
        await phone.PostAsync("sign-in/second-factor", new { ticket, code });

        app.Logs.Entries.ShouldContain(entry => entry.Message.Contains("Second factor refused", StringComparison.Ordinal));
        foreach (var secret in new[] { authenticator.Secret, ticket, authenticator.RecoveryCodes[0], authenticator.RecoveryCodes[9], $"\"{code}\"", $" {code} ", $" {wrong} " })
        {
            rows.ShouldNotContain(secret);
            app.Logs.AllText.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Upkeep_forgets_what_was_never_confirmed_and_tickets_of_yesterday()
    {
        await Authenticator.TurnOnAsync(owner, app.Clock);
        using var member = await app.NewMemberAsync();
        await member.PostAsync("two-factor/totp");
        using var phone = app.NewBrowser();
        await phone.SignInAsync();

        app.Clock.Advance(TimeSpan.FromHours(23));
        await app.Upkeep.RunAsync(CancellationToken.None);
        ((await CountAsync("totp")), await CountAsync("sign_in_ticket")).ShouldBe((2, 1));
        app.Clock.Advance(TimeSpan.FromHours(2));
        await app.Upkeep.RunAsync(CancellationToken.None);

        ((await CountAsync("totp")), await CountAsync("sign_in_ticket")).ShouldBe((1, 0));
    }

    Task<int> CountAsync(string table) => app.Db.FindAsync<int>($"select count(*)::int from accounts.{table}", null, CancellationToken.None);
}
