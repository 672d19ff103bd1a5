using System.Net;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Accounts.Tests;

/// <summary>Who comes in by an identity provider, and who does not.</summary>
public sealed class ExternalSignInTests(OwnedServer server) : ExternalTest(server)
{
    [Fact]
    public async Task Somebody_new_gets_an_account_where_sign_up_is_open()
    {
        await OpenSignUpAsync();
        using var browser = App.NewBrowser();

        var entered = await EnterAsync(browser);

        entered.Status.ShouldBe(HttpStatusCode.OK, entered.Json.ToString());
        var user = entered["user"];
        (user.GetProperty("email").GetString(), user.GetProperty("displayName").GetString(), user.GetProperty("role").GetString()).ShouldBe(("zoe@example.org", "Zoe", "free"));
        entered["preferences"].GetProperty("locale").GetString().ShouldBe("vi");
        (await browser.GetAsync("email"))["verifiedAt"].ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Null);
        var ways = await browser.GetAsync("step-up");
        (ways["password"].GetBoolean(), ways["code"].GetBoolean(), ways["passkey"].GetBoolean()).ShouldBe((false, false, false));
    }

    [Fact]
    public async Task They_come_back_by_their_subject_whatever_their_address_is_now()
    {
        await OpenSignUpAsync();
        using var first = App.NewBrowser();
        var id = (await EnterAsync(first))["user"].GetProperty("id").GetString();
        await Owner.PutAsync("settings", new { signUp = "closed" });
        (Issuer.Email, Issuer.EmailVerified) = ("another@example.org", false);
        using var second = App.NewBrowser();

        var again = await EnterAsync(second);

        again.Status.ShouldBe(HttpStatusCode.OK);
        again["user"].GetProperty("id").GetString().ShouldBe(id);
        again["user"].GetProperty("email").GetString().ShouldBe("zoe@example.org");
    }

    [Fact]
    public async Task An_address_that_has_an_account_is_not_connected_by_itself()
    {
        await OpenSignUpAsync();
        Issuer.Email = "ada@example.org";
        using var browser = App.NewBrowser();

        (await EnterAsync(browser)).Code.ShouldBe("accounts.external_not_linked");

        await ShouldBeOutsideAsync(browser);
        (await App.Db.FindAsync<int>("select count(*)::int from accounts.external_identity", null, default)).ShouldBe(0);
    }

    [Theory]
    [InlineData("ada@example.org")]
    [InlineData("nobody@example.org")]
    public async Task An_address_that_is_not_verified_makes_no_account_and_tells_nothing(string email)
    {
        await OpenSignUpAsync();
        (Issuer.Email, Issuer.EmailVerified) = (email, false);
        using var browser = App.NewBrowser();

        (await EnterAsync(browser)).Code.ShouldBe("accounts.external_unverified");
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("invited")]
    public async Task Nobody_new_comes_in_where_sign_up_is_not_open(string mode)
    {
        await Owner.PutAsync("settings", new { signUp = mode });
        using var browser = App.NewBrowser();

        (await EnterAsync(browser)).Code.ShouldBe("accounts.sign_up_closed");

        await ShouldBeOutsideAsync(browser);
    }

    [Fact]
    public async Task The_second_factor_is_asked_for_as_after_a_password()
    {
        (await LinkAsync(Owner)).Status.ShouldBe(HttpStatusCode.NoContent);
        var authenticator = await Authenticator.TurnOnAsync(Owner, App.Clock);
        using var browser = App.NewBrowser();

        var halfway = await EnterAsync(browser);

        halfway.Status.ShouldBe(HttpStatusCode.Accepted);
        await ShouldBeOutsideAsync(browser);
        (await browser.PostAsync("sign-in/second-factor", new { ticket = halfway["ticket"].GetString(), code = authenticator.Code() })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_suspended_person_does_not_come_in()
    {
        await OpenSignUpAsync();
        using var browser = App.NewBrowser();
        await EnterAsync(browser);
        await App.Db.ExecuteAsync("update accounts.user set disabled_at = now() where role = 'free'", null, default);
        using var again = App.NewBrowser();

        (await EnterAsync(again)).Code.ShouldBe("accounts.external_refused");
    }

    [Fact]
    public async Task A_provider_that_was_turned_off_lets_nobody_in_not_even_those_on_their_way()
    {
        await LinkAsync(Owner);
        using var browser = App.NewBrowser();
        var back = await GoAsync(browser);
        (await Owner.PutAsync($"identity-providers/{Provider}", new { name = "Harbour", clientId = OidcIssuer.ClientId, enabled = false })).Status.ShouldBe(HttpStatusCode.OK);

        (await FinishAsync(browser, back)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.PostAsync($"external/{Provider}/sign-in")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.GetAsync("external"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_the_provider_tells_later_counts_too()
    {
        await OpenSignUpAsync();
        Issuer.TellsAddressLater = true;
        using var browser = App.NewBrowser();

        (await EnterAsync(browser))["user"].GetProperty("email").GetString().ShouldBe("zoe@example.org");
    }

    [Fact]
    public async Task GitHub_lets_in_with_its_primary_address()
    {
        await OpenSignUpAsync();
        await using var site = await GitHubSite.StartAsync();
        var provider = await RegisterGitHubAsync(site);
        using var browser = App.NewBrowser();

        var entered = await EnterAsync(browser, provider);

        entered.Status.ShouldBe(HttpStatusCode.OK, entered.Json.ToString());
        entered["user"].GetProperty("email").GetString().ShouldBe("octavia@example.org");
        entered["user"].GetProperty("displayName").GetString().ShouldBe("octavia");
        using var again = App.NewBrowser();
        site.Email = "new@example.org";
        (await EnterAsync(again, provider))["user"].GetProperty("email").GetString().ShouldBe("octavia@example.org");
    }

    [Theory]
    [InlineData(false, false, "accounts.external_unverified")]
    [InlineData(true, true, "accounts.external_refused")]
    public async Task GitHub_is_not_believed_without_a_token_or_a_verified_address(bool verified, bool refuses, string code)
    {
        await OpenSignUpAsync();
        await using var site = await GitHubSite.StartAsync();
        (site.EmailVerified, site.RefusesCodes) = (verified, refuses);
        var provider = await RegisterGitHubAsync(site);
        using var browser = App.NewBrowser();

        (await EnterAsync(browser, provider)).Code.ShouldBe(code);
    }

    async Task<Guid> RegisterGitHubAsync(GitHubSite site)
        => (await RegisterAsync(new { kind = "github", name = "GitHub", issuer = site.Address, clientId = GitHubSite.ClientId, clientSecret = GitHubSite.ClientSecret }))["id"].GetGuid();
}
