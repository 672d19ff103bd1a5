using System.Net;
using JeanTrail.Kernel.Security;

namespace JeanTrail.Accounts.Tests;

/// <summary>Personal API keys: what they open, and what they do not.</summary>
public sealed class ApiKeyTests(OwnedServer server) : ApiKeyTest(server)
{
    [Fact]
    public async Task A_key_opens_what_its_scopes_say_and_needs_no_proof_of_origin()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.read", "account.write");
        using var program = Program(secret);

        secret.ShouldMatch("^jt_pat_[A-Za-z0-9_-]{43}$");
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.OK);
        (await program.PutAsync("preferences", Preferences)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_scope_that_is_missing_is_named()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.read");
        using var program = Program(secret);

        var refused = await program.PutAsync("preferences", Preferences);

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("kernel.scope_missing");
        refused["scope"].GetString().ShouldBe("account.write");
    }

    [Theory]
    [InlineData("GET", "sessions")]
    [InlineData("GET", "api-keys")]
    [InlineData("POST", "api-keys")]
    [InlineData("GET", "users")]
    [InlineData("GET", "two-factor")]
    [InlineData("POST", "two-factor/totp")]
    [InlineData("PUT", "password")]
    [InlineData("POST", "email/change")]
    [InlineData("POST", "step-up")]
    [InlineData("GET", "../audit")]
    [InlineData("GET", "../test/owners-only")]
    [InlineData("GET", "../test/names-no-policy")]
    public async Task What_no_scope_opens_is_closed_to_every_key(string method, string path)
    {
        var (_, secret) = await NewKeyAsync(Owner, await AllScopesAsync());
        using var program = Program(secret);

        var refused = await program.SendAsync(new HttpMethod(method), path, method == "GET" ? null : new { password = AccountsApp.Password });

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("kernel.closed_to_keys");
    }

    [Fact]
    public async Task Making_a_key_asks_for_a_recent_proof()
    {
        App.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));

        (await Owner.PostAsync("api-keys", new { name = "Late", scopes = new[] { "chat.read" } })).Code.ShouldBe("accounts.proof_needed");
    }

    [Theory]
    [InlineData("name", "  ", "chat.read", null)]
    [InlineData("scopes", "Key", "chat.everything", null)]
    [InlineData("expiresAt", "Key", "chat.read", "2000-01-01T00:00:00Z")]
    public async Task What_a_key_cannot_be_is_told(string field, string name, string scope, string? expiresAt)
    {
        var refused = await Owner.PostAsync("api-keys", new { name, scopes = new[] { scope }, expiresAt });

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused["errors"].TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Beside_a_cookie_a_key_counts_for_nothing_and_lifts_no_proof_of_origin()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.read", "account.write");
        using var program = Program(secret);
        program.Cookie = Owner.Cookies.GetCookieHeader(App.Address);

        (await program.PutAsync("preferences", Preferences)).Code.ShouldBe("kernel.csrf");
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK, "it is the session's request");
        foreach (var worthless in new[] { "jean=nonsense", "__Host-jean=nonsense" })
        {
            program.Cookie = worthless;
            (await program.PutAsync("preferences", Preferences)).Status.ShouldBe(HttpStatusCode.Unauthorized, worthless);
        }
    }

    [Fact]
    public async Task A_browser_on_another_site_may_not_send_a_key_either()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.write");
        using var http = new HttpClient { BaseAddress = App.Address };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/accounts/preferences");
        request.Headers.Add("Authorization", $"Bearer {secret}");
        request.Headers.Add("Origin", "https://evil.example");

        using var response = await http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_key_as_a_cookie_and_a_cookie_as_a_key_open_nothing()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.read");
        using var asCookie = Program(null);
        asCookie.Cookie = $"jean={secret["jt_pat_".Length..]}";
        (await asCookie.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);

        var cookie = Owner.Cookies.GetCookieHeader(App.Address)["jean=".Length..];
        foreach (var bearer in new[] { cookie, $"jt_pat_{cookie}", $"jt_at_{cookie}" })
        {
            using var asKey = Program(bearer);
            (await asKey.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_is_neither_in_the_tables_nor_in_the_log()
    {
        var (_, secret) = await NewKeyAsync(Owner, "account.read");
        using var program = Program(secret);
        await program.GetAsync("preferences");

        var listed = (await Owner.GetAsync("api-keys")).Json.GetRawText();
        var rows = string.Join('\n', await App.Db.QueryAsync<string>("select row_to_json(k)::text from accounts.api_key k", null, default));

        foreach (var text in new[] { listed, rows, App.Logs.AllText })
            text.ShouldNotContain(secret["jt_pat_".Length..]);
        listed.ShouldContain(secret[..13]);
    }
}
