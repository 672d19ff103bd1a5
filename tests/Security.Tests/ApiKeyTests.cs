using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;

namespace JeanTrail.Security.Tests;

/// <summary>Every operation of the API document, called with an API key.</summary>
public sealed class ApiKeyTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    /// <summary>Of the gateway only these, and not what stands below them.</summary>
    static readonly string[] Reading = ["GET /api/gateway/models", "GET /api/gateway/calls", "GET /api/gateway/calls/{id}", "GET /api/gateway/usage", "GET /api/gateway/dashboard"];

    /// <summary>All that keys may reach. Whoever adds to this gives power to programs: it is read in review.</summary>
    static readonly string[] Open =
    [
        "GET /api/chat/", "POST /api/chat/", "PUT /api/chat/", "PATCH /api/chat/", "DELETE /api/chat/",
        "GET /api/agents/", "POST /api/agents/", "DELETE /api/agents/",
        "GET /api/voice/", "POST /api/voice/",
        "GET /api/accounts/preferences", "PUT /api/accounts/preferences", "GET /api/accounts/api-keys/self", "POST /api/accounts/api-keys/self/rotate",
        .. Reading,
    ];

    [Fact]
    public async Task A_key_with_every_scope_reaches_no_keys_passwords_factors_or_people()
    {
        using var owner = await KeyAsync(server.Owner, [.. ApiScopes.All.Select(scope => scope.Name)]);
        var faults = new List<string>();
        var reached = 0;
        foreach (var operation in server.Operations.Where(operation => !operation.IsOpen))
        {
            var seen = await AttackedServer.SendAsync(owner, operation.Ask(server.IdOf));
            var isClosed = seen is { Status: HttpStatusCode.Forbidden, Code: "kernel.closed_to_keys" };
            reached += isClosed ? 0 : 1;
            var mayBeOpen = Open.Any(open => Reading.Contains(open, StringComparer.Ordinal) ? operation.ToString() == open : operation.ToString().StartsWith(open, StringComparison.Ordinal));
            if (isClosed == mayBeOpen)
                faults.Add($"{operation} answered {(int)seen.Status}: {seen.Text}");
        }

        faults.ShouldBeEmpty();
        reached.ShouldBeGreaterThan(15);
    }

    [Fact]
    public async Task A_key_opens_nothing_that_asks_for_another_scope()
    {
        foreach (var scope in ApiScopes.All.Select(one => one.Name))
        {
            using var member = await server.NewMemberAsync();
            using var program = await KeyAsync(member, scope);
            foreach (var operation in server.Operations.Where(operation => !operation.IsOpen && !operation.Path.StartsWith("/api/accounts/api-keys/self", StringComparison.Ordinal)))
            {
                var seen = await AttackedServer.SendAsync(program, operation.Ask(server.IdOf));
                var subject = scope[..scope.IndexOf('.', StringComparison.Ordinal)];
                var isOwn = operation.Path.StartsWith(subject == "account" ? "/api/accounts/preferences" : $"/api/{subject}/", StringComparison.Ordinal)
                    && (scope.EndsWith(".use", StringComparison.Ordinal) || operation.IsUnsafe == scope.EndsWith(".write", StringComparison.Ordinal));
                if (!isOwn)
                    seen.Code.ShouldBeOneOf(["kernel.closed_to_keys", "kernel.scope_missing"], $"{scope}: {operation} {seen.Text}");
                else
                    seen.Code.ShouldNotBe("kernel.scope_missing", $"{scope}: {operation}");
            }
        }
    }

    [Fact]
    public async Task What_is_live_is_closed_to_keys()
    {
        using var program = await KeyAsync(server.Owner, [.. ApiScopes.All.Select(scope => scope.Name)]);

        using var answer = await program.PostAsync("/hubs/live/negotiate?negotiateVersion=1", null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    async Task<HttpClient> KeyAsync(HttpClient person, params string[] scopes)
    {
        using var made = await person.PostAsJsonAsync("/api/accounts/api-keys", new { name = "Program", scopes });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var program = server.Host.NewClient();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await made.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!.GetValue<string>());
        return program;
    }
}

/// <summary>Two real servers on one database. Their time stands still: what one of them remembers ends by the other's word or not at all.</summary>
public sealed class RevocationOnTwoNodesTests
{
    [Fact]
    public async Task What_is_ended_on_one_node_ends_on_the_other()
    {
        var clock = new FakeClock();
        await using var database = await TestHost.NewDatabaseAsync();
        await using var first = await TestHost.StartAsync(database, clock);
        using var owner = await first.CreateOwnerAsync();
        await using var second = await TestHost.StartAsync(database, clock);
        using var browser = await second.SignInAsync();
        using var program = second.NewClient();
        using var made = await owner.PostAsJsonAsync("/api/accounts/api-keys", new { name = "Program", scopes = new[] { ApiScopes.AccountRead } });
        var key = (await made.Content.ReadFromJsonAsync<JsonObject>())!;
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key["secret"]!.GetValue<string>());
        using var signedIn = second.NewClient();
        using var issued = await signedIn.PostAsJsonAsync("/api/accounts/tokens", new { email = TestPeople.OwnerEmail, password = TestPeople.Password });
        var pair = (await issued.Content.ReadFromJsonAsync<JsonObject>())!;
        signedIn.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", pair["accessToken"]!.GetValue<string>());
        var session = (await browser.GetFromJsonAsync<JsonObject>("/api/accounts/session"))!["sessionId"]!.GetValue<Guid>();
        foreach (var client in new[] { browser, program, signedIn })
            (await StatusAsync(client)).ShouldBe(HttpStatusCode.OK);

        foreach (var path in new[] { $"sessions/{session}", $"sessions/{pair["sessionId"]}", $"api-keys/{key["key"]!["id"]}" })
            (await owner.DeleteAsync($"/api/accounts/{path}")).StatusCode.ShouldBe(HttpStatusCode.NoContent, path);

        foreach (var client in new[] { browser, program, signedIn })
            await Eventually.BeTrueAsync(async () => await StatusAsync(client) == HttpStatusCode.Unauthorized, "the other node forgets");
    }

    static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/accounts/preferences");
        return answer.StatusCode;
    }
}
