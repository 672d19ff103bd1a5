using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>Several keys of one provider.</summary>
public sealed class ProviderKeyTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    const string Right = "sk-right-0123456789-good";
    const string Wrong = "sk-wrong-0123456789-badd";

    [Fact]
    public async Task A_further_key_is_kept_sealed_shown_by_its_end_and_forgotten()
    {
        var id = (await gateway.ConnectAsync("https://models.example.org/v1", Wrong)).GetProperty("id").GetGuid();

        var added = await AddAsync(id, $" {Right} ");

        added.Status.ShouldBe(HttpStatusCode.Created, added.Text);
        added["hint"].GetString().ShouldBe("…good");
        added["restsUntil"].ValueKind.ShouldBe(JsonValueKind.Null);
        added.Text.ShouldNotContain("0123456789");
        gateway.Host.Logs.AllText.ShouldNotContain(Right);
        var shown = (await ViewAsync(id)).GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        shown.GetProperty("id").GetGuid().ShouldBe(added["id"].GetGuid());
        shown.GetProperty("hint").GetString().ShouldBe("…good");

        (await RemoveAsync(id, added["id"].GetGuid())).Status.ShouldBe(HttpStatusCode.NoContent);
        (await RemoveAsync(id, added["id"].GetGuid())).Status.ShouldBe(HttpStatusCode.NotFound);
        (await ViewAsync(id)).GetProperty("keys").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_key_and_what_has_no_provider_is_refused()
    {
        var id = (await gateway.ConnectAsync("https://models.example.org/v1")).GetProperty("id").GetGuid();

        (await AddAsync(id, "two words")).Code.ShouldBe("gateway.provider_key_invalid");
        (await AddAsync(id, "")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AddAsync(Guid.CreateVersion7(), Right)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var stranger = gateway.Host.NewClient();
        (await stranger.CallAsync(HttpMethod.Post, $"providers/{id}/keys", new { apiKey = Right })).Status.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Further_keys_do_not_follow_the_address_to_another_server()
    {
        var id = (await gateway.ConnectAsync("https://one.example.org/v1", Wrong)).GetProperty("id").GetGuid();
        var key = (await AddAsync(id, Right))["id"].GetGuid();
        var moved = new { name = $"Moved {id}", baseUrl = "https://two.example.org/v1", enabled = true, apiKey = "sk-two-0123456789-key2" };

        (await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", moved)).Code.ShouldBe("gateway.provider_keys_remain");
        await RemoveAsync(id, key);

        var done = await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", moved);
        done.Status.ShouldBe(HttpStatusCode.OK, done.Text);
    }

    [Fact]
    public async Task A_key_that_is_refused_rests_and_the_other_is_used_at_once()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = Right });
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Right);
        var id = provider.GetProperty("id").GetGuid();
        var bad = (await AddAsync(id, Wrong))["id"].GetGuid();
        var model = await gateway.OpenAsync($"{provider.GetProperty("slug").GetString()}/sim-small");

        for (var i = 0; i < 6; i++)
            (await Streamed.ReadAsync(model)).Failure.ShouldBeNull();

        Keys(upstream).Count(key => key == Wrong).ShouldBe(1);
        Keys(upstream).Count(key => key == Right).ShouldBe(6);
        var shown = (await ViewAsync(id)).GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        shown.GetProperty("id").GetGuid().ShouldBe(bad);
        shown.GetProperty("restsUntil").GetDateTimeOffset().ShouldBe(gateway.Clock.GetUtcNow() + TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1));

        gateway.Clock.Advance(TimeSpan.FromMinutes(5.1));
        for (var i = 0; i < 2; i++)
            (await Streamed.ReadAsync(model)).Failure.ShouldBeNull();
        Keys(upstream).Count(key => key == Wrong).ShouldBe(2);
    }

    [Fact]
    public async Task Keys_take_turns()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Right);
        await AddAsync(provider.GetProperty("id").GetGuid(), Wrong);
        var model = await gateway.OpenAsync($"{provider.GetProperty("slug").GetString()}/sim-small");

        for (var i = 0; i < 4; i++)
            await Streamed.ReadAsync(model);

        Keys(upstream).Count(key => key == Right).ShouldBe(2);
        Keys(upstream).Count(key => key == Wrong).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_asked_to_slow_down_rests_for_so_long()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Right);
        await AddAsync(provider.GetProperty("id").GetGuid(), Wrong);
        var model = await gateway.OpenAsync($"{provider.GetProperty("slug").GetString()}/sim-small");
        upstream.NextFault(OpenAiFault.TooManyRequests(7));

        for (var i = 0; i < 3; i++)
            (await Streamed.ReadAsync(model)).Failure.ShouldBeNull();

        // The one that was slowed down once, and the other for all else.
        Keys(upstream).GroupBy(key => key).Select(group => group.Count()).Order().ShouldBe([1, 3]);
        var slowed = Keys(upstream)[0];
        gateway.Clock.Advance(TimeSpan.FromSeconds(7));
        for (var i = 0; i < 2; i++)
            await Streamed.ReadAsync(model);
        Keys(upstream).Count(key => key == slowed).ShouldBe(2);
    }

    [Fact]
    public async Task Where_every_key_is_refused_each_is_tried_once_and_the_caller_is_told()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-another-0123456789" });
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Right);
        await AddAsync(provider.GetProperty("id").GetGuid(), Wrong);
        var model = await gateway.OpenAsync($"{provider.GetProperty("slug").GetString()}/sim-small");

        var failure = (await Streamed.ReadAsync(model)).Failure.ShouldNotBeNull();

        failure.Error.Code.ShouldBe("gateway.upstream_unauthorized");
        failure.Blame.ShouldBe(Blame.Client);
        Keys(upstream).Order(StringComparer.Ordinal).ShouldBe([Right, Wrong]);
    }

    [Fact]
    public async Task Keys_are_rotated_without_a_restart_and_a_new_one_is_not_blamed_for_the_old()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = Right });
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Wrong);
        var id = provider.GetProperty("id").GetGuid();
        var model = await gateway.OpenAsync($"{provider.GetProperty("slug").GetString()}/sim-small");
        var second = (await AddAsync(id, Right))["id"].GetGuid();
        for (var i = 0; i < 2; i++)
            (await Streamed.ReadAsync(model)).Failure.ShouldBeNull();

        // The first one is entered anew and the second removed: what is left must be used, although its place rests.
        var change = new { name = $"Rotated {id}", baseUrl = upstream.BaseUrl, enabled = true, apiKey = Right };
        (await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", change))["keys"].GetArrayLength().ShouldBe(1);
        await AddAsync(id, Wrong);
        (await RemoveAsync(id, second)).Status.ShouldBe(HttpStatusCode.NoContent);

        for (var i = 0; i < 4; i++)
            (await Streamed.ReadAsync(model)).Failure.ShouldBeNull();
        Keys(upstream).Count(key => key == Wrong).ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(null, "openai", "/v1")]
    [InlineData("openai", "openai", "/v1")]
    [InlineData("anthropic", "anthropic", "/v1")]
    [InlineData("gemini", "gemini", "/v1beta")]
    public async Task A_provider_has_a_kind_which_stays_when_it_is_left_out(string? given, string kind, string path)
    {
        const string Server = "https://models.example.org";
        var name = $"Kind {Guid.CreateVersion7()}";
        object body = given is null ? new { name, baseUrl = Server } : new { name, baseUrl = Server, kind = given };
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", body);

        created["kind"].GetString().ShouldBe(kind);
        created["baseUrl"].GetString().ShouldBe(Server + path);
        var changed = await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{created["id"].GetGuid()}", new { name, baseUrl = Server });
        changed["kind"].GetString().ShouldBe(kind);
        changed["baseUrl"].GetString().ShouldBe(Server + path);
    }

    [Fact]
    public async Task A_kind_that_nobody_speaks_is_refused_with_those_that_are_known()
    {
        var body = new { name = $"Kind {Guid.CreateVersion7()}", baseUrl = "https://models.example.org", kind = "telepathy", enabled = true };
        var id = (await gateway.ConnectAsync("https://models.example.org")).GetProperty("id").GetGuid();

        foreach (var answer in new[] { await gateway.Owner.CallAsync(HttpMethod.Post, "providers", body), await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", body) })
        {
            answer.Code.ShouldBe("kernel.validation");
            answer["errors"].GetProperty("kind")[0].GetString().ShouldBe("Known are openai, anthropic, gemini.");
        }
    }

    [Fact]
    public void A_bare_address_gets_the_path_of_its_kind()
    {
        Providers.ProviderRules.BaseUrl("https://models.example.org", "gemini").Value.ShouldBe("https://models.example.org/v1beta");
        Providers.ProviderRules.BaseUrl("https://models.example.org/", "anthropic").Value.ShouldBe("https://models.example.org/v1");
        Providers.ProviderRules.BaseUrl("https://models.example.org/own", "gemini").Value.ShouldBe("https://models.example.org/own");
    }

    static List<string> Keys(OpenAiServer upstream)
        => [.. upstream.Requests.Where(request => request.Path == "/v1/chat/completions").Select(request => request.Headers["Authorization"]["Bearer ".Length..])];

    Task<Answer> AddAsync(Guid provider, string apiKey) => gateway.Owner.CallAsync(HttpMethod.Post, $"providers/{provider}/keys", new { apiKey });

    Task<Answer> RemoveAsync(Guid provider, Guid key) => gateway.Owner.CallAsync(HttpMethod.Delete, $"providers/{provider}/keys/{key}");

    async Task<JsonElement> ViewAsync(Guid provider)
        => (await gateway.Owner.CallAsync(HttpMethod.Get, "providers"))["items"].EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == provider);
}
