using System.Net;
using System.Text;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests;

public sealed class ProviderTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    const string Key = "sk-live-abcdefghijkl-wxyz";

    [Fact]
    public async Task A_provider_is_connected_and_its_key_never_comes_back()
    {
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "My Models!", baseUrl = "https://models.example.org/api/v1/", apiKey = $" {Key} " });

        created.Status.ShouldBe(HttpStatusCode.Created);
        created["slug"].GetString().ShouldBe("my-models");
        created["baseUrl"].GetString().ShouldBe("https://models.example.org/api/v1");
        created["keyHint"].GetString().ShouldBe("…wxyz");
        created["enabled"].GetBoolean().ShouldBeTrue();
        created["lastCheck"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var list = await gateway.Owner.CallAsync(HttpMethod.Get, "providers");
        list["items"].EnumerateArray().ShouldContain(item => item.GetProperty("id").GetGuid() == created["id"].GetGuid());
        (created.Text + list.Text).ShouldNotContain("abcdefghijkl");
        gateway.Host.Logs.AllText.ShouldNotContain("abcdefghijkl");
        var row = await gateway.Db.FindAsync<Row>("select row_to_json(p)::text as json, api_key from gateway.provider p where provider_id = @Id", new { Id = created["id"].GetGuid() }, CancellationToken.None);
        row.ShouldNotBeNull().Json.ShouldNotContain("abcdefghijkl");
        Encoding.Latin1.GetString(row.ApiKey).ShouldNotContain("abcdefghijkl");
    }

    [Fact]
    public async Task The_stored_key_is_the_one_that_is_sent()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = Key });
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Key);

        var check = await CheckAsync(provider.GetProperty("id").GetGuid());

        check["ok"].GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("models")]
    [InlineData("ftp://example.org/v1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:word@example.org/v1")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://example.org/v1?key=1")]
    [InlineData("http://example.org/v1#x")]
    [InlineData("http:// example.org")]
    public async Task What_is_no_address_of_a_server_is_refused(string baseUrl)
    {
        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "Nowhere", baseUrl });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe(baseUrl.Length == 0 ? "kernel.validation" : "gateway.base_url_invalid");
        answer["errors"].EnumerateObject().ShouldContain(field => field.Name == "baseUrl");
    }

    [Theory]
    [InlineData("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1")]
    [InlineData("http://localhost:8080/", "http://localhost:8080/v1")]
    [InlineData("https://example.org/openai/v1/chat/completions", "https://example.org/openai/v1")]
    public async Task An_address_is_put_into_shape(string typed, string kept)
        => (await gateway.ConnectAsync(typed)).GetProperty("baseUrl").GetString().ShouldBe(kept);

    [Fact]
    public async Task A_key_that_cannot_stand_in_a_header_is_refused()
    {
        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "Broken key", baseUrl = "https://example.org/v1", apiKey = "sk-1\r\nX: y" });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Code.ShouldBe("gateway.provider_key_invalid");
    }

    [Fact]
    public async Task A_name_is_taken_once_and_a_slug_gets_a_number()
    {
        (await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "Twin", baseUrl = "https://a.example.org/v1" })).Status.ShouldBe(HttpStatusCode.Created);

        var taken = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = " TWIN ", baseUrl = "https://b.example.org/v1" });
        var alike = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "Twin?", baseUrl = "https://b.example.org/v1" });
        var arabic = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "نماذج", baseUrl = "https://b.example.org/v1" });
        var reserved = await gateway.Owner.CallAsync(HttpMethod.Post, "providers", new { name = "Jean", baseUrl = "https://b.example.org/v1" });

        taken.Status.ShouldBe(HttpStatusCode.Conflict);
        taken.Code.ShouldBe("gateway.provider_name_taken");
        alike["slug"].GetString().ShouldBe("twin-2");
        arabic["slug"].GetString().ShouldBe("provider");
        reserved["slug"].GetString().ShouldNotBe("jean");
    }

    [Fact]
    public async Task A_change_keeps_the_key_that_is_left_out_and_null_removes_it()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = Key });
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri, Key);
        var id = provider.GetProperty("id").GetGuid();

        var renamed = await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", new { name = $"Renamed {id}", baseUrl = upstream.BaseUrl, enabled = true });
        renamed.Status.ShouldBe(HttpStatusCode.OK);
        renamed["slug"].GetString().ShouldBe(provider.GetProperty("slug").GetString());
        renamed["keyHint"].GetString().ShouldBe("…wxyz");
        (await CheckAsync(id))["ok"].GetBoolean().ShouldBeTrue();

        var removed = await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", new { name = $"Renamed {id}", baseUrl = upstream.BaseUrl, enabled = true, apiKey = (string?)null });
        removed["keyHint"].GetString().ShouldBeNull();
        (await CheckAsync(id))["code"].GetString().ShouldBe("gateway.upstream_unauthorized");
    }

    [Fact]
    public async Task A_kept_key_does_not_follow_the_address_to_another_server()
    {
        var provider = await gateway.ConnectAsync("https://one.example.org/v1", Key);
        var id = provider.GetProperty("id").GetGuid();

        var moved = await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", new { name = $"Moved {id}", baseUrl = "https://two.example.org/v1", enabled = true });

        moved.Status.ShouldBe(HttpStatusCode.BadRequest);
        moved.Code.ShouldBe("gateway.provider_key_needed");
        moved["errors"].TryGetProperty("apiKey", out _).ShouldBeTrue();
        (await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", new { name = $"Moved {id}", baseUrl = "https://one.example.org/v2", enabled = true })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_check_tells_what_is_there_or_what_is_wrong()
    {
        await using var upstream = await OpenAiServer.StartAsync(new() { Models = ["b-model", "a-model"] });
        var id = (await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri)).GetProperty("id").GetGuid();

        var good = await CheckAsync(id);
        good["ok"].GetBoolean().ShouldBeTrue();
        good["models"].EnumerateArray().Select(model => model.GetString()).ShouldBe(["b-model", "a-model"]);

        upstream.NextFault(OpenAiFault.Html());
        var bad = await CheckAsync(id);
        bad["ok"].GetBoolean().ShouldBeFalse();
        bad["code"].GetString().ShouldBe("gateway.upstream_nonsense");
        bad["detail"].GetString().ShouldNotBeNullOrEmpty();
        var listed = (await gateway.Owner.CallAsync(HttpMethod.Get, "providers"))["items"].EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == id);
        listed.GetProperty("lastCheck").GetProperty("ok").GetBoolean().ShouldBeFalse();
        listed.GetProperty("lastCheck").GetProperty("modelCount").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_provider_that_is_switched_off_answers_nothing_and_shows_no_models()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri);
        var id = provider.GetProperty("id").GetGuid();
        var model = $"{provider.GetProperty("slug").GetString()}/sim-small";
        (await gateway.OpenAsync(model)).ModelId.ShouldBe(model);

        await gateway.Owner.CallAsync(HttpMethod.Put, $"providers/{id}", new { name = $"Off {id}", baseUrl = upstream.BaseUrl, enabled = false });

        var opened = await gateway.Host.Services.GetRequiredService<IModelGateway>().OpenAsync(gateway.OwnerId, model, CancellationToken.None);
        opened.Error.ShouldNotBeNull().Code.ShouldBe("gateway.provider_disabled");
        opened.Error.Extensions.ShouldNotBeNull()["fallback"].ShouldBe("jean/basic");
        (await gateway.Owner.CallAsync(HttpMethod.Get, "models")).Text.ShouldNotContain(model);
    }

    [Fact]
    public async Task A_provider_that_was_removed_is_gone_with_the_defaults_that_named_it()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri);
        var id = provider.GetProperty("id").GetGuid();
        var model = $"{provider.GetProperty("slug").GetString()}/sim-small";
        (await gateway.Owner.CallAsync(HttpMethod.Put, "default-model", new { modelId = model })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await gateway.OpenAsync(modelId: null)).ModelId.ShouldBe(model);

        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"providers/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await gateway.OpenAsync(modelId: null)).ModelId.ShouldBe("jean/basic");
        var gone = await gateway.Host.Services.GetRequiredService<IModelGateway>().OpenAsync(gateway.OwnerId, model, CancellationToken.None);
        gone.Error.ShouldNotBeNull().Code.ShouldBe("gateway.model_unknown");
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"providers/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("POST")]
    public async Task An_unknown_id_answers_404(string method)
    {
        var id = Ids.New(TimeProvider.System);

        var answer = await gateway.Owner.CallAsync(new HttpMethod(method), method == "POST" ? $"providers/{id}/check" : $"providers/{id}", new { name = "x", baseUrl = "https://x.example.org", enabled = true });

        answer.Status.ShouldBe(HttpStatusCode.NotFound);
        answer.Code.ShouldBe("kernel.not_found");
    }

    [Fact]
    public async Task Providers_are_the_owners_and_models_are_everybodys()
    {
        await using var upstream = await OpenAiServer.StartAsync();
        var provider = await gateway.ConnectAsync(upstream.BaseUrl.AbsoluteUri);
        await AddMemberAsync("mia@example.org");
        using var member = await gateway.Host.SignInAsync("mia@example.org", TestPeople.Password);

        (await member.CallAsync(HttpMethod.Get, "providers")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.CallAsync(HttpMethod.Get, "discovered")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.CallAsync(HttpMethod.Post, "providers", new { name = "Mine", baseUrl = "https://x.example.org" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.CallAsync(HttpMethod.Delete, $"providers/{provider.GetProperty("id").GetGuid()}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await member.CallAsync(HttpMethod.Get, "models")).Text.ShouldContain($"{provider.GetProperty("slug").GetString()}/sim-large");
    }

    [Fact]
    public async Task Without_the_proof_of_origin_nothing_changes_and_strangers_see_nothing()
    {
        using var stranger = gateway.Host.NewClient();
        using var forged = await gateway.Host.SignInAsync();
        forged.DefaultRequestHeaders.Remove("X-CSRF-Token");

        (await stranger.CallAsync(HttpMethod.Get, "models")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.CallAsync(HttpMethod.Get, "providers")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var refused = await forged.CallAsync(HttpMethod.Post, "providers", new { name = "Forged", baseUrl = "https://x.example.org" });
        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("kernel.csrf");
    }

    async Task<Answer> CheckAsync(Guid id)
    {
        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, $"providers/{id}/check");
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return answer;
    }

    Task AddMemberAsync(string email)
    {
        const string Sql = """
            insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
            select @Id, @Email, @Email, 'Mia', 'free', password_hash, now() from accounts.user where role = 'owner'
            """;
        return gateway.Db.ExecuteAsync(Sql, new { Id = Ids.New(TimeProvider.System), Email = email }, CancellationToken.None);
    }

    sealed record Row(string Json, byte[] ApiKey);
}
