using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>Routes as the owner keeps them.</summary>
public sealed class RouteTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_route_is_made_found_changed_and_removed()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var model = await ConnectAsync(upstream);
        var name = NewName();

        var created = await CreateAsync(name, new { strategy = "priority", targets = new[] { new { model } }, sticky = true });

        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        created["version"].GetInt32().ShouldBe(1);
        created["enabled"].GetBoolean().ShouldBeTrue();
        created["warnings"].GetArrayLength().ShouldBe(0);
        created["definition"].GetProperty("sticky").GetBoolean().ShouldBeTrue();
        created["definition"].GetProperty("maxAttempts").GetInt32().ShouldBe(3);
        var id = created["id"].GetGuid();
        (await gateway.Owner.CallAsync(HttpMethod.Get, $"routes/{id}")).Text.ShouldBe(created.Text);
        (await gateway.Owner.CallAsync(HttpMethod.Get, "routes"))["items"].EnumerateArray().ShouldContain(item => item.GetProperty("id").GetGuid() == id);
        upstream.Reply("by way of a route");
        (await Streamed.ReadAsync(await gateway.OpenAsync(name))).Text.ShouldBe("by way of a route");

        var renamed = NewName();
        var changed = await UpdateAsync(id, renamed, new { strategy = "weighted", targets = new[] { new { model } } }, version: 1);
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        changed["version"].GetInt32().ShouldBe(2);
        (await gateway.OpenAsync(renamed)).ModelId.ShouldBe(renamed);
        (await UnknownAsync(name)).ShouldBe("gateway.model_unknown");

        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"routes/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await UnknownAsync(renamed)).ShouldBe("gateway.model_unknown");
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
            (await gateway.Owner.CallAsync(method, $"routes/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await UpdateAsync(id, renamed, new { strategy = "weighted", targets = new[] { new { model } } }, version: 2)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_two_changes_to_one_version_the_second_is_told()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var definition = new { strategy = "priority", targets = new[] { new { model = await ConnectAsync(upstream) } } };
        var name = NewName();
        var id = (await CreateAsync(name, definition))["id"].GetGuid();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => UpdateAsync(id, name, definition, version: 1)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict && answer.Code == "gateway.route_changed").ShouldBe(3);
    }

    [Fact]
    public async Task A_name_belongs_to_one_route()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var definition = new { strategy = "priority", targets = new[] { new { model = await ConnectAsync(upstream) } } };
        var (one, other) = (NewName(), NewName());
        await CreateAsync(one, definition);
        var second = (await CreateAsync(other, definition))["id"].GetGuid();

        (await CreateAsync(one, definition)).Code.ShouldBe("gateway.route_name_taken");
        (await UpdateAsync(second, one, definition, version: 1)).Code.ShouldBe("gateway.route_name_taken");
    }

    [Fact]
    public async Task A_provider_does_not_take_the_beginning_of_a_routes_name()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var prefix = $"x{Guid.CreateVersion7():N}"[..30];
        (await CreateAsync($"{prefix}/best", new { strategy = "priority", targets = new[] { new { model = await ConnectAsync(upstream) } } })).Status.ShouldBe(HttpStatusCode.Created);

        var provider = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = prefix, baseUrl = "https://models.example.org/v1" });

        provider["slug"].GetString().ShouldBe($"{prefix}-2");
    }

    [Fact]
    public async Task What_may_be_right_is_saved_with_a_warning()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var slug = (await ConnectAsync(upstream)).Split('/')[0];

        var created = await CreateAsync(NewName(), new { strategy = "priority", targets = new[] { new { model = $"{slug}/sim-small" }, new { model = $"{slug}/sim-tomorrow" } } });

        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        created["warnings"].EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe($"{slug}/sim-tomorrow: the provider does not list this model.");
    }

    [Fact]
    public async Task Routes_stand_first_among_the_models_and_can_be_the_default()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var definition = new { strategy = "priority", targets = new[] { new { model = await ConnectAsync(upstream) } } };
        var (name, renamed) = (NewName(), NewName());
        var id = (await CreateAsync(name, definition))["id"].GetGuid();
        (await CreateAsync(NewName(), definition, enabled: false)).Status.ShouldBe(HttpStatusCode.Created);

        (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = name })).Status.ShouldBe(HttpStatusCode.NoContent);

        var items = (await gateway.Owner.CallAsync(HttpMethod.Get, "models"))["items"].EnumerateArray().ToList();
        var route = items.Single(item => item.GetProperty("id").GetString() == name);
        route.GetProperty("route").GetBoolean().ShouldBeTrue();
        route.GetProperty("isDefault").GetBoolean().ShouldBeTrue();
        route.GetProperty("providerName").GetString().ShouldBeNull();
        items.FindLastIndex(item => item.GetProperty("route").GetBoolean()).ShouldBeLessThan(items.FindIndex(item => !item.GetProperty("route").GetBoolean()));
        (await gateway.OpenAsync(modelId: null)).ModelId.ShouldBe(name);

        (await UpdateAsync(id, renamed, definition, version: 1)).Status.ShouldBe(HttpStatusCode.OK);
        (await gateway.OpenAsync(modelId: null)).ModelId.ShouldBe(renamed);

        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"routes/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await gateway.OpenAsync(modelId: null)).ModelId.ShouldBe("jean/basic");
    }

    [Fact]
    public async Task A_route_that_is_switched_off_is_no_default_and_cannot_be_opened()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var name = NewName();
        await CreateAsync(name, new { strategy = "priority", targets = new[] { new { model = await ConnectAsync(upstream) } } }, enabled: false);

        (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = name })).Code.ShouldBe("gateway.model_unknown");
        (await UnknownAsync(name)).ShouldBe("gateway.model_unknown");
        (await gateway.Owner.CallAsync(HttpMethod.Get, "models")).Text.ShouldNotContain(name);
    }

    [Fact]
    public async Task Only_the_owner_keeps_routes()
    {
        using var stranger = gateway.Host.NewClient();
        foreach (var (method, path) in new[] { (HttpMethod.Get, "routes"), (HttpMethod.Post, "routes"), (HttpMethod.Post, "routes/dry-run"), (HttpMethod.Get, "targets") })
            (await stranger.CallAsync(method, path, method == HttpMethod.Post ? new { } : null)).Status.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_dry_run_tells_where_a_request_would_go_and_why_without_asking_anybody()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 3, new
        {
            cache = new { mode = "always" },
            guardrails = new[] { new { kind = "mask", applies = "input" } },
        });
        var definition = new
        {
            strategy = "priority",
            targets = new object[] { new { model = route.Models[0], when = new { plans = new[] { "premium" } } }, new { model = route.Models[1] }, new { model = route.Models[2] } },
            cache = new { mode = "always" },
            guardrails = new[] { new { kind = "mask", applies = "input" } },
        };
        (await UpdateAsync(route.Id, route.Name, definition, version: 1)).Status.ShouldBe(HttpStatusCode.OK);
        (await route.HealthAsync(1)).Failed(GatewayErrors.RateLimited, TimeSpan.FromMinutes(1), probe: false);
        (await route.HealthAsync(2)).Succeeded(TimeSpan.FromMilliseconds(120));
        var request = new { model = route.Name, max_tokens = 40, messages = new[] { new { role = "user", content = "Where is the harbour?" } } };

        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, "routes/dry-run", new { surface = "chat", request, plan = "free" });

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer["decision"].GetString().ShouldBe("first in order; 1 resting after failures");
        var order = answer["order"].EnumerateArray().ToList();
        order.Select(step => step.GetProperty("model").GetString()).ShouldBe([route.Models[2], route.Models[1]]);
        order[0].GetProperty("health").GetProperty("latencyMs").GetDouble().ShouldBe(120);
        order[0].GetProperty("health").GetProperty("circuit").GetString().ShouldBe("closed");
        order[0].GetProperty("costMicros").GetInt64().ShouldBe(0);
        order[1].GetProperty("health").GetProperty("circuit").GetString().ShouldBe("open");
        order[1].GetProperty("health").GetProperty("lastError").GetString().ShouldBe("gateway.upstream_rate_limited");
        order[1].GetProperty("health").GetProperty("restMs").GetDouble().ShouldBeInRange(30_000, 60_000);
        var skipped = answer["skipped"].EnumerateArray().ShouldHaveSingleItem();
        skipped.GetProperty("model").GetString().ShouldBe(route.Models[0]);
        skipped.GetProperty("reason").GetString().ShouldBe("It is not for callers on the plan free.");
        answer["outputTokens"].GetInt64().ShouldBe(40);
        answer["inputTokens"].GetInt64().ShouldBeInRange(10, 30);
        answer["cacheMode"].GetString().ShouldBe("always");
        answer["guardrails"][0].GetProperty("kind").GetString().ShouldBe("mask");
        route.Servers.ShouldAllBe(server => server.Requests.All(asked => asked.Path == "/v1/models"));

        var own = await gateway.Owner.CallAsync(HttpMethod.Post, "routes/dry-run", new { request });
        own["skipped"][0].GetProperty("reason").GetString().ShouldBe("It is not for callers on the plan owner.");
    }

    [Fact]
    public async Task A_dry_run_of_what_cannot_go_anywhere_says_why()
    {
        (await DryAsync("chat", """{ "model": "nobody" }""")).Code.ShouldBe("gateway.model_unknown");
        (await DryAsync("chat", """{ "messages": [] }""")).Code.ShouldBe("gateway.request_invalid");
        (await DryAsync("chat", "[1]")).Code.ShouldBe("gateway.request_invalid");
        (await DryAsync("smell", """{ "model": "nobody" }""")).Code.ShouldBe("kernel.validation");
        (await gateway.Owner.CallAsync(HttpMethod.Post, "routes/dry-run", new { request = new { model = "m" }, plan = "king" })).Code.ShouldBe("kernel.validation");

        Task<Answer> DryAsync(string surface, string request)
            => gateway.Owner.CallAsync(HttpMethod.Post, "routes/dry-run", new { surface, request = JsonDocument.Parse(request).RootElement });
    }

    [Fact]
    public async Task The_state_of_all_targets_can_be_watched()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 2);
        (await Streamed.ReadAsync(await gateway.OpenAsync(route.Name))).Failure.ShouldBeNull();

        var targets = (await gateway.Owner.CallAsync(HttpMethod.Get, "targets"))["items"].EnumerateArray().ToDictionary(item => item.GetProperty("model").GetString()!);

        targets[route.Models[0]].GetProperty("latencyMs").GetDouble().ShouldBeGreaterThan(0);
        targets[route.Models[0]].GetProperty("running").GetInt32().ShouldBe(0);
        targets[route.Models[1]].GetProperty("latencyMs").ValueKind.ShouldBe(JsonValueKind.Null);
        targets[route.Models[1]].GetProperty("circuit").GetString().ShouldBe("closed");
    }

    static string NewName() => $"route-{Guid.CreateVersion7():N}";

    async Task<string> ConnectAsync(OpenAiServer upstream) => $"{(await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString()}/sim-small";

    Task<Answer> CreateAsync(string name, object definition, bool enabled = true) => gateway.Owner.CallAsync(HttpMethod.Post, "routes", new { name, definition, enabled });

    Task<Answer> UpdateAsync(Guid id, string name, object definition, int version) => gateway.Owner.CallAsync(HttpMethod.Put, $"routes/{id}", new { name, definition, version });

    async Task<string?> UnknownAsync(string name)
        => (await gateway.Host.Services.GetRequiredService<IModelGateway>().OpenAsync(gateway.OwnerId, name, CancellationToken.None)).Error?.Code;
}
