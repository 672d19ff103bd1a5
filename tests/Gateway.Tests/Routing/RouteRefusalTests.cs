using System.Net;
using System.Text.Json;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>What a route cannot be.</summary>
public sealed class RouteRefusalTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "name", "name", """{ "name": "jean/mine" }""" },
        { "name", "name", """{ "name": "SLUG/mine" }""" },
        { "name", "name", """{ "name": "two words" }""" },
        { "name", "name", """{ "name": "" }""" },
        { "targets", "definition.targets", """{ "definition": { "strategy": "priority", "targets": [] } }""" },
        { "weights", "definition.targets", """{ "definition": { "strategy": "weighted", "targets": [{ "model": "SLUG/sim-small", "weight": 0 }] } }""" },
        { "model", "definition.targets[0].model", """{ "definition": { "strategy": "priority", "targets": [{ "model": "sim-small" }] } }""" },
        { "provider", "definition.targets[0].model", """{ "definition": { "strategy": "priority", "targets": [{ "model": "nobody/sim-small" }] } }""" },
        { "twice", "definition.targets[1].model", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }, { "model": "SLUG/sim-small" }] } }""" },
        { "nothing", "definition.targets[1]", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }, null] } }""" },
        { "modality", "definition.targets[0].when.modalities", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small", "when": { "modalities": ["smell"] } }] } }""" },
        { "language", "definition.targets[0].when.languages", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small", "when": { "languages": ["ru", "xx"] } }] } }""" },
        { "plan", "definition.targets[0].when.plans", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small", "when": { "plans": [null] } }] } }""" },
        { "zone", "definition.targets[0].when.hours.timeZone", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small", "when": { "hours": { "from": "09:00:00", "until": "17:00:00", "timeZone": "Europe/Atlantis" } } }] } }""" },
        { "hours", "definition.targets[0].when.hours.until", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small", "when": { "hours": { "from": "09:00:00", "until": "09:00:00", "timeZone": "Europe/Lisbon" } } }] } }""" },
        { "sizes", "definition.targets[0].when.maxInputTokens", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small", "when": { "minInputTokens": 9, "maxInputTokens": 8 } }] } }""" },
        { "pattern", "definition.guardrails[0].patterns[1]", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "guardrails": [{ "kind": "block", "patterns": ["(?<=a)b", "(open"] }] } }""" },
        { "looks around", "definition.guardrails[0].patterns[0]", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "guardrails": [{ "kind": "mask", "patterns": ["(?<=a)b"] }] } }""" },
        { "refers back", "definition.guardrails[1].patterns[0]", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "guardrails": [{ "kind": "mask" }, { "kind": "block", "patterns": ["(a)\\1"] }] } }""" },
        { "data", "definition.guardrails[0].data", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "guardrails": [{ "kind": "mask", "data": ["shoe-size"] }] } }""" },
        { "limit", "definition.guardrails[0].limit", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "guardrails": [{ "kind": "max-size" }] } }""" },
        { "words", "definition.guardrails[0].words", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "guardrails": [{ "kind": "block" }] } }""" },
        { "likeness", "definition.cache.embeddingModel", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "cache": { "mode": "always", "similarity": 0.9 } } }""" },
        { "embedding", "definition.cache.embeddingModel", """{ "definition": { "strategy": "priority", "targets": [{ "model": "SLUG/sim-small" }], "cache": { "similarity": 0.9, "embeddingModel": "nobody/m" } } }""" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_work_is_refused_with_its_place(string what, string field, string change)
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var slug = (await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString();
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(change.Replace("SLUG", slug, StringComparison.Ordinal))!;
        body.TryAdd("name", JsonSerializer.SerializeToElement($"route-{Guid.CreateVersion7():N}"));
        body.TryAdd("definition", JsonSerializer.SerializeToElement(new { strategy = "priority", targets = new[] { new { model = $"{slug}/sim-small" } } }));

        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, "routes", body);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest, what);
        answer.Code.ShouldBe("kernel.validation", what);
        answer["errors"].EnumerateObject().Select(error => error.Name).ShouldContain(field, answer.Text);
    }
}
