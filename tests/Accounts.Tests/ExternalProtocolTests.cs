using System.Net;
using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Accounts.External;
using JeanTrail.Testing.Simulators;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Accounts.Tests;

/// <summary>The authorization code flow, against those who meddle with it.</summary>
public sealed class ExternalProtocolTests(OwnedServer server) : ExternalTest(server)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await OpenSignUpAsync();
    }

    [Fact]
    public async Task The_person_is_sent_away_with_all_that_the_flow_needs()
    {
        using var browser = App.NewBrowser();

        var url = new Uri((await browser.PostAsync($"external/{Provider}/sign-in"))["url"].GetString()!);

        url.GetLeftPart(UriPartial.Path).ShouldBe($"{Issuer.Issuer}/authorize");
        var query = QueryHelpers.ParseQuery(url.Query);
        query["response_type"].ToString().ShouldBe("code");
        query["code_challenge_method"].ToString().ShouldBe("S256");
        query["redirect_uri"].ToString().ShouldBe($"{App.Address.GetLeftPart(UriPartial.Authority)}/sign-in/with/{Provider}");
        foreach (var secret in (string[])["state", "nonce", "code_challenge"])
            query[secret].ToString().Length.ShouldBe(43);
    }

    [Fact]
    public async Task State_is_taken_once()
    {
        using var browser = App.NewBrowser();
        var back = await GoAsync(browser);
        (await FinishAsync(browser, back)).Status.ShouldBe(HttpStatusCode.OK);

        (await FinishAsync(browser, back)).Code.ShouldBe("accounts.ceremony_ended");
    }

    [Fact]
    public async Task State_belongs_to_the_browser_that_began()
    {
        using var victim = App.NewBrowser();
        using var attacker = App.NewBrowser();
        await GoAsync(victim);
        var back = await GoAsync(attacker);

        // The victim's browser is made to open the attacker's way back: it must not be signed in as them.
        (await FinishAsync(victim, back)).Code.ShouldBe("accounts.ceremony_ended");
        await ShouldBeOutsideAsync(victim);
    }

    [Fact]
    public async Task State_ends_after_ten_minutes()
    {
        using var browser = App.NewBrowser();
        var back = await GoAsync(browser);
        App.Clock.Advance(CeremonyStore.Lifetime);

        (await FinishAsync(browser, back)).Code.ShouldBe("accounts.ceremony_ended");
    }

    [Fact]
    public async Task State_that_nobody_made_is_refused()
    {
        using var browser = App.NewBrowser();
        var back = new Dictionary<string, string>(await GoAsync(browser), StringComparer.Ordinal) { ["state"] = new string('A', 43) };

        (await FinishAsync(browser, back)).Code.ShouldBe("accounts.ceremony_ended");
    }

    [Fact]
    public async Task What_was_begun_for_signing_in_connects_nothing_and_the_other_way_round()
    {
        using var member = await App.NewMemberAsync();
        var signIn = await GoAsync(member);
        (await member.PostAsync("external/links", Body(signIn))).Code.ShouldBe("accounts.ceremony_ended");

        var link = await OidcIssuer.VisitAsync((await member.PostAsync($"external/{Provider}/link"))["url"].GetString()!);
        (await FinishAsync(member, link)).Code.ShouldBe("accounts.ceremony_ended");
    }

    [Fact]
    public async Task The_answer_of_another_provider_is_refused_before_its_code_is_shown_to_anybody()
    {
        await using var other = await OidcIssuer.StartAsync(App.Clock);
        var id = (await RegisterAsync(new { kind = "oidc", name = "Other", issuer = other.Issuer, clientId = OidcIssuer.ClientId, clientSecret = OidcIssuer.ClientSecret }))["id"].GetGuid();
        using var browser = App.NewBrowser();

        // Another page of ours than that of the provider it began with.
        (await FinishAsync(browser, await GoAsync(browser), id)).Code.ShouldBe("accounts.ceremony_ended");
        // The right page, and the name of another issuer.
        var mixed = new Dictionary<string, string>(await GoAsync(browser), StringComparer.Ordinal) { ["iss"] = other.Issuer };
        (await FinishAsync(browser, mixed)).Code.ShouldBe("accounts.external_refused");
        // One that says it always names itself, and does not.
        var silent = new Dictionary<string, string>(await GoAsync(browser), StringComparer.Ordinal);
        silent.Remove("iss");
        (await FinishAsync(browser, silent)).Code.ShouldBe("accounts.external_refused");
        await ShouldBeOutsideAsync(browser);
    }

    [Theory]
    [InlineData("access_denied", "accounts.external_denied")]
    [InlineData("server_error", "accounts.external_refused")]
    public async Task A_refusal_of_the_provider_is_told(string error, string code)
    {
        Issuer.Refuses = error;
        using var browser = App.NewBrowser();

        (await EnterAsync(browser)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_made_up_code_is_refused()
    {
        using var browser = App.NewBrowser();
        var back = new Dictionary<string, string>(await GoAsync(browser), StringComparer.Ordinal) { ["code"] = "made-up" };

        (await FinishAsync(browser, back)).Code.ShouldBe("accounts.external_refused");
    }

    [Fact]
    public async Task The_code_of_another_browsers_flow_is_refused()
    {
        using var browser = App.NewBrowser();
        using var attacker = App.NewBrowser();
        var stolen = await GoAsync(attacker);
        // Injected into a flow of the victim's own: PKCE and the nonce do not fit.
        var back = new Dictionary<string, string>(await GoAsync(browser), StringComparer.Ordinal) { ["code"] = stolen["code"] };

        (await FinishAsync(browser, back)).Code.ShouldBe("accounts.external_refused");
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("nonce-missing")]
    [InlineData("aud")]
    [InlineData("aud-many")]
    [InlineData("azp")]
    [InlineData("iss")]
    [InlineData("exp")]
    [InlineData("exp-missing")]
    [InlineData("iat-future")]
    [InlineData("iat-old")]
    [InlineData("sub")]
    [InlineData("alg-none")]
    [InlineData("alg-none-signed")]
    [InlineData("alg-hmac")]
    [InlineData("alg-mixed")]
    [InlineData("crit")]
    [InlineData("signature")]
    [InlineData("claims-changed")]
    [InlineData("kid")]
    [InlineData("garbage")]
    public async Task A_token_that_does_not_hold_is_refused(string fault)
    {
        Spoil(fault);
        using var browser = App.NewBrowser();

        (await EnterAsync(browser)).Code.ShouldBe("accounts.external_refused");

        await ShouldBeOutsideAsync(browser);
        (await App.Db.FindAsync<int>("select count(*)::int from accounts.user", null, default)).ShouldBe(1);
    }

    [Theory]
    [InlineData("ES256", false, true)]
    [InlineData("RS256", true, true)]
    [InlineData("RS256", false, false)]
    public async Task What_providers_rightly_do_differently_is_accepted(string algorithm, bool postsSecret, bool namesItself)
    {
        (Issuer.Algorithm, Issuer.PostsSecret, Issuer.NamesItself) = (algorithm, postsSecret, namesItself);
        Issuer.Claims = claims =>
        {
            claims["aud"] = new[] { OidcIssuer.ClientId, "another" };
            claims["azp"] = OidcIssuer.ClientId;
            claims["email_verified"] = "true";
        };
        using var browser = App.NewBrowser();

        (await EnterAsync(browser)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task New_keys_are_found_but_not_looked_for_all_the_time()
    {
        using var browser = App.NewBrowser();
        (await EnterAsync(browser)).Status.ShouldBe(HttpStatusCode.OK);
        Issuer.Rotate();
        var asked = Issuer.KeysAsked;

        using var atOnce = App.NewBrowser();
        (await EnterAsync(atOnce)).Code.ShouldBe("accounts.external_refused");
        Issuer.KeysAsked.ShouldBe(asked);
        App.Clock.Advance(OidcDirectory.ShortestInterval);

        (await EnterAsync(atOnce)).Status.ShouldBe(HttpStatusCode.OK);
        Issuer.KeysAsked.ShouldBe(asked + 1);
    }

    [Fact]
    public async Task Tokens_of_the_provider_are_neither_kept_nor_logged()
    {
        using var browser = App.NewBrowser();
        (await EnterAsync(browser)).Status.ShouldBe(HttpStatusCode.OK);

        App.Logs.Entries.ShouldAllBe(entry => !entry.Message.Contains("token-of-the-provider", StringComparison.Ordinal) && !entry.Message.Contains(OidcIssuer.ClientSecret, StringComparison.Ordinal));
        (await App.Db.FindAsync<int>("select count(*)::int from accounts.ceremony", null, default)).ShouldBe(0);
    }

    void Spoil(string fault)
    {
        var now = App.Clock.GetUtcNow().ToUnixTimeSeconds();
        Issuer.Claims = claims =>
        {
            switch (fault)
            {
                case "nonce": claims["nonce"] = "of-another-sign-in"; break;
                case "nonce-missing": claims.Remove("nonce"); break;
                case "aud": claims["aud"] = "another"; break;
                case "aud-many": claims["aud"] = new[] { OidcIssuer.ClientId, "another" }; break;
                case "azp": claims["azp"] = "another"; break;
                case "iss": claims["iss"] = "https://id.example.org"; break;
                case "exp": claims["exp"] = now - 120; break;
                case "exp-missing": claims.Remove("exp"); break;
                case "iat-future": claims["iat"] = now + 121; break;
                case "iat-old": claims["iat"] = now - 601; break;
                case "sub": claims["sub"] = ""; break;
            }
        };
        Issuer.Header = header =>
        {
            switch (fault)
            {
                case "alg-none-signed": header["alg"] = "none"; break;
                case "alg-hmac": header["alg"] = "HS256"; break;
                // The name of a key of another kind.
                case "alg-mixed": header["alg"] = "ES256"; break;
                case "crit": header["crit"] = new[] { "exp" }; break;
                case "kid": header["kid"] = "of-nobody"; break;
            }
        };
        Issuer.Token = token => fault switch
        {
            "alg-none" => $"{Text("{\"alg\":\"none\"}")}.{token.Split('.')[1]}.",
            "signature" => $"{token[..^2]}{(token[^2] == 'A' ? 'B' : 'A')}{token[^1]}",
            "claims-changed" => $"{token.Split('.')[0]}.{Text("{\"sub\":\"somebody-else\"}")}.{token.Split('.')[2]}",
            "garbage" => "a.b",
            _ => token,
        };
    }

    static string Text(string json) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));
}
