using System.Net;
using JeanTrail.Accounts.SignIn;

namespace JeanTrail.Accounts.Tests;

public sealed class SetupTests(NewServer server) : IClassFixture<NewServer>, IAsyncLifetime
{
    AccountsApp app = null!;

    public async Task InitializeAsync() => app = await server.BeginAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_code_of_the_console_makes_an_owner_who_is_signed_in()
    {
        using var browser = app.NewBrowser();
        (await browser.GetAsync("setup"))["ownerExists"].GetBoolean().ShouldBeFalse();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        var answer = await SetUpAsync(browser, code, "Ada@Example.org");

        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer["user"].GetProperty("email").GetString().ShouldBe("Ada@Example.org");
        answer["user"].GetProperty("role").GetString().ShouldBe("owner");
        answer["preferences"].GetProperty("locale").GetString().ShouldBe("vi");
        answer["csrfToken"].GetString().ShouldNotBeNullOrEmpty();
        var session = await browser.GetAsync("session");
        session.Status.ShouldBe(HttpStatusCode.OK);
        session["sessionId"].GetGuid().ShouldBe(answer["sessionId"].GetGuid());
        (await browser.GetAsync("setup"))["ownerExists"].GetBoolean().ShouldBeTrue();
        (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_code_is_eight_characters_in_two_groups_and_is_stored_only_as_a_hash()
    {
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        code.ShouldMatch("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$");
        var row = await app.Db.FindAsync<string>("select row_to_json(s)::text from accounts.owner_setup s", null, CancellationToken.None);
        row.ShouldNotBeNull().ShouldNotContain(code.Replace("-", "", StringComparison.Ordinal), Case.Insensitive);
    }

    [Fact]
    public async Task The_code_may_be_typed_in_small_letters_and_without_its_dash()
    {
        using var browser = app.NewBrowser();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        var typed = $" {code.Replace('-', ' ').ToLowerInvariant()} ";

        (await SetUpAsync(browser, typed)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_wrong_code_is_refused_and_the_right_one_still_works()
    {
        using var browser = app.NewBrowser();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        var refused = await SetUpAsync(browser, "0000-0000");

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("accounts.setup_code_wrong");
        (await browser.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await SetUpAsync(browser, code)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Nobody_becomes_owner_before_a_code_was_made()
    {
        using var browser = app.NewBrowser();

        (await SetUpAsync(browser, "")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SetUpAsync(browser, "0000-0000")).Code.ShouldBe("accounts.setup_code_wrong");
    }

    [Fact]
    public async Task A_new_start_ends_the_code_of_the_start_before()
    {
        using var browser = app.NewBrowser();
        var before = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();
        var now = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        (await SetUpAsync(browser, before)).Code.ShouldBe("accounts.setup_code_wrong");
        (await SetUpAsync(browser, now)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Guessing_codes_is_slowed_down()
    {
        using var browser = app.NewBrowser();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();
        for (var i = 0; i < AttemptThrottle.FreeAttempts; i++)
            (await SetUpAsync(browser, "0000-0000")).Status.ShouldBe(HttpStatusCode.Forbidden);

        var limited = await SetUpAsync(browser, code);

        limited.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        limited.Code.ShouldBe("kernel.rate_limited");
        limited.Message.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(AttemptThrottle.FirstPause);
        app.Clock.Advance(AttemptThrottle.FirstPause);
        (await SetUpAsync(browser, code)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_code_ends_after_too_many_wrong_ones_from_everywhere()
    {
        using var browser = app.NewBrowser();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();
        for (var i = 0; i < Setup.OwnerSetup.MaxWrongAttempts; i++)
        {
            browser.From = $"203.0.113.{i}";
            (await SetUpAsync(browser, "0000-0000")).Status.ShouldBe(HttpStatusCode.Forbidden);
        }

        browser.From = null;
        (await SetUpAsync(browser, code)).Code.ShouldBe("accounts.setup_code_wrong");
        var fresh = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();
        (await SetUpAsync(browser, fresh)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task When_several_browsers_race_exactly_one_becomes_owner()
    {
        const int Racers = 6;
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();
        var browsers = Enumerable.Range(0, Racers).Select(_ => app.NewBrowser()).ToList();

        // From several networks, so that the throttle does not decide the race.
        var answers = await Task.WhenAll(browsers.Select((browser, i) =>
        {
            browser.From = $"203.0.113.{i}";
            return SetUpAsync(browser, code, $"racer{i}@example.org");
        }));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created)
            .ShouldAllBe(answer => answer.Code == "accounts.owner_exists" || answer.Code == "accounts.setup_code_wrong");
        (await app.Db.FindAsync<int>("select count(*)::int from accounts.user", null, CancellationToken.None)).ShouldBe(1);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task A_second_owner_is_refused()
    {
        using var owner = await app.NewOwnerAsync();
        using var other = app.NewBrowser();

        var answer = await SetUpAsync(other, "0000-0000", "eve@example.org");

        answer.Status.ShouldBe(HttpStatusCode.Conflict);
        answer.Code.ShouldBe("accounts.owner_exists");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("nine char")]
    [InlineData("qwertyuiop")]
    [InlineData("Password2024!")]
    [InlineData("P4ssw0rd!!")]
    [InlineData("1234567890")]
    [InlineData("aaaaaaaaaaaaaa")]
    [InlineData("ada@example.org")]
    [InlineData("Lovelace 12")]
    public async Task A_weak_password_is_refused_with_a_reason_and_costs_no_attempt(string password)
    {
        using var browser = app.NewBrowser();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        var answer = await browser.PostAsync("setup", new { code, email = "ada@example.org", displayName = "Lovelace", password });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe("accounts.password_weak");
        answer["errors"].GetProperty("password")[0].GetString().ShouldNotBeNullOrEmpty();
        (await app.Db.FindAsync<int>("select wrong_attempts from accounts.owner_setup", null, CancellationToken.None)).ShouldBe(0);
        (await app.Db.FindAsync<int>("select count(*)::int from accounts.sign_in_attempt", null, CancellationToken.None)).ShouldBe(0);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("@example.org")]
    [InlineData("two words@example.org")]
    [InlineData("ada@")]
    [InlineData("ada@exa_mple..org")]
    public async Task What_is_no_address_is_refused(string email)
    {
        using var browser = app.NewBrowser();
        var code = (await app.Setup.PrepareAsync(CancellationToken.None)).ShouldNotBeNull();

        var answer = await SetUpAsync(browser, code, email);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["errors"].TryGetProperty("email", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Missing_fields_are_named()
    {
        using var browser = app.NewBrowser();

        var answer = await browser.PostAsync("setup", new { code = "", email = "", displayName = "", password = "", locale = "xx" });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe("kernel.validation");
        var fields = answer["errors"].EnumerateObject().Select(field => field.Name.ToLowerInvariant()).ToList();
        fields.ShouldBe(["code", "email", "displayname", "password", "locale"], ignoreOrder: true);
    }

    static Task<Answer> SetUpAsync(Browser browser, string code, string email = "ada@example.org")
        => browser.PostAsync("setup", new { code, email, displayName = "Ada", password = AccountsApp.Password, locale = "vi" });
}
