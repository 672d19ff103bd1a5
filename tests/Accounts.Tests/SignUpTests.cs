using System.Net;
using JeanTrail.Accounts.SignIn;

namespace JeanTrail.Accounts.Tests;

public sealed class SignUpTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    const string Email = "Bruno@Example.org";
    const string NewPassword = "seven herons on a quiet lake";

    AccountsApp app = null!;
    Browser owner = null!;
    Mailbox mailbox = null!;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        mailbox = new Mailbox(owner);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task An_open_server_takes_people_in_by_letter()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();
        (await browser.PostAsync("sign-up", new { email = Email, locale = "vi" })).Status.ShouldBe(HttpStatusCode.Accepted);
        var link = await mailbox.LinkAsync(Email, "sign-up");
        link.AbsolutePath.ShouldBe("/sign-up/finish");

        var answer = await FinishAsync(browser, link.Fragment.TrimStart('#'));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["user"].GetProperty("role").GetString().ShouldBe("free");
        answer["user"].GetProperty("email").GetString().ShouldBe(Email);
        answer["preferences"].GetProperty("locale").GetString().ShouldBe("vi");
        (await browser.GetAsync("email"))["verifiedAt"].GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow());
        using var again = app.NewBrowser();
        (await again.SignInAsync("bruno@example.org", NewPassword)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("closed")]
    [InlineData("invited")]
    public async Task A_server_that_is_not_open_makes_no_accounts(string? mode)
    {
        if (mode is not null)
            await OpenAsync(mode);
        using var browser = app.NewBrowser();

        var refused = await browser.PostAsync("sign-up", new { email = Email });

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("accounts.sign_up_closed");
        (await browser.PostAsync("sign-up", new { email = "ada@example.org" })).Code.ShouldBe("accounts.sign_up_closed");
        (await mailbox.LettersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Closing_ends_what_was_begun()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();
        await browser.PostAsync("sign-up", new { email = Email });
        var token = await mailbox.TokenAsync(Email, "sign-up");
        await OpenAsync("closed");

        (await FinishAsync(browser, token)).Code.ShouldBe("accounts.sign_up_closed");
    }

    [Fact]
    public async Task Only_the_owner_opens_the_server()
    {
        using var member = await app.NewMemberAsync();
        using var stranger = app.NewBrowser();

        (await member.PutAsync("settings", new { signUp = "open" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await stranger.PutAsync("settings", new { signUp = "open" })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await owner.PutAsync("settings", new { signUp = "ajar" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await stranger.GetAsync("settings"))["signUp"].GetString().ShouldBe("closed");
    }

    [Fact]
    public async Task A_taken_address_is_answered_like_a_free_one_and_its_mailbox_is_told()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();

        var free = await browser.PostAsync("sign-up", new { email = Email });
        var taken = await browser.PostAsync("sign-up", new { email = "ADA@example.org" });

        taken.Status.ShouldBe(free.Status);
        taken.Json.ToString().ShouldBe(free.Json.ToString());
        (await mailbox.KindsAsync("ADA@example.org")).ShouldBe(["sign-up-taken"]);
        (await mailbox.ReadAsync("ADA@example.org", "sign-up-taken")).ShouldNotContain("#");
    }

    [Fact]
    public async Task A_token_makes_one_account_even_when_shown_by_several_at_once()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();
        await browser.PostAsync("sign-up", new { email = Email });
        var token = await mailbox.TokenAsync(Email, "sign-up");
        var browsers = Enumerable.Range(0, 4).Select(_ => app.NewBrowser()).ToList();

        var answers = await Task.WhenAll(browsers.Select(each => FinishAsync(each, token)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ShouldAllBe(answer => answer.Code == "accounts.link_invalid");
        (await FinishAsync(browser, token)).Code.ShouldBe("accounts.link_invalid");
        browsers.ForEach(each => each.Dispose());
    }

    [Fact]
    public async Task A_token_ends_after_a_day()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();
        await browser.PostAsync("sign-up", new { email = Email });
        var token = await mailbox.TokenAsync(Email, "sign-up");
        app.Clock.Advance(TimeSpan.FromHours(24));

        (await FinishAsync(browser, token)).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task A_weak_password_does_not_use_the_token_up()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();
        await browser.PostAsync("sign-up", new { email = Email });
        var token = await mailbox.TokenAsync(Email, "sign-up");

        (await FinishAsync(browser, token, "password123")).Code.ShouldBe("accounts.password_weak");

        (await FinishAsync(browser, token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guessing_tokens_is_slowed_down()
    {
        await OpenAsync();
        using var browser = app.NewBrowser();
        for (var i = 0; i < AttemptThrottle.FreeAttempts; i++)
            (await FinishAsync(browser, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Code.ShouldBe("accounts.link_invalid");

        (await FinishAsync(browser, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("a@x.org,b@y.org")]
    [InlineData("a@x.org\r\nBcc: b@y.org")]
    public async Task What_is_no_address_is_refused(string email)
    {
        await OpenAsync();
        using var browser = app.NewBrowser();

        (await browser.PostAsync("sign-up", new { email })).Code.ShouldBe("accounts.email_invalid");
    }

    async Task OpenAsync(string mode = "open") => (await owner.PutAsync("settings", new { signUp = mode })).Status.ShouldBe(HttpStatusCode.OK);

    static Task<Answer> FinishAsync(Browser browser, string token, string password = NewPassword)
        => browser.PostAsync("sign-up/finish", new { token, displayName = "Bruno", password, locale = "vi" });
}
