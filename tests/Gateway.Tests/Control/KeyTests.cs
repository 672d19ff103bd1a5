using System.Net;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Keys;
using JeanTrail.Kernel.Errors;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Control;

public sealed class KeyTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    KeyRing Ring => gateway.Host.Get<KeyRing>();

    [Fact]
    public async Task A_key_is_shown_once_and_opens_for_its_owner_with_their_plan()
    {
        var created = await CreateAsync("My script");

        var secret = created["secret"].GetString()!;
        secret.ShouldStartWith("jt-");
        secret.Length.ShouldBe(46);
        created["key"].GetProperty("hint").GetString().ShouldBe($"…{secret[^4..]}");
        var grant = (await FindAsync(secret)).Value;
        grant.Consumer.UserId.ShouldBe(gateway.OwnerId);
        grant.Consumer.Plan.ShouldBe("owner");
        grant.Consumer.KeyId.ShouldBe(created["key"].GetProperty("id").GetGuid());
        var list = await gateway.Owner.CallAsync(HttpMethod.Get, "keys?limit=200");
        list.Text.ShouldNotContain(secret[4..20]);
        gateway.Host.Logs.AllText.ShouldNotContain(secret[4..20]);
        (await gateway.Db.FindAsync<string>("select row_to_json(k)::text from gateway.virtual_key k where key_id = @Id", new { Id = grant.Consumer.KeyId }, CancellationToken.None))
            .ShouldNotBeNull().ShouldNotContain(secret[4..20]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("jt-")]
    [InlineData("sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("jt-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("jt-äaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task What_is_no_key_opens_nothing(string bearer)
    {
        (await FindAsync(bearer)).Error!.Code.ShouldBe("gateway.key_invalid");
        (await FindAsync(bearer)).Error!.Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("chat", "*", "any/thing", true)]
    [InlineData("*", "*", "any", true)]
    [InlineData("embeddings", "*", "any/thing", false)]
    [InlineData("chat", "harbour/*", "harbour/pilot", true)]
    [InlineData("chat", "harbour/*", "harbours/pilot", false)]
    [InlineData("chat", "harbour/pilot", "harbour/pilot", true)]
    [InlineData("chat", "harbour/pilot", "harbour/pilot-2", false)]
    public async Task A_key_opens_what_its_scopes_name(string surface, string model, string asked, bool allowed)
    {
        var created = await CreateAsync("Scoped", [surface], [model]);

        var grant = (await FindAsync(created["secret"].GetString()!)).Value;

        grant.Allows(Surface.ChatCompletions, asked).ShouldBe(allowed);
    }

    [Theory]
    [InlineData("surfaces", "telegraph", "*")]
    [InlineData("models", "chat", "a*b")]
    [InlineData("models", "chat", "two words")]
    public async Task Scopes_that_name_nothing_are_refused(string field, string surface, string model)
    {
        var answer = await gateway.Owner.CallAsync(HttpMethod.Post, "keys", new { name = "Broken", surfaces = new[] { surface }, models = new[] { model } });

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer["errors"].EnumerateObject().ShouldContain(error => error.Name == field);
    }

    [Fact]
    public async Task A_key_ends_when_it_expires()
    {
        var created = await CreateAsync("Short", expiresAt: gateway.Clock.GetUtcNow().AddMinutes(10));
        var secret = created["secret"].GetString()!;
        (await FindAsync(secret)).Succeeded.ShouldBeTrue();

        gateway.Clock.Advance(TimeSpan.FromMinutes(10));

        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_expired");
        (await gateway.Owner.CallAsync(HttpMethod.Post, "keys", new { name = "Past", surfaces = new[] { "*" }, models = new[] { "*" }, expiresAt = gateway.Clock.GetUtcNow().AddSeconds(-1) }))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task After_a_rotation_the_former_secret_works_for_its_grace_and_no_longer()
    {
        var created = await CreateAsync("Rotated");
        var (former, id) = (created["secret"].GetString()!, created["key"].GetProperty("id").GetGuid());
        (await FindAsync(former)).Succeeded.ShouldBeTrue();

        var rotated = await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 60 });

        var secret = rotated["secret"].GetString()!;
        secret.ShouldNotBe(former);
        (await FindAsync(secret)).Value.Consumer.KeyId.ShouldBe(id);
        (await FindAsync(former)).Value.Consumer.KeyId.ShouldBe(id);
        gateway.Clock.Advance(TimeSpan.FromSeconds(60));
        (await FindAsync(former)).Error!.Code.ShouldBe("gateway.key_invalid");
        (await FindAsync(secret)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_rotation_without_grace_ends_the_former_secret_at_once()
    {
        var created = await CreateAsync("Leaked");
        var former = created["secret"].GetString()!;
        (await FindAsync(former)).Succeeded.ShouldBeTrue();

        await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{created["key"].GetProperty("id").GetGuid()}/rotate", new { graceSeconds = 0 });

        (await FindAsync(former)).Error!.Code.ShouldBe("gateway.key_invalid");
    }

    [Fact]
    public async Task A_revocation_is_effective_at_once_here_and_on_another_node()
    {
        await using var second = await TestHost.StartAsync(gateway.Host.Database, gateway.Clock);
        var created = await CreateAsync("Revoked");
        var (secret, id) = (created["secret"].GetString()!, created["key"].GetProperty("id").GetGuid());
        (await FindAsync(secret)).Succeeded.ShouldBeTrue();
        (await second.Get<KeyRing>().FindAsync(secret, CancellationToken.None)).Succeeded.ShouldBeTrue();

        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"keys/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_revoked");
        await Eventually.BeTrueAsync(async () => (await second.Get<KeyRing>().FindAsync(secret, CancellationToken.None)).Error?.Code == "gateway.key_revoked");
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"keys/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 0 })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_known_key_works_while_the_database_is_away_for_half_a_minute()
    {
        await using var host = new GatewayHostScope(new FakeClock());
        await host.InitializeAsync();
        var created = await host.Owner.CallAsync(HttpMethod.Post, "keys", new { name = "Storm", surfaces = new[] { "*" }, models = new[] { "*" } });
        var (ring, secret) = (host.Host.Get<KeyRing>(), created["secret"].GetString()!);
        (await ring.FindAsync(secret, CancellationToken.None)).Succeeded.ShouldBeTrue();

        await host.Host.Database.RefuseConnectionsAsync();

        (await ring.FindAsync(secret, CancellationToken.None)).Succeeded.ShouldBeTrue();
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await Should.ThrowAsync<Npgsql.NpgsqlException>(async () => await ring.FindAsync(secret, CancellationToken.None));
        await host.Host.Database.AcceptConnectionsAsync();
        await Eventually.PassAsync(async () => (await ring.FindAsync(secret, CancellationToken.None)).Succeeded.ShouldBeTrue());
    }

    [Fact]
    public async Task Keys_of_a_person_who_is_disabled_do_not_work()
    {
        var (http, id) = await gateway.Host.AddPersonAsync("dora@example.org", "premium");
        using (http)
        {
            var created = await http.CallAsync(HttpMethod.Post, "keys", new { name = "Dora", surfaces = new[] { "*" }, models = new[] { "*" } });
            var secret = created["secret"].GetString()!;
            (await FindAsync(secret)).Value.Consumer.Plan.ShouldBe("premium");

            await gateway.Db.ExecuteAsync("update accounts.user set disabled_at = now() where user_id = @Id", new { Id = id }, CancellationToken.None);
            gateway.Clock.Advance(KeyRing.Freshness);

            (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_invalid");
        }
    }

    [Fact]
    public async Task Other_peoples_keys_do_not_exist_for_those_who_are_not_the_owner()
    {
        var (mia, _) = await gateway.Host.AddPersonAsync("mia@example.org");
        using (mia)
        {
            var owners = (await CreateAsync("Owner's"))["key"].GetProperty("id").GetGuid();
            var body = new { name = "Mine now", surfaces = new[] { "*" }, models = new[] { "*" }, expiresAt = (DateTimeOffset?)null, version = 1 };
            var own = await mia.CallAsync(HttpMethod.Post, "keys", body);
            var ownId = own["key"].GetProperty("id").GetGuid();

            (await mia.CallAsync(HttpMethod.Put, $"keys/{owners}", body)).Status.ShouldBe(HttpStatusCode.NotFound);
            (await mia.CallAsync(HttpMethod.Post, $"keys/{owners}/rotate", new { graceSeconds = 0 })).Status.ShouldBe(HttpStatusCode.NotFound);
            (await mia.CallAsync(HttpMethod.Delete, $"keys/{owners}")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await mia.CallAsync(HttpMethod.Get, "keys"))["items"].EnumerateArray().Select(key => key.GetProperty("id").GetGuid()).ShouldBe([ownId]);
            // The owner sees and ends them, but is given no secret that acts in another's name.
            (await gateway.Owner.CallAsync(HttpMethod.Get, "keys?limit=200"))["items"].EnumerateArray().ShouldContain(key => key.GetProperty("id").GetGuid() == ownId);
            (await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{ownId}/rotate", new { graceSeconds = 0 })).Status.ShouldBe(HttpStatusCode.NotFound);
            (await gateway.Owner.CallAsync(HttpMethod.Delete, $"keys/{ownId}")).Status.ShouldBe(HttpStatusCode.NoContent);
        }
    }

    [Fact]
    public async Task A_change_takes_effect_at_once_and_one_that_crossed_another_is_refused()
    {
        var created = await CreateAsync("Changing");
        var (secret, id) = (created["secret"].GetString()!, created["key"].GetProperty("id").GetGuid());
        (await FindAsync(secret)).Value.Allows(Surface.Embeddings, "any").ShouldBeTrue();
        var body = new { name = "Changed", surfaces = new[] { "chat" }, models = new[] { "*" }, expiresAt = (DateTimeOffset?)null, version = 1 };

        (await gateway.Owner.CallAsync(HttpMethod.Put, $"keys/{id}", body))["version"].GetInt32().ShouldBe(2);

        (await FindAsync(secret)).Value.Allows(Surface.Embeddings, "any").ShouldBeFalse();
        var crossed = await gateway.Owner.CallAsync(HttpMethod.Put, $"keys/{id}", body);
        crossed.Status.ShouldBe(HttpStatusCode.Conflict);
        crossed.Code.ShouldBe("gateway.changed_meanwhile");
    }

    [Fact]
    public async Task Its_last_use_is_written_for_all_calls_at_once()
    {
        var created = await CreateAsync("Used");
        var (secret, id) = (created["secret"].GetString()!, created["key"].GetProperty("id").GetGuid());
        for (var i = 0; i < 50; i++)
            (await FindAsync(secret)).Succeeded.ShouldBeTrue();
        var used = gateway.Clock.GetUtcNow();

        await gateway.Host.Get<KeyUses>().FlushAsync(CancellationToken.None);

        (await gateway.Db.FindAsync<DateTimeOffset?>("select last_used_at from gateway.virtual_key where key_id = @Id", new { Id = id }, CancellationToken.None)).ShouldBe(used);
    }

    async Task<Answer> CreateAsync(string name, string[]? surfaces = null, string[]? models = null, DateTimeOffset? expiresAt = null)
    {
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "keys", new { name, surfaces = surfaces ?? ["*"], models = models ?? ["*"], expiresAt });
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        return created;
    }

    async Task<Result<KeyGrant>> FindAsync(string secret) => await Ring.FindAsync(secret, CancellationToken.None);
}
