using System.Net;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests;

/// <summary>Time is the test's, because lists are believed for ten minutes.</summary>
public sealed class ModelTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task The_list_holds_the_built_in_engine_first_and_then_what_the_providers_have()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { Models = ["org/model:7b", "plain"] });
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri);
        var slug = provider.GetProperty("slug").GetString();

        var items = (await gateway.Owner.CallAsync(HttpMethod.Get, "models"))["items"].EnumerateArray().ToList();

        items[0].GetProperty("id").GetString().ShouldBe("jean/basic");
        items[0].GetProperty("builtIn").GetBoolean().ShouldBeTrue();
        var own = items.Where(item => item.GetProperty("providerId").ValueKind != System.Text.Json.JsonValueKind.Null && item.GetProperty("providerId").GetGuid() == provider.GetProperty("id").GetGuid()).ToList();
        own.Select(item => item.GetProperty("id").GetString()).ShouldBe([$"{slug}/org/model:7b", $"{slug}/plain"]);
        own[0].GetProperty("name").GetString().ShouldBe("org/model:7b");
        own[0].GetProperty("providerName").GetString().ShouldBe(provider.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Vendors_with_an_API_of_their_own_list_all_their_models()
    {
        // More than either gives on a page when it is not asked for more.
        var names = Enumerable.Range(1, 60).Select(i => $"model-{i}").ToList();
        await using var claude = await AnthropicServer.StartAsync(new() { Models = names });
        await using var gemini = await GeminiServer.StartAsync(new() { Models = names });
        foreach (var (server, kind) in new (VendorServer, string)[] { (claude, "anthropic"), (gemini, "gemini") })
        {
            var slug = (await gateway.ConnectAsync(server.BaseUrl.AbsoluteUri, server.Options.ApiKey, kind)).GetProperty("slug").GetString();
            var listed = (await gateway.Owner.CallAsync(HttpMethod.Get, "models"))["items"].EnumerateArray().Select(item => item.GetProperty("id").GetString()!);
            listed.Where(id => id.StartsWith($"{slug}/", StringComparison.Ordinal)).ShouldBe(names.Select(name => $"{slug}/{name}"));
        }
    }

    [Fact]
    public async Task A_provider_is_asked_once_in_ten_minutes_and_after_a_check()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri);
        await gateway.Owner.CallAsync(HttpMethod.Get, "models");
        await gateway.Owner.CallAsync(HttpMethod.Get, "models");
        gateway.Clock.Advance(TimeSpan.FromMinutes(5));
        await gateway.Owner.CallAsync(HttpMethod.Get, "models");
        upstream.Requests.Count.ShouldBe(1);

        gateway.Clock.Advance(TimeSpan.FromMinutes(6));
        await gateway.Owner.CallAsync(HttpMethod.Get, "models");
        upstream.Requests.Count.ShouldBe(2);

        await gateway.Owner.CallAsync(HttpMethod.Post, $"providers/{provider.GetProperty("id").GetGuid()}/check");
        await gateway.Owner.CallAsync(HttpMethod.Get, "models");
        upstream.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task While_a_provider_is_down_its_last_models_are_shown_and_it_is_left_alone()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri);
        var model = $"{provider.GetProperty("slug").GetString()}/sim-small";
        (await gateway.Owner.CallAsync(HttpMethod.Get, "models")).Text.ShouldContain(model);
        gateway.Clock.Advance(TimeSpan.FromMinutes(11));
        for (var i = 0; i < 3; i++)
            upstream.NextFault(OpenAiFault.Status(500));
        var before = upstream.Requests.Count;

        (await gateway.Owner.CallAsync(HttpMethod.Get, "models")).Text.ShouldContain(model);
        (await gateway.Owner.CallAsync(HttpMethod.Get, "models")).Text.ShouldContain(model);
        upstream.Requests.Count.ShouldBe(before + 1);

        gateway.Clock.Advance(TimeSpan.FromSeconds(31));
        (await gateway.Owner.CallAsync(HttpMethod.Get, "models")).Text.ShouldContain(model);
        upstream.Requests.Count.ShouldBe(before + 2);
    }

    [Fact]
    public async Task The_default_is_the_persons_own_and_must_exist()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var slug = (await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("slug").GetString();

        (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = $"{slug}/sim-large" })).Status.ShouldBe(HttpStatusCode.NoContent);
        var models = (await gateway.Owner.CallAsync(HttpMethod.Get, "models"))["items"].EnumerateArray().ToList();
        models.Where(item => item.GetProperty("isDefault").GetBoolean()).ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe($"{slug}/sim-large");
        (await gateway.OpenAsync(modelId: null)).ModelId.ShouldBe($"{slug}/sim-large");

        foreach (var unknown in new[] { $"{slug}/sim-huge", "nobody/model", "nonsense", "/", $"{slug}/" })
            (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = unknown })).Code.ShouldBe("gateway.model_unknown", unknown);
        (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = "" })).Code.ShouldBe("kernel.validation");

        (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = "jean/basic" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await gateway.OpenAsync(modelId: null)).BuiltIn.ShouldBeTrue();
    }
}
