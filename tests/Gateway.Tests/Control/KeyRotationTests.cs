using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Gateway.Keys;
using JeanTrail.Kernel.Errors;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests.Control;

/// <summary>Virtual keys that are renewed as planned, and keys that were found.</summary>
public sealed class KeyRotationTests(KeyRotationTests.Server gateway) : IClassFixture<KeyRotationTests.Server>
{
    [Fact]
    public async Task A_planned_rotation_comes_due_and_its_program_takes_the_next_secret_once()
    {
        var (id, first) = await CreateAsync(new { rotateEveryDays = 30, overlapHours = 6 });
        var (dueLetters, takenLetters) = (await LettersAsync("accounts.api-key-rotation-due"), await LettersAsync("accounts.api-key-rotated"));
        var now = gateway.Clock.GetUtcNow();
        (await KeyAsync(id)).GetProperty("rotateAt").GetDateTimeOffset().ShouldBe(now.AddDays(30));
        (await SelfAsync(HttpMethod.Post, "key/rotate", first)).Code.ShouldBe("gateway.rotation_not_due");
        await PassAsync(id, TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await RotateDueAsync();
        (await SelfAsync(HttpMethod.Get, "key", first)).Json.GetProperty("rotation_due").GetBoolean().ShouldBeFalse();
        await PassAsync(id, TimeSpan.FromSeconds(1));

        await RotateDueAsync();

        var told = (await SelfAsync(HttpMethod.Get, "key", first)).Json;
        told.GetProperty("rotation_due").GetBoolean().ShouldBeTrue();
        told.GetProperty("secret_until").GetInt64().ShouldBe(now.AddHours(6).ToUnixTimeSeconds());
        (await LettersAsync("accounts.api-key-rotation-due")).ShouldBe(dueLetters + 1);
        var taken = await SelfAsync(HttpMethod.Post, "key/rotate", first);
        taken.Status.ShouldBe(HttpStatusCode.OK, taken.Json.ToString());
        var second = taken.Json.GetProperty("secret").GetString()!;
        (await FindAsync(second)).Value.Consumer.KeyId.ShouldBe(id);
        (await FindAsync(first)).Succeeded.ShouldBeTrue("until the overlap is over");
        (await SelfAsync(HttpMethod.Post, "key/rotate", first)).Code.ShouldBe("gateway.rotation_not_due");
        (await SelfAsync(HttpMethod.Post, "key/rotate", second)).Code.ShouldBe("gateway.rotation_not_due");
        (await LettersAsync("accounts.api-key-rotated")).ShouldBe(takenLetters + 1);
        (await KeyAsync(id)).GetProperty("rotateAt").GetDateTimeOffset().ShouldBe(now.AddDays(30));

        await PassAsync(id, TimeSpan.FromHours(6));
        (await FindAsync(first)).Error!.Code.ShouldBe("gateway.key_invalid");
        (await FindAsync(second)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_secret_that_nobody_renewed_ends_when_its_overlap_does()
    {
        var (id, secret) = await CreateAsync(new { rotateEveryDays = 1, overlapHours = 1 });
        await PassAsync(id, TimeSpan.FromDays(1));
        await RotateDueAsync();
        await PassAsync(id, TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await FindAsync(secret)).Succeeded.ShouldBeTrue();

        await PassAsync(id, TimeSpan.FromSeconds(1));

        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_invalid");
        (await SelfAsync(HttpMethod.Post, "key/rotate", secret)).Code.ShouldBe("gateway.key_invalid");
        // Its person can still give it a new one; the one that ended stays ended.
        var renewed = (await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 3600 }))["secret"].GetString()!;
        (await FindAsync(renewed)).Succeeded.ShouldBeTrue();
        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_invalid");
    }

    [Fact]
    public async Task Of_many_that_take_the_next_secret_at_once_one_gets_it()
    {
        var (id, secret) = await CreateAsync(new { rotateEveryDays = 1 });
        await PassAsync(id, TimeSpan.FromDays(1));
        await RotateDueAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SelfAsync(HttpMethod.Post, "key/rotate", secret)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Code == "gateway.rotation_not_due").ShouldBe(7);
    }

    [Fact]
    public async Task A_plan_can_be_made_later_and_given_up_also_when_it_is_due()
    {
        var (id, secret) = await CreateAsync(new { });
        (await KeyAsync(id)).GetProperty("rotateAt").ValueKind.ShouldBe(JsonValueKind.Null);
        await ChangeAsync(id, version: 1, days: 7);
        (await KeyAsync(id)).GetProperty("rotateAt").GetDateTimeOffset().ShouldBe(gateway.Clock.GetUtcNow().AddDays(7));
        await PassAsync(id, TimeSpan.FromDays(7));
        await RotateDueAsync();

        await ChangeAsync(id, version: 3, days: null);

        await PassAsync(id, TimeSpan.FromDays(40));
        (await FindAsync(secret)).Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(366, 24)]
    [InlineData(30, 0)]
    [InlineData(30, 721)]
    public async Task What_makes_no_sense_as_a_plan_is_refused(int days, int hours)
        => (await gateway.Owner.CallAsync(HttpMethod.Post, "keys", new { name = "Planned", surfaces = new[] { "*" }, models = new[] { "*" }, rotateEveryDays = days, overlapHours = hours }))
            .Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Whoever_finds_a_key_ends_it_and_its_person_is_told()
    {
        var (id, secret) = await CreateAsync(new { });
        (await FindAsync(secret)).Succeeded.ShouldBeTrue();
        var before = await LettersAsync("accounts.api-key-leaked");

        (await ReportAsync($" {secret} ")).ShouldBe(HttpStatusCode.Accepted);

        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_revoked");
        (await KeyAsync(id)).GetProperty("leaked").GetBoolean().ShouldBeTrue();
        (await LettersAsync("accounts.api-key-leaked")).ShouldBe(before + 1);
        (await gateway.Db.FindAsync<int>("select count(*)::int from kernel.audit where act = 'gateway.key.leaked' and subjects @> array[@Id]", new { Id = id }, CancellationToken.None)).ShouldBe(1);
        (await ReportAsync(secret)).ShouldBe(HttpStatusCode.Accepted);
        (await LettersAsync("accounts.api-key-leaked")).ShouldBe(before + 1, "it ended once");
    }

    [Fact]
    public async Task A_secret_that_ended_ends_nothing_and_the_answer_tells_nothing()
    {
        var (id, former) = await CreateAsync(new { });
        var secret = (await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 60 }))["secret"].GetString()!;
        await PassAsync(id, TimeSpan.FromSeconds(60));

        foreach (var text in (string[])[former, "jt-nothing", new string('x', 200)])
            (await ReportAsync(text)).ShouldBe(HttpStatusCode.Accepted);

        (await FindAsync(secret)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task The_secret_before_the_last_rotation_ends_the_key_while_it_works()
    {
        var (id, former) = await CreateAsync(new { });
        var secret = (await gateway.Owner.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 60 }))["secret"].GetString()!;

        (await ReportAsync(former)).ShouldBe(HttpStatusCode.Accepted);

        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_revoked");
    }

    [Fact]
    public async Task Somebody_who_is_signed_in_ends_a_key_of_another_person_that_they_found()
    {
        var (_, secret) = await CreateAsync(new { });
        var (finder, _) = await gateway.Host.AddPersonAsync($"finder{Guid.CreateVersion7():N}@example.org");
        using (finder)
            (await finder.CallAsync(HttpMethod.Post, "keys/leaked", new { secret })).Status.ShouldBe(HttpStatusCode.Accepted);

        (await FindAsync(secret)).Error!.Code.ShouldBe("gateway.key_revoked");
    }

    [Fact]
    public async Task No_key_is_made_or_renewed_in_a_session_that_was_opened_in_somebodys_name()
    {
        var email = $"acted{Guid.CreateVersion7():N}@example.org";
        var (bob, bobId) = await gateway.Host.AddPersonAsync(email);
        using var own = bob;
        var body = new { name = "Bob's", surfaces = new[] { "*" }, models = new[] { "*" } };
        var id = (await bob.CallAsync(HttpMethod.Post, "keys", body))["key"].GetProperty("id").GetGuid();
        using var acting = await gateway.Host.SignInAsync();
        using var begun = await acting.PostAsJsonAsync($"/api/accounts/users/{bobId.Value}/impersonate", new { reason = "He asked for help" });
        var session = await begun.Content.ReadFromJsonAsync<JsonElement>();
        begun.StatusCode.ShouldBe(HttpStatusCode.OK, session.ToString());
        acting.DefaultRequestHeaders.Remove("X-CSRF-Token");
        acting.DefaultRequestHeaders.Add("X-CSRF-Token", session.GetProperty("csrfToken").GetString());

        var made = await acting.CallAsync(HttpMethod.Post, "keys", body);
        made.Status.ShouldBe(HttpStatusCode.Forbidden);
        made.Code.ShouldBe("accounts.acting");
        (await acting.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 60 })).Code.ShouldBe("accounts.acting");

        (await acting.CallAsync(HttpMethod.Get, "keys"))["items"].EnumerateArray().ShouldHaveSingleItem().GetProperty("previousUntil").ValueKind.ShouldBe(JsonValueKind.Null);
        (await bob.CallAsync(HttpMethod.Post, $"keys/{id}/rotate", new { graceSeconds = 60 })).Status.ShouldBe(HttpStatusCode.OK);
    }

    async Task<(Guid Id, string Secret)> CreateAsync(object plan)
    {
        var body = JsonSerializer.SerializeToNode(new { name = "Planned", surfaces = new[] { "*" }, models = new[] { "*" } })!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(plan)!.AsObject())
            body[name] = value?.DeepClone();
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "keys", body);
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        return (created["key"].GetProperty("id").GetGuid(), created["secret"].GetString()!);
    }

    async Task ChangeAsync(Guid id, int version, int? days)
    {
        var changed = await gateway.Owner.CallAsync(
            HttpMethod.Put, $"keys/{id}", new { name = "Planned", surfaces = new[] { "*" }, models = new[] { "*" }, expiresAt = (DateTimeOffset?)null, version, rotateEveryDays = days });
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
    }

    async Task<JsonElement> KeyAsync(Guid id)
        => (await gateway.Owner.CallAsync(HttpMethod.Get, "keys?limit=200"))["items"].EnumerateArray().Single(key => key.GetProperty("id").GetGuid() == id);

    /// <summary>Time passes for this key alone: a month of the whole server's clock would be a month of every timer in it.</summary>
    async Task PassAsync(Guid id, TimeSpan time)
    {
        const string Sql = """
            update gateway.virtual_key set rotate_at = rotate_at - @Time, secret_until = secret_until - @Time, previous_until = previous_until - @Time, expires_at = expires_at - @Time
            where key_id = @Id
            """;
        await gateway.Db.ExecuteAsync(Sql, new { Id = id, Time = time }, CancellationToken.None);
        await gateway.Host.Get<KeyRing>().InvalidateAsync(id, CancellationToken.None);
    }

    Task RotateDueAsync() => ActivatorUtilities.CreateInstance<KeyRotation>(gateway.Host.Services).RunAsync(CancellationToken.None);

    async Task<Result<KeyGrant>> FindAsync(string secret) => await gateway.Host.Get<KeyRing>().FindAsync(secret, CancellationToken.None);

    Task<int> LettersAsync(string kind)
        => gateway.Db.FindAsync<int>("select count(*)::int from kernel.mail where kind = @Kind", new { Kind = kind }, CancellationToken.None);

    async Task<HttpStatusCode> ReportAsync(string secret)
    {
        using var anybody = gateway.Host.NewClient();
        using var answer = await anybody.PostAsJsonAsync("/api/gateway/keys/leaked", new { secret });
        return answer.StatusCode;
    }

    /// <summary>As the program with the key.</summary>
    async Task<(HttpStatusCode Status, JsonElement Json, string? Code)> SelfAsync(HttpMethod method, string path, string secret)
    {
        using var program = gateway.Host.NewClient();
        using var request = new HttpRequestMessage(method, $"/v1/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var response = await program.SendAsync(request);
        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (response.StatusCode, json, json.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null);
    }

    /// <summary>Reports of found keys are limited as sign-ins are; the clock stands still here, so the minute is never over.</summary>
    public sealed class Server() : GatewayHost(
        new FakeClock(), new() { ["Edge:SignInsPerMinute"] = "1000000", ["Edge:SignInsPerMinuteGlobally"] = "1000000" });
}
