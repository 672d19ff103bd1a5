using System.Net;
using JeanTrail.Testing;

namespace JeanTrail.Accounts.Tests;

/// <summary>New passwords and signing in by letter.</summary>
public sealed class LetterLinkTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    const string Bob = "bob@example.org";
    const string NewPassword = "seven herons on a quiet lake";

    AccountsApp app = null!;
    Browser owner = null!;
    Browser member = null!;
    Mailbox mailbox = null!;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        member = await app.NewMemberAsync();
        mailbox = new Mailbox(owner);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        member.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_forgotten_password_is_set_anew_by_letter_and_everybody_is_signed_out()
    {
        using var browser = app.NewBrowser();
        (await browser.PostAsync("password/forgot", new { email = " BOB@example.org " })).Status.ShouldBe(HttpStatusCode.Accepted);
        var link = await mailbox.LinkAsync(Bob, "reset");
        link.AbsolutePath.ShouldBe("/reset");

        var answer = await browser.PostAsync("password/reset", new { token = link.Fragment.TrimStart('#'), password = NewPassword });

        answer.Status.ShouldBe(HttpStatusCode.NoContent);
        (await member.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        app.Closed.Sessions.ShouldHaveSingleItem();
        (await browser.SignInAsync(Bob)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.SignInAsync(Bob, NewPassword)).Status.ShouldBe(HttpStatusCode.OK);
        (await mailbox.KindsAsync(Bob)).ShouldBe(["password-changed", "reset"], ignoreOrder: true);
        (await browser.GetAsync("email"))["verifiedAt"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.String);
        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_link_signs_in_once()
    {
        using var browser = app.NewBrowser();
        using var thief = app.NewBrowser();
        (await browser.PostAsync("magic-link", new { email = Bob })).Status.ShouldBe(HttpStatusCode.Accepted);
        var link = await mailbox.LinkAsync(Bob, "magic");
        link.AbsolutePath.ShouldBe("/sign-in/magic");
        var token = link.Fragment.TrimStart('#');

        var answer = await browser.PostAsync("magic-link/enter", new { token });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["user"].GetProperty("email").GetString().ShouldBe(Bob);
        (await browser.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
        (await thief.PostAsync("magic-link/enter", new { token })).Code.ShouldBe("accounts.link_invalid");
        thief.Cookies.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("password/forgot")]
    [InlineData("magic-link")]
    public async Task Unknown_known_and_disabled_addresses_are_answered_alike(string path)
    {
        using var browser = app.NewBrowser();
        using var gone = await app.NewMemberAsync("gone@example.org");
        await app.Db.ExecuteAsync("update accounts.user set disabled_at = created_at where email_key = 'gone@example.org'", null, default);

        var known = await browser.PostAsync(path, new { email = Bob });
        var unknown = await browser.PostAsync(path, new { email = "nobody@example.org" });
        var disabled = await browser.PostAsync(path, new { email = "gone@example.org" });
        var again = await browser.PostAsync(path, new { email = "nobody@example.org" });

        known.Status.ShouldBe(HttpStatusCode.Accepted);
        foreach (var other in new[] { unknown, disabled, again })
            Told(other).ShouldBe(Told(known));
        (await mailbox.LettersAsync()).Select(letter => letter.GetProperty("recipient").GetString()).ShouldBe([Bob]);
        // As much is written for nobody as for somebody.
        (await app.Db.FindAsync<int>("select count(*)::int from accounts.proof", null, default)).ShouldBe(3);

        static string Told(Answer answer) => string.Join('|', answer.Status, answer.Json, answer.Message.Content.Headers.ContentLength,
            string.Join(',', answer.Message.Headers.Where(header => header.Key != "Date").Select(header => $"{header.Key}={string.Join(';', header.Value)}").Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("password/forgot", "reset", 30)]
    [InlineData("magic-link", "magic", 15)]
    public async Task A_token_ends_in_time(string path, string kind, int minutes)
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync(path, new { email = Bob });
        var token = await mailbox.TokenAsync(Bob, kind);

        app.Clock.Advance(TimeSpan.FromMinutes(minutes));

        (await UseAsync(browser, kind, token)).Code.ShouldBe("accounts.link_invalid");
    }

    [Theory]
    [InlineData("password/forgot", "reset")]
    [InlineData("magic-link", "magic")]
    public async Task A_used_token_is_refused(string path, string kind)
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync(path, new { email = Bob });
        var token = await mailbox.TokenAsync(Bob, kind);
        (await UseAsync(browser, kind, token)).Message.IsSuccessStatusCode.ShouldBeTrue();

        (await UseAsync(browser, kind, token)).Code.ShouldBe("accounts.link_invalid");
    }

    [Theory]
    [InlineData("password/forgot", "reset")]
    [InlineData("magic-link", "magic")]
    public async Task Of_two_at_once_exactly_one_wins(string path, string kind)
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync(path, new { email = Bob });
        var token = await mailbox.TokenAsync(Bob, kind);
        var browsers = Enumerable.Range(0, 4).Select(_ => app.NewBrowser()).ToList();

        var answers = await Task.WhenAll(browsers.Select(each => UseAsync(each, kind, token)));

        answers.Count(answer => answer.Message.IsSuccessStatusCode).ShouldBe(1);
        answers.Where(answer => !answer.Message.IsSuccessStatusCode).ShouldAllBe(answer => answer.Code == "accounts.link_invalid");
        browsers.ForEach(each => each.Dispose());
    }

    [Theory]
    [InlineData("password/forgot", "reset", "magic")]
    [InlineData("magic-link", "magic", "reset")]
    [InlineData("magic-link", "magic", "confirm")]
    [InlineData("magic-link", "magic", "undo")]
    [InlineData("password/forgot", "reset", "confirm")]
    public async Task A_token_opens_nothing_but_what_it_is_for(string path, string kind, string other)
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync(path, new { email = Bob });
        var token = await mailbox.TokenAsync(Bob, kind);

        (await UseAsync(browser, other, token)).Code.ShouldBe("accounts.link_invalid");

        (await UseAsync(browser, kind, token)).Message.IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_newer_link_ends_the_older_one_and_a_mailbox_is_not_flooded()
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync("magic-link", new { email = Bob });
        await browser.PostAsync("magic-link", new { email = Bob });
        (await mailbox.KindsAsync(Bob)).ShouldBe(["magic"]);
        var older = await mailbox.TokenAsync(Bob, "magic");

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.PostAsync("magic-link", new { email = Bob });
        var newer = await mailbox.TokenAsync(Bob, "magic");

        (await UseAsync(browser, "magic", older)).Code.ShouldBe("accounts.link_invalid");
        (await UseAsync(browser, "magic", newer)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_new_password_ends_the_links_that_were_sent_before()
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync("magic-link", new { email = Bob });
        await browser.PostAsync("password/forgot", new { email = Bob });
        var magic = await mailbox.TokenAsync(Bob, "magic");

        (await UseAsync(browser, "reset", await mailbox.TokenAsync(Bob, "reset"))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await UseAsync(browser, "magic", magic)).Code.ShouldBe("accounts.link_invalid");
    }

    [Theory]
    [InlineData("reset", "password/forgot")]
    [InlineData("magic", "magic-link")]
    public async Task Who_was_disabled_does_not_come_in_by_letter(string kind, string path)
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync(path, new { email = Bob });
        var token = await mailbox.TokenAsync(Bob, kind);
        await app.Db.ExecuteAsync("update accounts.user set disabled_at = created_at where email_key = @Bob", new { Bob }, default);

        (await UseAsync(browser, kind, token)).Code.ShouldBe("accounts.link_invalid");
    }

    [Fact]
    public async Task A_weak_password_does_not_use_the_token_up()
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync("password/forgot", new { email = Bob });
        var token = await mailbox.TokenAsync(Bob, "reset");

        (await browser.PostAsync("password/reset", new { token, password = "password123" })).Code.ShouldBe("accounts.password_weak");

        (await UseAsync(browser, "reset", token)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("password/forgot", "reset")]
    [InlineData("magic-link", "magic")]
    public async Task The_host_header_does_not_decide_where_links_lead(string path, string kind)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, $"/api/accounts/{path}")) { Content = System.Net.Http.Json.JsonContent.Create(new { email = Bob }) };
        request.Headers.Host = "evil.example.com";
        request.Headers.Add("X-Forwarded-Host", "evil.example.com");
        request.Headers.Add("Forwarded", "host=evil.example.com");
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var link = await mailbox.LinkAsync(Bob, kind);

        link.GetLeftPart(UriPartial.Authority).ShouldBe(app.Address.GetLeftPart(UriPartial.Authority));
        (await mailbox.ReadAsync(Bob, kind)).ShouldNotContain("evil.example");
    }

    [Fact]
    public async Task Links_lead_to_the_public_address_where_one_is_set()
    {
        await using var node = await AccountsApp.StartAsync(server, new FakeClock(), new NodeLink(), ("Edge:PublicUrl", "https://jean.example.org"));
        using var browser = node.NewBrowser();
        await browser.PostAsync("magic-link", new { email = Bob });

        (await mailbox.LinkAsync(Bob, "magic")).AbsoluteUri.ShouldStartWith("https://jean.example.org/sign-in/magic#");
    }

    [Theory]
    [InlineData("en", "Hello,")]
    [InlineData("ar", "مرحبًا،")]
    [InlineData("vi", "Xin chào,")]
    [InlineData("ru", "Здравствуйте!")]
    public async Task A_letter_is_in_the_persons_language(string locale, string greeting)
    {
        await member.PutAsync("preferences", new { locale, theme = "dark", density = "compact" });
        using var browser = app.NewBrowser();

        await browser.PostAsync("magic-link", new { email = Bob, locale = "en" });

        (await mailbox.ReadAsync(Bob, "magic")).ShouldStartWith(greeting);
    }

    [Fact]
    public async Task Tokens_are_stored_as_hashes_and_never_logged()
    {
        using var browser = app.NewBrowser();
        await browser.PostAsync("magic-link", new { email = Bob });
        await browser.PostAsync("password/forgot", new { email = Bob });
        var magic = await mailbox.TokenAsync(Bob, "magic");
        var reset = await mailbox.TokenAsync(Bob, "reset");
        await UseAsync(browser, "magic", magic);
        await UseAsync(browser, "reset", reset);

        var rows = await app.Db.FindAsync<string>("select coalesce(string_agg(p::text, ' '), '') from accounts.proof p", null, default);

        foreach (var token in new[] { magic, reset })
        {
            rows.ShouldNotBeNull().ShouldNotContain(token);
            app.Logs.AllText.ShouldNotContain(token);
        }

        app.Logs.AllText.ShouldNotContain(NewPassword);
    }

    [Fact]
    public async Task Asking_too_often_is_slowed_down_whether_or_not_somebody_has_the_address()
    {
        foreach (var email in new[] { Bob, "nobody@example.org" })
        {
            using var browser = app.NewBrowser();
            for (var i = 0; i < SignIn.AttemptThrottle.FreeAttempts; i++)
                (await browser.PostAsync("password/forgot", new { email })).Status.ShouldBe(HttpStatusCode.Accepted);
            (await browser.PostAsync("password/forgot", new { email })).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_password_is_changed_with_the_current_one_and_other_places_are_signed_out()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync(Bob);

        (await member.PutAsync("password", new { current = "a loud river at dawn", password = NewPassword })).Code.ShouldBe("accounts.password_wrong");
        (await member.PutAsync("password", new { current = AccountsApp.Password, password = "password123" })).Code.ShouldBe("accounts.password_weak");
        (await member.PutAsync("password", new { current = AccountsApp.Password, password = NewPassword })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await member.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
        (await phone.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await phone.SignInAsync(Bob, NewPassword)).Status.ShouldBe(HttpStatusCode.OK);
        (await mailbox.KindsAsync(Bob)).ShouldBe(["password-changed"]);
    }

    [Fact]
    public async Task Guessing_the_current_password_from_a_borrowed_session_is_slowed_down()
    {
        for (var i = 0; i < SignIn.AttemptThrottle.FreeAttempts; i++)
            (await member.PutAsync("password", new { current = "a loud river at dawn", password = NewPassword })).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await member.PutAsync("password", new { current = AccountsApp.Password, password = NewPassword })).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    Task<Answer> UseAsync(Browser browser, string kind, string token) => kind switch
    {
        "reset" => browser.PostAsync("password/reset", new { token, password = NewPassword }),
        "magic" => browser.PostAsync("magic-link/enter", new { token }),
        "confirm" => browser.PostAsync("email/confirm", new { token }),
        _ => browser.PostAsync("email/undo", new { token }),
    };
}
