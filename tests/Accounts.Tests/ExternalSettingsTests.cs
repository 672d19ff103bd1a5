using System.Net;
using JeanTrail.Kernel.Security;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Accounts.Tests;

/// <summary>Connected accounts in a person's settings, and the providers in the owner's.</summary>
public sealed class ExternalSettingsTests(OwnedServer server) : ExternalTest(server)
{
    [Fact]
    public async Task A_connected_account_signs_in()
    {
        (await LinkAsync(Owner)).Status.ShouldBe(HttpStatusCode.NoContent);

        var link = (await Owner.GetAsync("external/links"))["items"][0];
        (link.GetProperty("name").GetString(), link.GetProperty("label").GetString()).ShouldBe(("Harbour", "zoe@example.org"));
        using var browser = App.NewBrowser();
        (await EnterAsync(browser))["user"].GetProperty("email").GetString().ShouldBe("ada@example.org");
        (await ActsAsync()).ShouldBe(["accounts.identity-provider.added", "accounts.identity.linked"]);
    }

    [Fact]
    public async Task A_disconnected_account_does_not()
    {
        await LinkAsync(Owner);

        (await Owner.DeleteAsync($"external/links/{Provider}")).Status.ShouldBe(HttpStatusCode.NoContent);

        using var browser = App.NewBrowser();
        (await EnterAsync(browser)).Code.ShouldBe("accounts.sign_up_closed");
        (await Owner.DeleteAsync($"external/links/{Provider}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ActsAsync())[^1].ShouldBe("accounts.identity.unlinked");
    }

    [Fact]
    public async Task The_only_way_in_stays_connected()
    {
        await OpenSignUpAsync();
        using var zoe = App.NewBrowser();
        await EnterAsync(zoe);

        (await zoe.DeleteAsync($"external/links/{Provider}")).Code.ShouldBe("accounts.last_way_in");

        using var phone = new SoftAuthenticator(App.Address);
        (await zoe.PostAsync("passkeys", phone.Create(await zoe.PostAsync("passkeys/options")))).Status.ShouldBe(HttpStatusCode.Created);
        (await zoe.DeleteAsync($"external/links/{Provider}")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_account_elsewhere_is_connected_to_one_person_and_a_person_to_one_of_them()
    {
        await LinkAsync(Owner);
        using var bob = await App.NewMemberAsync();
        (await LinkAsync(bob)).Code.ShouldBe("accounts.external_taken");
        Issuer.Subject = "another";

        (await LinkAsync(Owner)).Code.ShouldBe("accounts.external_taken");
        (await LinkAsync(bob)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Connecting_asks_for_a_recent_proof_and_ends_with_its_person()
    {
        using var bob = await App.NewMemberAsync();
        var back = await OidcIssuer.VisitAsync((await Owner.PostAsync($"external/{Provider}/link"))["url"].GetString()!);
        (await bob.PostAsync("external/links", Body(back))).Code.ShouldBe("accounts.ceremony_ended");
        await LinkAsync(Owner);
        App.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));

        (await Owner.PostAsync($"external/{Provider}/link")).Code.ShouldBe("accounts.proof_needed");
        (await Owner.DeleteAsync($"external/links/{Provider}")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task The_owner_sees_providers_without_their_secrets()
    {
        var listed = (await Owner.GetAsync("identity-providers"))["items"][0];

        listed.GetProperty("hasSecret").GetBoolean().ShouldBeTrue();
        listed.GetProperty("issuer").GetString().ShouldBe(Issuer.Issuer);
        listed.GetProperty("redirectUri").GetString().ShouldEndWith($"/sign-in/with/{Provider}");
        listed.ToString().ShouldNotContain("secret:");
        var kept = await App.Db.FindAsync<byte[]>("select client_secret from accounts.identity_provider", null, default);
        System.Text.Encoding.Latin1.GetString(kept!).ShouldNotContain("secret");
        using var browser = App.NewBrowser();
        (await browser.GetAsync("external"))["items"][0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "kind", "name"]);
    }

    [Fact]
    public async Task Others_do_not_see_or_change_providers()
    {
        using var admin = await App.NewMemberAsync(role: "admin");

        (await admin.GetAsync("identity-providers")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.PostAsync("identity-providers", new { kind = "google", name = "Google", clientId = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await admin.DeleteAsync($"identity-providers/{Provider}")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Changing_providers_asks_for_a_recent_proof()
    {
        App.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));

        (await Owner.PostAsync("identity-providers", new { kind = "google", name = "Google", clientId = "x" })).Code.ShouldBe("accounts.proof_needed");
        (await Owner.PutAsync($"identity-providers/{Provider}", new { name = "x", clientId = "x", enabled = true })).Code.ShouldBe("accounts.proof_needed");
        (await Owner.DeleteAsync($"identity-providers/{Provider}")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task A_change_keeps_the_secret_unless_there_is_a_new_one()
    {
        await OpenSignUpAsync();
        await Owner.PutAsync($"identity-providers/{Provider}", new { name = "Port", clientId = OidcIssuer.ClientId, enabled = true });
        using var browser = App.NewBrowser();
        (await EnterAsync(browser)).Status.ShouldBe(HttpStatusCode.OK);
        await Owner.PutAsync($"identity-providers/{Provider}", new { name = "Port", clientId = OidcIssuer.ClientId, enabled = true, clientSecret = "wrong" });

        (await EnterAsync(browser)).Code.ShouldBe("accounts.external_refused");
    }

    [Fact]
    public async Task A_provider_that_is_forgotten_takes_its_connections_along()
    {
        await LinkAsync(Owner);

        (await Owner.DeleteAsync($"identity-providers/{Provider}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await Owner.GetAsync("external/links"))["items"].GetArrayLength().ShouldBe(0);
        (await Owner.DeleteAsync($"identity-providers/{Provider}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("ftp://id.example.org", "kernel.url_invalid")]
    [InlineData("http://169.254.169.254", "kernel.address_refused")]
    [InlineData("not an address", "kernel.url_invalid")]
    [InlineData(null, "kernel.url_invalid")]
    public async Task An_issuer_that_cannot_be_one_is_refused(string? issuer, string code)
        => (await Owner.PostAsync("identity-providers", new { kind = "oidc", name = "X", clientId = "x", issuer })).Code.ShouldBe(code);

    [Fact]
    public async Task An_issuer_that_calls_itself_something_else_is_refused()
    {
        Issuer.CallsItself = "https://accounts.google.com";

        (await Owner.PostAsync("identity-providers", new { kind = "oidc", name = "X", clientId = "x", issuer = Issuer.Issuer })).Code.ShouldBe("accounts.issuer_invalid");
    }

    [Fact]
    public async Task Google_and_GitHub_need_no_address()
    {
        (await RegisterAsync(new { kind = "google", name = "Google", clientId = "x", clientSecret = "y" }))["issuer"].GetString().ShouldBe("https://accounts.google.com");
        (await RegisterAsync(new { kind = "github", name = "GitHub", clientId = "x", clientSecret = "y" }))["issuer"].GetString().ShouldBe("https://github.com");
    }

    [Fact]
    public async Task Private_networks_and_plain_http_are_refused_unless_the_configuration_allows_them()
    {
        await using var strict = await AccountsApp.StartAsync(Server, new FakeClock(App.Clock.GetUtcNow()), new NodeLink(), ("Accounts:PrivateIdentityProviders", "false"));
        using var owner = strict.NewBrowser();
        await owner.SignInAsync();

        (await owner.PostAsync("identity-providers", new { kind = "oidc", name = "X", clientId = "x", issuer = Issuer.Issuer })).Code.ShouldBe("kernel.address_refused");
        (await owner.PostAsync("identity-providers", new { kind = "oidc", name = "X", clientId = "x", issuer = "http://id.example.org" })).Code.ShouldBe("accounts.issuer_not_https");
        // One that was allowed before is not asked either.
        using var browser = strict.NewBrowser();
        (await browser.PostAsync($"external/{Provider}/sign-in")).Code.ShouldBe("kernel.address_refused");
    }

    async Task<IReadOnlyList<string>> ActsAsync()
        => await App.Db.QueryAsync<string>("select act from kernel.audit where act like 'accounts.identity%' and position > @Before order by position", new { Before = Server.AuditBefore }, default);
}
