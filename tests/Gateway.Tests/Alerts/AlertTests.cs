using System.Net;
using System.Text.Json;
using JeanTrail.Gateway.Alerts;
using JeanTrail.Gateway.Tests.Control;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests.Alerts;

public sealed class AlertTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    static int counter;

    readonly string route = $"alert-route-{Interlocked.Increment(ref counter)}";

    [Fact]
    public async Task Too_many_errors_raise_one_alert_that_ends_when_they_do()
    {
        await RuleAsync("errors", threshold: 25, minCalls: 8);
        await CallsAsync(6);
        await CallsAsync(1, "failed", blame: "upstream");
        await LookAsync();
        (await AlertsAsync()).ShouldBeEmpty("seven calls are too few");

        await CallsAsync(2, "failed", blame: "upstream");
        await LookAsync();
        await LookAsync();
        var alert = (await AlertsAsync()).ShouldHaveSingleItem();
        alert.GetProperty("value").GetDouble().ShouldBe(100.0 / 3, 0.01);
        alert.GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.Null);

        await CallsAsync(20);
        await LookAsync();
        (await AlertsAsync()).ShouldHaveSingleItem().GetProperty("endedAt").ValueKind.ShouldNotBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task What_callers_did_wrong_is_no_error_of_the_gateway()
    {
        await RuleAsync("errors", threshold: 10, minCalls: 2);
        await CallsAsync(5);
        await CallsAsync(5, "failed", blame: "client");
        await CallsAsync(5, "cancelled");
        await LookAsync();
        (await AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_answers_raise_an_alert_and_kept_ones_hide_nothing()
    {
        await RuleAsync("latency", threshold: 1000, minCalls: 10);
        await CallsAsync(10, firstByteMs: 400);
        await CallsAsync(100, firstByteMs: 1, cache: "hit");
        await LookAsync();
        (await AlertsAsync()).ShouldBeEmpty();

        await CallsAsync(2, firstByteMs: 5000);
        await LookAsync();
        (await AlertsAsync()).ShouldHaveSingleItem().GetProperty("value").GetDouble().ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task Old_calls_do_not_count()
    {
        await RuleAsync("errors", threshold: 10, minCalls: 1);
        await CallsAsync(5, "failed", blame: "upstream", minutesAgo: 11);
        await LookAsync();
        (await AlertsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_budget_that_runs_low_is_an_alert()
    {
        var person = LimitTables.NewConsumer();
        var limit = await gateway.Db.LimitAsync(person, "requests", 5);
        var consumer = ActivatorUtilities.CreateInstance<BudgetAlerts>(gateway.Host.Services);
        await gateway.Db.InTransactionAsync(
            async tx =>
            {
                await consumer.HandleAsync(
                    new(limit, "user", person.UserId.ToString(), "requests", "day", gateway.Clock.GetUtcNow(), 100, 5, 5), new(Guid.CreateVersion7(), gateway.Clock.GetUtcNow(), 1), tx, CancellationToken.None);
                return true;
            },
            CancellationToken.None);
        var alert = (await AllAsync()).Single(each => each.GetProperty("limitId").ValueKind == JsonValueKind.String && each.GetProperty("limitId").GetGuid() == limit);
        alert.GetProperty("kind").GetString().ShouldBe("budget");

        var seen = await gateway.Owner.CallAsync(HttpMethod.Post, $"alerts/{alert.GetProperty("id").GetGuid()}/acknowledge");
        seen["acknowledgedAt"].ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task Rules_are_changed_and_removed_with_their_alerts()
    {
        var rule = await RuleAsync("errors", threshold: 50, minCalls: 2);
        await CallsAsync(3, "failed", blame: "server");
        await LookAsync();
        (await AlertsAsync()).ShouldHaveSingleItem();
        var id = rule.GetProperty("id").GetGuid();

        (await gateway.Owner.CallAsync(HttpMethod.Put, $"alert-rules/{id}", new { threshold = 60, windowMinutes = 10, minCalls = 2, enabled = false, version = 1 }))["version"].GetInt32().ShouldBe(2);
        (await gateway.Owner.CallAsync(HttpMethod.Put, $"alert-rules/{id}", new { threshold = 70, windowMinutes = 10, minCalls = 2, enabled = true, version = 1 })).Code.ShouldBe("gateway.changed_meanwhile");
        await LookAsync();
        (await AlertsAsync()).ShouldHaveSingleItem().GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.String, "a rule that is off raises nothing");
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"alert-rules/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await AlertsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("errors", "all", "x", 20)]
    [InlineData("errors", "route", "", 20)]
    [InlineData("errors", "all", "", 101)]
    [InlineData("weather", "all", "", 20)]
    public async Task What_makes_no_sense_as_a_rule_is_refused(string kind, string subjectKind, string subject, double threshold)
        => (await gateway.Owner.CallAsync(HttpMethod.Post, "alert-rules", new { kind, subjectKind, subject, threshold })).Status.ShouldBe(HttpStatusCode.BadRequest);

    async Task<JsonElement> RuleAsync(string kind, double threshold, int minCalls)
    {
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "alert-rules", new { kind, subjectKind = "route", subject = route, threshold, windowMinutes = 10, minCalls });
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        return JsonDocument.Parse(created.Text).RootElement;
    }

    async Task CallsAsync(int count, string outcome = "completed", string? blame = null, int? firstByteMs = 100, string? cache = null, int minutesAgo = 0)
    {
        const string Sql = """
            insert into gateway.usage (usage_id, user_id, route, model_id, started_at, ended_at, first_byte_ms, total_ms, outcome, blame, cache)
            select gen_random_uuid(), @User, @Route, 'dock/crane', @At, @At, @FirstByteMs, 500, @Outcome, @Blame, @Cache from generate_series(1, @Count)
            """;
        var args = new { User = gateway.OwnerId, Route = route, At = gateway.Clock.GetUtcNow().AddMinutes(-minutesAgo), FirstByteMs = firstByteMs, Outcome = outcome, Blame = blame, Cache = cache, Count = count };
        await gateway.Db.ExecuteAsync(Sql, args, CancellationToken.None);
    }

    Task LookAsync() => ActivatorUtilities.CreateInstance<AlertWatch>(gateway.Host.Services).RunAsync(CancellationToken.None);

    async Task<IReadOnlyList<JsonElement>> AlertsAsync() => [.. (await AllAsync()).Where(alert => alert.GetProperty("subject").GetString() == route)];

    async Task<IReadOnlyList<JsonElement>> AllAsync() => [.. (await gateway.Owner.CallAsync(HttpMethod.Get, "alerts"))["items"].EnumerateArray()];
}
