using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JeanTrail.Testing;

namespace JeanTrail.Security.Tests;

/// <summary>Getting a session one should not have, and keeping one one should not keep.</summary>
public sealed class SignInTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Fact]
    public async Task A_cookie_that_was_set_before_signing_in_is_never_the_session()
    {
        (await server.NewMemberAsync("fixed@example.org")).Dispose();
        var planted = Convert.ToBase64String(new byte[32]).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        using var browser = server.Host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/sign-in") { Content = Password("fixed@example.org") };
        request.Headers.Add("Cookie", $"jean={planted}");
        using var response = await browser.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem().ShouldNotContain(planted);
        (await StatusWithAsync($"jean={planted}")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_attackers_own_session_in_the_victims_browser_does_not_become_the_victims()
    {
        using var attacker = server.Host.NewClient();
        (await server.NewMemberAsync("attacker@example.org")).Dispose();
        (await server.NewMemberAsync("prey@example.org")).Dispose();
        using var own = await attacker.PostAsync("/api/accounts/sign-in", Password("attacker@example.org"));
        var cookie = Cookie(own);
        var token = (await own.Content.ReadFromJsonAsync<JsonObject>())!["csrfToken"]!.GetValue<string>();

        using var browser = server.Host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/sign-in") { Content = Password("prey@example.org") };
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-CSRF-Token", token);
        using var entered = await browser.SendAsync(request);

        entered.StatusCode.ShouldBe(HttpStatusCode.OK);
        Cookie(entered).ShouldNotBe(cookie);
        (await StatusWithAsync(cookie)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusWithAsync(Cookie(entered))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_cookie_of_a_session_that_was_signed_out_is_worth_nothing()
    {
        (await server.NewMemberAsync("leaver@example.org")).Dispose();
        using var browser = server.Host.NewClient();
        using var entered = await browser.PostAsync("/api/accounts/sign-in", Password("leaver@example.org"));
        using var leave = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/sign-out");
        leave.Headers.Add("X-CSRF-Token", (await entered.Content.ReadFromJsonAsync<JsonObject>())!["csrfToken"]!.GetValue<string>());
        using var left = await browser.SendAsync(leave);

        left.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusWithAsync(Cookie(entered))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Whether_somebody_exists_shows_neither_in_the_answer_nor_in_the_work_done()
    {
        using var suspended = await server.NewMemberAsync("suspended@example.org");
        using var done = await server.Owner.PostAsync($"/api/accounts/users/{await AttackedServer.UserIdAsync(suspended)}/suspend", null);
        (await server.NewMemberAsync("known@example.org")).Dispose();
        // Whatever is only made once is made now.
        await TryAsync("warm@example.org", "not the password at all");

        var known = await TryAsync("known@example.org", "not the password at all");
        var unknown = await TryAsync("unknown@example.org", "not the password at all");
        var kept = await TryAsync("suspended@example.org", TestPeople.Password);

        known.Hashes.ShouldBe(1);
        unknown.ShouldBe(known);
        kept.ShouldBe(known);
    }

    [Fact]
    public async Task Keys_of_a_suspended_person_stop_at_once_and_work_again_when_restored()
    {
        using var member = await server.NewMemberAsync();
        var id = await AttackedServer.UserIdAsync(member);
        using var made = await member.PostAsJsonAsync("/api/gateway/keys", new { name = "Program", surfaces = new[] { "*" }, models = new[] { "*" } });
        using var program = server.Host.NewClient();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await made.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!.GetValue<string>());
        (await ModelsAsync()).ShouldBe(HttpStatusCode.OK);

        // What is known of a key is believed for 30 seconds: only the message can end it sooner.
        using var suspended = await server.Owner.PostAsync($"/api/accounts/users/{id}/suspend", null);
        await Eventually.BeTrueAsync(async () => await ModelsAsync() == HttpStatusCode.Unauthorized, "the key stops", TimeSpan.FromSeconds(20));
        using var restored = await server.Owner.PostAsync($"/api/accounts/users/{id}/restore", null);
        await Eventually.BeTrueAsync(async () => await ModelsAsync() == HttpStatusCode.OK, "the key works again", TimeSpan.FromSeconds(20));

        async Task<HttpStatusCode> ModelsAsync()
        {
            using var answer = await program.GetAsync("/v1/models");
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Whoever_finds_a_window_left_open_makes_no_key_in_it()
    {
        using var member = await server.NewMemberAsync();
        var id = await AttackedServer.UserIdAsync(member);
        var key = new { name = "Program", surfaces = new[] { "*" }, models = new[] { "*" } };
        using var made = await member.PostAsJsonAsync("/api/gateway/keys", key);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var path = $"/api/gateway/keys/{(await made.Content.ReadFromJsonAsync<JsonObject>())!["key"]!["id"]!.GetValue<Guid>()}/rotate";

        await server.Host.Db.ExecuteAsync("update accounts.session set proved_at = proved_at - interval '16 minutes' where user_id = @Id", new { Id = id }, CancellationToken.None);

        // What is known of a session is believed for five seconds.
        await Eventually.BeTrueAsync(async () => await CodeAsync(path, new { }) == "accounts.proof_needed", "it is asked who is there");
        (await CodeAsync("/api/gateway/keys", key)).ShouldBe("accounts.proof_needed");

        async Task<string?> CodeAsync(string where, object what)
        {
            using var answer = await member.PostAsJsonAsync(where, what);
            return answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>();
        }
    }

    async Task<(HttpStatusCode Status, string? Code, string? Detail, long Hashes)> TryAsync(string email, string password)
    {
        long hashes = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "accounts.password.hashes")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref hashes, value));
        listener.Start();
        using var browser = server.Host.NewClient();
        using var answer = await browser.PostAsync("/api/accounts/sign-in", JsonContent.Create(new { email, password }));
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>();
        return (answer.StatusCode, problem!["code"]?.GetValue<string>(), problem["detail"]?.GetValue<string>(), Interlocked.Read(ref hashes));
    }

    async Task<HttpStatusCode> StatusWithAsync(string cookie)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = server.Host.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.GetAsync("/api/accounts/sessions");
        return answer.StatusCode;
    }

    static string Cookie(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    static JsonContent Password(string email) => JsonContent.Create(new { email, password = TestPeople.Password });
}
