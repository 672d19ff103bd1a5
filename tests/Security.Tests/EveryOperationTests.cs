using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace JeanTrail.Security.Tests;

/// <summary>Every operation of the API document, called by everybody who must not. What is added to the API is covered by being added.</summary>
public sealed class EveryOperationTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Fact]
    public void There_is_something_to_attack()
    {
        server.Operations.Count.ShouldBeGreaterThan(70);
        server.Operations.Count(operation => operation.IsOpen).ShouldBeLessThan(30);
        server.Operations.Where(operation => operation.ContentType == "application/json" && operation.Example is null).ShouldBeEmpty("every body has an example to send");
    }

    [Fact]
    public async Task What_strangers_are_refused_is_there_for_the_victim()
    {
        var own = server.Operations.Where(operation => operation is { IsUnsafe: false, HasIds: true } && server.Knows(operation.Path) && !operation.Path.StartsWith("/api/accounts/users/", StringComparison.Ordinal)).ToList();

        own.Count.ShouldBeGreaterThan(3);
        foreach (var operation in own)
            (await AttackedServer.SendAsync(server.Victim, operation.Ask(server.IdOf))).Status.ShouldBe(HttpStatusCode.OK, operation.ToString());
    }

    [Fact]
    public async Task Nobody_is_let_in_without_a_session()
    {
        using var nobody = server.Host.NewClient();

        (await RefusalsMissingAsync(nobody, HttpStatusCode.Unauthorized)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_old_cookie_of_a_suspended_person_opens_nothing()
    {
        using var suspended = await server.NewMemberAsync();
        using var done = await server.Owner.PostAsync($"/api/accounts/users/{await AttackedServer.UserIdAsync(suspended)}/suspend", null);
        done.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await RefusalsMissingAsync(suspended, HttpStatusCode.Unauthorized)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_without_the_sessions_token_is_refused()
    {
        using var member = await server.NewMemberAsync();
        var token = member.DefaultRequestHeaders.GetValues("X-CSRF-Token").Single();
        foreach (var wrong in (string?[])[null, "", new string(token.Reverse().ToArray())])
        {
            member.DefaultRequestHeaders.Remove("X-CSRF-Token");
            if (wrong is not null)
                member.DefaultRequestHeaders.Add("X-CSRF-Token", wrong);
            foreach (var operation in server.Operations.Where(operation => operation.IsUnsafe))
            {
                var seen = await AttackedServer.SendAsync(member, operation.Ask(server.IdOf));
                seen.Status.ShouldBe(HttpStatusCode.Forbidden, $"{operation}: {seen.Text}");
                seen.Code.ShouldBe("kernel.csrf", operation.ToString());
            }
        }
    }

    [Fact]
    public async Task A_change_that_another_site_asks_for_is_refused_even_with_the_token()
    {
        using var member = await server.NewMemberAsync();
        member.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        foreach (var operation in server.Operations.Where(operation => operation.IsUnsafe))
            (await AttackedServer.SendAsync(member, operation.Ask(server.IdOf))).Code.ShouldBe("kernel.csrf", operation.ToString());
    }

    [Fact]
    public async Task A_stranger_reaches_nothing_of_another_person_by_any_operation()
    {
        var before = await server.VictimsThingsAsync();
        before.ShouldContain(AttackedServer.Mark);
        var faults = new List<string>();
        var stranger = await server.NewMemberAsync("stranger@example.org");
        foreach (var operation in server.Operations)
        {
            var seen = await AttackedServer.SendAsync(stranger, operation.Ask(server.IdOf));
            if (operation.HasIds && seen.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
                faults.Add($"{operation} answered {(int)seen.Status}: {seen.Text}");
            if ((int)seen.Status == 500 || server.TellsOfVictim(seen.Text))
                faults.Add($"{operation} answered {(int)seen.Status} and told: {seen.Text}");
            // Some operations end the session, as they should.
            using var alive = await stranger.GetAsync("/api/accounts/preferences");
            if (alive.StatusCode != HttpStatusCode.Unauthorized)
                continue;
            stranger.Dispose();
            stranger = await server.Host.SignInAsync("stranger@example.org");
        }

        stranger.Dispose();
        faults.ShouldBeEmpty();
        (await server.VictimsThingsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Members_that_a_body_does_not_have_change_nothing()
    {
        var before = await server.VictimsThingsAsync();
        using var member = await server.NewMemberAsync();
        var id = await AttackedServer.UserIdAsync(member);
        // Not what ends the session or changes the password: the rest would prove nothing.
        foreach (var operation in server.Operations.Where(operation => operation is { ContentType: "application/json", HasIds: false } && !operation.Path.Contains("password", StringComparison.OrdinalIgnoreCase)))
        {
            var seen = await AttackedServer.SendAsync(member, operation.Ask(server.IdOf, change: Burden));
            ((int)seen.Status).ShouldBeLessThan(500, operation.ToString());
            seen.Text.ShouldNotContain("smuggled", Case.Insensitive, operation.ToString());
        }

        const string Sql = "select concat_ws(' ', role, disabled_at is null, email <> 'smuggled@example.org') from accounts.user where user_id = @Id";
        (await server.Host.Db.FindAsync<string>(Sql, new { Id = id }, default)).ShouldBe("free t t");
        using var user = await server.Owner.GetAsync($"/api/accounts/users/{id}");
        (await user.Content.ReadFromJsonAsync<JsonObject>())!["user"]!["role"]!.GetValue<string>().ShouldBe("free");
        (await server.VictimsThingsAsync()).ShouldBe(before);

        void Burden(JsonObject body)
        {
            foreach (var (name, value) in new Dictionary<string, JsonNode?>(StringComparer.Ordinal)
            {
                ["role"] = "owner",
                ["userId"] = server.VictimId.ToString(),
                ["ownerId"] = server.VictimId.ToString(),
                ["id"] = server.VictimId.ToString(),
                ["disabledAt"] = "2020-01-01T00:00:00Z",
                ["createdAt"] = "2020-01-01T00:00:00Z",
                ["emailKey"] = "smuggled@example.org",
                ["passwordHash"] = "smuggled",
                ["isAdmin"] = true,
            })
                body.TryAdd(name, value);
        }
    }

    [Theory]
    [InlineData("return=https://evil.example/&returnUrl=https://evil.example/&redirect=//evil.example&redirect_uri=https://evil.example&next=%5C%5Cevil.example&url=https://evil.example&to=https://evil.example")]
    [InlineData("x=%0d%0aX-Evil:%201&view=%0d%0aX-Evil:%201&search=%0d%0aX-Evil:%201&route=a%0aX-Evil:%201&language=%0d%0aSet-Cookie:%20jean=evil")]
    public async Task No_query_redirects_off_this_site_or_writes_a_header(string query)
    {
        using var member = await server.NewMemberAsync();
        foreach (var path in server.Operations.Where(operation => !operation.IsUnsafe).Select(operation => operation.Ask(server.IdOf, query).RequestUri!.ToString())
            .Concat([$"/?{query}", $"/sign-in?{query}", $"/docs?{query}", "//evil.example/", "//evil.example/%2e%2e", "/%5Cevil.example", "/api//evil.example"]))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Host.Address.GetLeftPart(UriPartial.Authority) + path));
            request.Headers.Add("X-Forwarded-Host", "evil.example");
            var seen = await AttackedServer.SendAsync(member, request);
            seen.Response.Headers.Location?.ToString().ShouldNotContain("evil", Case.Insensitive, path);
            seen.Response.Headers.Contains("X-Evil").ShouldBeFalse(path);
            seen.Response.Headers.TryGetValues("Set-Cookie", out var cookies);
            (cookies ?? []).ShouldAllBe(cookie => !cookie.Contains("evil", StringComparison.Ordinal), path);
            IsFault(seen.Status, path).ShouldBeFalse($"{path} answered {(int)seen.Status}: {seen.Text}");
        }
    }

    /// <summary>The operations that did not answer as they must to somebody who is not signed in.</summary>
    async Task<List<string>> RefusalsMissingAsync(HttpClient client, HttpStatusCode expected)
    {
        var faults = new List<string>();
        foreach (var operation in server.Operations.Where(operation => !operation.IsOpen))
        {
            var seen = await AttackedServer.SendAsync(client, operation.Ask(server.IdOf));
            if (seen.Status != expected || server.TellsOfVictim(seen.Text))
                faults.Add($"{operation} answered {(int)seen.Status}: {seen.Text}");
        }

        foreach (var operation in server.Operations.Where(operation => operation.IsOpen))
        {
            var seen = await AttackedServer.SendAsync(client, operation.Ask(server.IdOf));
            if (IsFault(seen.Status, operation.Path) || server.TellsOfVictim(seen.Text))
                faults.Add($"{operation} answered {(int)seen.Status}: {seen.Text}");
        }

        return faults;
    }

    /// <summary>Whether the server failed. That it is not ready it may say: on a busy machine the database is slow.</summary>
    static bool IsFault(HttpStatusCode status, string path)
        => (int)status >= 500 && !(status == HttpStatusCode.ServiceUnavailable && path.StartsWith("/health/ready", StringComparison.Ordinal));
}
