using System.Net;
using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Accounts.Passkeys;
using JeanTrail.Kernel.Security;

namespace JeanTrail.Accounts.Tests;

public sealed class PasskeyTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;
    SoftAuthenticator phone = null!;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        phone = new SoftAuthenticator(app.Address);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        phone.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_passkey_is_added_listed_renamed_and_removed()
    {
        var added = await AddAsync();

        added["name"].GetString().ShouldBe("A phone");
        added["backedUp"].GetBoolean().ShouldBeTrue();
        var id = added["id"].GetGuid();
        (await owner.PutAsync($"passkeys/{id}", new { name = " My phone " })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync()).ShouldBe(["My phone"]);
        (await owner.DeleteAsync($"passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await ListAsync()).ShouldBeEmpty();
        (await owner.DeleteAsync($"passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ActsAsync()).ShouldBe(["accounts.passkey.added", "accounts.passkey.removed"]);
        (await new Mailbox(owner).KindsAsync("ada@example.org")).ShouldBe(["passkey-added"]);
    }

    [Fact]
    public async Task It_signs_in_without_an_address()
    {
        await AddAsync();
        using var browser = app.NewBrowser();

        var options = await browser.PostAsync("sign-in/passkey/options");
        options["options"].GetProperty("credentials").GetArrayLength().ShouldBe(0);
        options["options"].GetProperty("relyingParty").GetString().ShouldBe("localhost");
        var entered = await browser.PostAsync("sign-in/passkey", phone.Use(options));

        entered.Status.ShouldBe(HttpStatusCode.OK);
        entered["user"].GetProperty("email").GetString().ShouldBe("ada@example.org");
        (await browser.GetAsync("passkeys")).Json.GetProperty("items")[0].GetProperty("lastUsedAt").GetDateTimeOffset().ShouldBe(app.Clock.GetUtcNow(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task It_counts_as_both_factors()
    {
        await AddAsync();
        await Authenticator.TurnOnAsync(owner, app.Clock);
        using var browser = app.NewBrowser();

        (await EnterAsync(browser)).Status.ShouldBe(HttpStatusCode.OK);

        (await browser.PostAsync("two-factor/recovery-codes")).Status.ShouldBe(HttpStatusCode.OK, "it is a recent proof too");
        const string Sql = "select second_factor from accounts.session order by created_at desc, session_id desc limit 1";
        (await app.Db.FindAsync<bool>(Sql, null, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_is_taken_once()
    {
        await AddAsync();
        using var browser = app.NewBrowser();
        var body = phone.Use(await browser.PostAsync("sign-in/passkey/options"));
        (await browser.PostAsync("sign-in/passkey", body)).Status.ShouldBe(HttpStatusCode.OK);

        var again = await browser.PostAsync("sign-in/passkey", body);

        again.Code.ShouldBe("accounts.ceremony_ended");
    }

    [Fact]
    public async Task A_challenge_belongs_to_the_browser_that_asked_for_it_and_is_not_spoilt_by_others()
    {
        await AddAsync();
        using var mine = app.NewBrowser();
        using var thief = app.NewBrowser();
        using var fresh = app.NewBrowser();
        var body = phone.Use(await mine.PostAsync("sign-in/passkey/options"));
        await thief.PostAsync("sign-in/passkey/options");

        (await thief.PostAsync("sign-in/passkey", body)).Code.ShouldBe("accounts.ceremony_ended");
        (await fresh.PostAsync("sign-in/passkey", body)).Code.ShouldBe("accounts.ceremony_ended");

        (await mine.PostAsync("sign-in/passkey", body)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_tabs_of_a_browser_do_not_spoil_each_other()
    {
        await AddAsync();
        using var browser = app.NewBrowser();
        var first = await browser.PostAsync("sign-in/passkey/options");
        await browser.PostAsync("sign-in/passkey/options");

        (await browser.PostAsync("sign-in/passkey", phone.Use(first))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_challenge_ends_after_ten_minutes()
    {
        await AddAsync();
        using var browser = app.NewBrowser();
        var options = await browser.PostAsync("sign-in/passkey/options");
        app.Clock.Advance(CeremonyStore.Lifetime);

        (await browser.PostAsync("sign-in/passkey", phone.Use(options))).Code.ShouldBe("accounts.ceremony_ended");
        await app.Upkeep.RunAsync(default);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("scheme")]
    [InlineData("port")]
    [InlineData("cross-origin")]
    [InlineData("relying-party")]
    [InlineData("not-verified")]
    [InlineData("not-present")]
    [InlineData("type")]
    [InlineData("signature")]
    [InlineData("other-key")]
    [InlineData("user-handle")]
    [InlineData("unknown")]
    public async Task What_does_not_fit_is_refused(string fault)
    {
        await AddAsync();
        using var browser = app.NewBrowser();
        using var other = new SoftAuthenticator(app.Address) { CredentialId = phone.CredentialId, UserHandle = phone.UserHandle };
        using var unknown = new SoftAuthenticator(app.Address) { UserHandle = phone.UserHandle };
        var answering = fault switch { "other-key" => other, "unknown" => unknown, _ => phone };
        switch (fault)
        {
            case "origin": phone.Origin = $"http://localhost.evil.example:{app.Address.Port}"; break;
            case "scheme": phone.Origin = $"https://localhost:{app.Address.Port}"; break;
            case "port": phone.Origin = "http://localhost:1"; break;
            case "cross-origin": phone.CrossOrigin = true; break;
            case "relying-party": phone.RelyingParty = "evil.example"; break;
            case "not-verified": phone.Verifies = false; break;
            case "not-present": phone.Present = false; break;
            case "user-handle": phone.UserHandle = "MDE5Y2FkOWMtOTE0MC03YTMxLThmMDQtNWMyZTliN2Q2YTEw"; break;
        }

        var options = await browser.PostAsync("sign-in/passkey/options");
        var refused = await browser.PostAsync("sign-in/passkey", answering.Use(options, fault == "type" ? "webauthn.create" : "webauthn.get", spoil: fault == "signature"));

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Code.ShouldBe("accounts.passkey_refused");
        (await browser.GetAsync("session")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying-party")]
    [InlineData("not-verified")]
    [InlineData("type")]
    public async Task A_new_one_that_does_not_fit_is_refused(string fault)
    {
        switch (fault)
        {
            case "origin": phone.Origin = "https://evil.example"; break;
            case "relying-party": phone.RelyingParty = "evil.example"; break;
            case "not-verified": phone.Verifies = false; break;
        }

        var options = await owner.PostAsync("passkeys/options");
        var refused = await owner.PostAsync("passkeys", phone.Create(options, type: fault == "type" ? "webauthn.get" : "webauthn.create"));

        refused.Code.ShouldBe("accounts.passkey_refused");
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_counter_that_does_not_rise_is_refused_and_put_on_the_record()
    {
        phone.Counter = 4;
        await AddAsync();
        using var browser = app.NewBrowser();
        phone.Counter = 5;
        (await EnterAsync(browser)).Status.ShouldBe(HttpStatusCode.OK);

        using var thief = app.NewBrowser();
        (await EnterAsync(thief)).Code.ShouldBe("accounts.passkey_refused");
        phone.Counter = 3;
        (await EnterAsync(thief)).Code.ShouldBe("accounts.passkey_refused");
        phone.Counter = 0;
        (await EnterAsync(thief)).Code.ShouldBe("accounts.passkey_refused");

        (await ActsAsync()).Count(act => act == "accounts.passkey.counter-went-back").ShouldBe(3);
        phone.Counter = 6;
        (await EnterAsync(thief)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_known_passkey_is_not_added_again_and_what_is_there_is_named()
    {
        await AddAsync();
        var options = await owner.PostAsync("passkeys/options");

        options["options"].GetProperty("credentials").GetArrayLength().ShouldBe(1);
        (await owner.PostAsync("passkeys", phone.Create(options))).Code.ShouldBe("accounts.passkey_refused");
    }

    [Fact]
    public async Task A_passkey_of_somebody_else_is_out_of_reach()
    {
        var id = (await AddAsync())["id"].GetGuid();
        using var bob = await app.NewMemberAsync();

        (await bob.GetAsync("passkeys")).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        (await bob.PutAsync($"passkeys/{id}", new { name = "mine" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await bob.DeleteAsync($"passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ListAsync()).ShouldBe(["A phone"]);
    }

    [Fact]
    public async Task The_challenge_of_another_person_adds_nothing()
    {
        using var bob = await app.NewMemberAsync();
        var body = phone.Create(await owner.PostAsync("passkeys/options"));

        (await bob.PostAsync("passkeys", body)).Code.ShouldBe("accounts.ceremony_ended");
        var signIn = await owner.PostAsync("sign-in/passkey/options");
        (await owner.PostAsync("step-up/passkey", phone.Use(signIn))).Code.ShouldBe("accounts.ceremony_ended", "one kind finishes nothing of another");
    }

    [Fact]
    public async Task Adding_and_removing_ask_for_a_recent_proof_which_a_passkey_gives()
    {
        var id = (await AddAsync())["id"].GetGuid();
        app.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));
        (await owner.PostAsync("passkeys/options")).Code.ShouldBe("accounts.proof_needed");
        (await owner.DeleteAsync($"passkeys/{id}")).Code.ShouldBe("accounts.proof_needed");
        var ways = await owner.GetAsync("step-up");
        (ways["password"].GetBoolean(), ways["code"].GetBoolean(), ways["passkey"].GetBoolean()).ShouldBe((true, false, true));

        var options = await owner.PostAsync("step-up/passkey/options");
        options["options"].GetProperty("credentials").GetArrayLength().ShouldBe(1);
        (await owner.PostAsync("step-up/passkey", phone.Use(options))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await owner.DeleteAsync($"passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Somebody_elses_passkey_is_no_proof()
    {
        await AddAsync();
        using var bob = await app.NewMemberAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));

        (await bob.PostAsync("step-up/passkey", phone.Use(await bob.PostAsync("step-up/passkey/options")))).Code.ShouldBe("accounts.passkey_refused");

        (await bob.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task The_only_way_in_is_not_removed()
    {
        var id = (await AddAsync())["id"].GetGuid();
        await app.Db.ExecuteAsync("update accounts.user set password_hash = null", null, default);

        (await owner.DeleteAsync($"passkeys/{id}")).Code.ShouldBe("accounts.last_way_in");
        (await owner.SignInAsync()).Code.ShouldBe("accounts.credentials_wrong");

        using var second = new SoftAuthenticator(app.Address);
        (await owner.PostAsync("passkeys", second.Create(await owner.PostAsync("passkeys/options"), "A key"))).Status.ShouldBe(HttpStatusCode.Created);
        (await owner.DeleteAsync($"passkeys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_suspended_person_does_not_come_in()
    {
        using var bob = await app.NewMemberAsync();
        (await bob.PostAsync("passkeys", phone.Create(await bob.PostAsync("passkeys/options")))).Status.ShouldBe(HttpStatusCode.Created);
        await app.Db.ExecuteAsync("update accounts.user set disabled_at = now() where role = 'free'", null, default);
        using var browser = app.NewBrowser();

        (await EnterAsync(browser)).Code.ShouldBe("accounts.passkey_refused");
    }

    [Fact]
    public async Task There_are_no_more_than_twenty()
    {
        for (var i = 0; i < AddPasskey.MaxPasskeys; i++)
        {
            using var one = new SoftAuthenticator(app.Address);
            (await owner.PostAsync("passkeys", one.Create(await owner.PostAsync("passkeys/options")))).Status.ShouldBe(HttpStatusCode.Created);
        }

        (await owner.PostAsync("passkeys", phone.Create(await owner.PostAsync("passkeys/options")))).Code.ShouldBe("accounts.passkeys_full");
    }

    [Fact]
    public async Task Over_https_the_browsers_cookie_belongs_to_the_host()
    {
        using var browser = app.NewBrowser();
        browser.Https = true;

        var cookie = (await browser.PostAsync("sign-in/passkey/options")).Message.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();

        cookie.ShouldStartWith("__Host-jean-browser=");
        foreach (var attribute in (string[])["secure", "httponly", "samesite=strict", "path=/"])
            cookie.ShouldContain(attribute, Case.Insensitive);
    }

    async Task<Answer> AddAsync()
    {
        var added = await owner.PostAsync("passkeys", phone.Create(await owner.PostAsync("passkeys/options")));
        added.Status.ShouldBe(HttpStatusCode.Created, added.Json.ToString());
        return added;
    }

    async Task<Answer> EnterAsync(Browser browser) => await browser.PostAsync("sign-in/passkey", phone.Use(await browser.PostAsync("sign-in/passkey/options")));

    async Task<List<string?>> ListAsync() => [.. (await owner.GetAsync("passkeys"))["items"].EnumerateArray().Select(item => item.GetProperty("name").GetString())];

    async Task<IReadOnlyList<string>> ActsAsync()
        => await app.Db.QueryAsync<string>("select act from kernel.audit where act like 'accounts.passkey.%' and position > @Before order by position", new { Before = server.AuditBefore }, default);
}
