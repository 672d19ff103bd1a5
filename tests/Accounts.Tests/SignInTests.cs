using System.Net;
using System.Text.Json;
using JeanTrail.Accounts.SignIn;

namespace JeanTrail.Accounts.Tests;

public sealed class SignInTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
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
    public async Task The_right_password_opens_a_session_whose_cookie_scripts_cannot_read()
    {
        using var browser = app.NewBrowser();

        var answer = await browser.SignInAsync(" ADA@example.ORG ");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Message.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("jean=");
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        cookie.ShouldContain("path=/", Case.Insensitive);
        cookie.ShouldNotContain("secure", Case.Insensitive);
        (await browser.GetAsync("session"))["user"].GetProperty("displayName").GetString().ShouldBe("Ada");
    }

    [Fact]
    public async Task Over_https_the_cookie_is_bound_to_the_host()
    {
        using var browser = app.NewBrowser();
        browser.Https = true;

        var answer = await browser.SignInAsync();

        var cookie = answer.Message.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldStartWith("__Host-jean=");
        cookie.ShouldContain("secure", Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_answered_alike()
    {
        using var browser = app.NewBrowser();

        var wrong = await browser.SignInAsync(password: "a loud river at dawn");
        var unknown = await browser.SignInAsync("nobody@example.org");

        wrong.Status.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Code.ShouldBe("accounts.credentials_wrong");
        Told(unknown).ShouldBe(Told(wrong));
        browser.Cookies.Count.ShouldBe(0);

        static string Told(Answer answer)
            => string.Join('|', answer.Status, answer.Json.EnumerateObject().Where(member => member.Name != "traceId").Select(member => member.ToString()).Aggregate((a, b) => a + b));
    }

    [Theory]
    [InlineData("ada@example.org")]
    [InlineData("nobody@example.org")]
    public async Task Guessing_is_slowed_down_with_growing_pauses_whether_or_not_the_account_exists(string email)
    {
        using var browser = app.NewBrowser();
        var pause = AttemptThrottle.FirstPause;
        for (var i = 0; i < AttemptThrottle.FreeAttempts; i++)
            (await browser.SignInAsync(email, "a loud river at dawn")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        for (var round = 0; round < 3; round++)
        {
            var limited = await browser.SignInAsync(email);
            limited.Status.ShouldBe(HttpStatusCode.TooManyRequests);
            limited.Message.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(pause);
            app.Clock.Advance(pause);
            (await browser.SignInAsync(email, "a loud river at dawn")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            pause *= 2;
        }
    }

    [Fact]
    public async Task The_pause_holds_where_the_guesses_came_from_and_nowhere_else()
    {
        using var guesser = app.NewBrowser();
        using var home = app.NewBrowser();
        guesser.From = "2001:db8:1:2::5";
        home.From = "203.0.113.9";
        for (var i = 0; i < AttemptThrottle.FreeAttempts; i++)
            await guesser.SignInAsync(password: "a loud river at dawn");

        // Another address of the same subscriber's network.
        guesser.From = "2001:db8:1:2::77";

        (await guesser.SignInAsync()).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await home.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Parallel_guesses_do_not_outrun_the_count()
    {
        var browsers = Enumerable.Range(0, 12).Select(_ => app.NewBrowser()).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => browser.SignInAsync(password: "a loud river at dawn")));

        answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized).ShouldBe(AttemptThrottle.FreeAttempts);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(12 - AttemptThrottle.FreeAttempts);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task Success_forgets_the_failures()
    {
        using var browser = app.NewBrowser();
        for (var i = 0; i < AttemptThrottle.FreeAttempts - 1; i++)
            await browser.SignInAsync(password: "a loud river at dawn");
        (await browser.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < AttemptThrottle.FreeAttempts; i++)
            (await browser.SignInAsync(password: "a loud river at dawn")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_takes_the_cookie_back()
    {
        var cookie = owner.Cookies.GetAllCookies()["jean"].ShouldNotBeNull().Value;
        var session = (await owner.GetAsync("session"))["sessionId"].GetGuid();

        (await owner.PostAsync("sign-out")).Status.ShouldBe(HttpStatusCode.NoContent);

        owner.Cookies.Count.ShouldBe(0);
        using var thief = app.NewBrowser();
        thief.Cookies.Add(app.Address, new Cookie("jean", cookie));
        (await thief.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        app.Closed.Sessions.ShouldContain(session);
    }

    [Fact]
    public async Task Signing_in_again_replaces_the_browsers_session()
    {
        var before = owner.Cookies.GetAllCookies()["jean"].ShouldNotBeNull().Value;

        (await owner.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);

        using var old = app.NewBrowser();
        old.Cookies.Add(app.Address, new Cookie("jean", before));
        (await old.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.GetAsync("sessions"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Without_the_proof_of_origin_a_signed_in_request_changes_nothing()
    {
        owner.Csrf = null;
        (await owner.PostAsync("sign-out")).Code.ShouldBe("kernel.csrf");
        owner.Csrf = "made-up";
        (await owner.PostAsync("sign-out")).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await owner.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_secret_reaches_the_database_in_the_clear_or_the_log()
    {
        using var browser = app.NewBrowser();
        await browser.SignInAsync();
        await browser.SignInAsync(password: "a loud river at dawn");
        var token = browser.Cookies.GetAllCookies()["jean"].ShouldNotBeNull().Value;

        var rows = await app.Db.QueryAsync<string>(
            "select row_to_json(s)::text from accounts.session s union all select row_to_json(u)::text from accounts.user u union all select row_to_json(a)::text from accounts.sign_in_attempt a",
            null,
            CancellationToken.None);
        rows.ShouldAllBe(row => !row.Contains(token, StringComparison.Ordinal) && !row.Contains("river", StringComparison.Ordinal));
        app.Logs.Entries.Count.ShouldBeGreaterThan(0);
        foreach (var secret in new[] { token, AccountsApp.Password, "a loud river at dawn", browser.Csrf.ShouldNotBeNull() })
            app.Logs.AllText.ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("""{"email":"ada@example.org"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"email":"ada@example.org","password":5}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"email":""", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    public async Task Malformed_requests_are_refused_as_such(string body, HttpStatusCode status)
    {
        using var browser = app.NewBrowser();

        var answer = await browser.PostAsync("sign-in", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        answer.Status.ShouldBe(status);
        answer.Message.Content.Headers.ContentType.ShouldNotBeNull().MediaType.ShouldBe("application/problem+json");
        answer.Json.ValueKind.ShouldBe(JsonValueKind.Object);
    }
}
