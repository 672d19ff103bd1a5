using System.Net;
using JeanTrail.Gateway.Limits;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests.Control;

/// <summary>Whole servers that share a database and hear each other over it.</summary>
public sealed class LimitHostTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    readonly Consumer person = LimitTables.NewConsumer();

    [Fact]
    public async Task Over_two_servers_exactly_as_many_pass_as_are_allowed()
    {
        const int Amount = 200;
        await using var second = await TestHost.StartAsync(gateway.Host.Database);
        var limit = await CreateAsync(new { subjectKind = "user", subject = person.UserId, meter = "requests", window = "none", amount = Amount });
        ILimits[] nodes = [gateway.Host.Get<ILimits>(), second.Get<ILimits>()];
        await Eventually.BeTrueAsync(() => second.Get<LimitBook>().Find(limit) is not null);

        var passed = await CountAsync(Enumerable.Range(0, 240).Select(i => nodes[i % 2]));
        passed.ShouldBeLessThanOrEqualTo(Amount);
        await Eventually.BeTrueAsync(async () => (passed += await CountAsync(nodes)) >= Amount);

        passed.ShouldBe(Amount);
        (await CountAsync(Enumerable.Repeat(nodes, 20).SelectMany(each => each))).ShouldBe(0);
        await Eventually.PassAsync(async () => (await gateway.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(Amount, 0, 0)));
    }

    [Fact]
    public async Task A_server_that_starts_again_goes_on_counting_where_it_was()
    {
        var limit = await CreateAsync(new { subjectKind = "user", subject = person.UserId, meter = "requests", window = "none", amount = 30 });
        await using (var first = await TestHost.StartAsync(gateway.Host.Database))
            (await CountAsync(Enumerable.Repeat(first.Get<ILimits>(), 20))).ShouldBe(20);
        await using var again = await TestHost.StartAsync(gateway.Host.Database);

        (await CountAsync(Enumerable.Repeat(again.Get<ILimits>(), 20))).ShouldBe(10);

        await again.StopAsync();
        (await gateway.Db.UseAsync(limit)).ShouldBe(new LimitTables.Use(30, 0, 0));
    }

    [Fact]
    public async Task The_owner_makes_changes_lists_and_removes_limits()
    {
        var id = await CreateAsync(new { subjectKind = "user", subject = person.UserId, meter = "requests", window = "none", amount = 1 });
        (await CountAsync(Enumerable.Repeat(gateway.Host.Get<ILimits>(), 3))).ShouldBe(1);

        var changed = await gateway.Owner.CallAsync(HttpMethod.Put, $"limits/{id}", new { amount = 3, action = "stop", version = 1 });
        (changed["amount"].GetInt64(), changed["version"].GetInt32()).ShouldBe((3, 2));
        (await gateway.Owner.CallAsync(HttpMethod.Put, $"limits/{id}", new { amount = 9, action = "stop", version = 1 })).Code.ShouldBe("gateway.changed_meanwhile");
        var passed = 1;
        await Eventually.BeTrueAsync(async () => (passed += await CountAsync([gateway.Host.Get<ILimits>()])) == 3);

        await Eventually.PassAsync(async () =>
        {
            var list = await gateway.Owner.CallAsync(HttpMethod.Get, "limits");
            var item = list["items"].EnumerateArray().Single(each => each.GetProperty("id").GetGuid() == id);
            (item.GetProperty("spent").GetInt64(), item.GetProperty("held").GetInt64()).ShouldBe((3, 0));
        });
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"limits/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await gateway.Owner.CallAsync(HttpMethod.Delete, $"limits/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await CountAsync(Enumerable.Repeat(gateway.Host.Get<ILimits>(), 3))).ShouldBe(3);
    }

    [Fact]
    public async Task Monitoring_sees_how_full_a_limit_is()
    {
        var id = await CreateAsync(new { subjectKind = "user", subject = person.UserId, meter = "requests", window = "none", amount = 8 });
        (await CountAsync(Enumerable.Repeat(gateway.Host.Get<ILimits>(), 2))).ShouldBe(2);
        var gauges = ActivatorUtilities.CreateInstance<LimitGauges>(gateway.Host.Services);

        await Eventually.PassAsync(async () =>
        {
            await gauges.RunAsync(CancellationToken.None);
            var metrics = await gateway.Host.NewClient().GetStringAsync(new Uri("/metrics", UriKind.Relative));
            metrics.Split('\n').ShouldContain(line => line.StartsWith("gateway_limit_used", StringComparison.Ordinal) && line.Contains(id.ToString(), StringComparison.Ordinal) && line.EndsWith(" 0.25", StringComparison.Ordinal), metrics);
        });
    }

    [Theory]
    [InlineData("key", "no id", "requests", "day", "stop")]
    [InlineData("plan", "gold", "requests", "day", "stop")]
    [InlineData("route", "a*b", "requests", "day", "stop")]
    [InlineData("all", "all", "requests", "day", "stop")]
    [InlineData("all", "", "streams", "day", "stop")]
    [InlineData("all", "", "streams", "none", "warn")]
    [InlineData("all", "", "bytes", "day", "stop")]
    public async Task What_makes_no_sense_as_a_limit_is_refused(string subjectKind, string subject, string meter, string window, string action)
        => (await gateway.Owner.CallAsync(HttpMethod.Post, "limits", new { subjectKind, subject, meter, window, amount = 1, action })).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Only_the_owner_sees_limits()
    {
        var (mia, _) = await gateway.Host.AddPersonAsync("mia@example.org");
        using (mia)
            (await mia.CallAsync(HttpMethod.Get, "limits")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    async Task<Guid> CreateAsync(object body)
    {
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "limits", body);
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        return created["id"].GetGuid();
    }

    async Task<int> CountAsync(IEnumerable<ILimits> callers)
    {
        var calls = await Task.WhenAll(callers.Select(limits => Task.Run(async () => await limits.ReserveAsync(person, "harbour/pilot", default, CancellationToken.None))));
        return calls.Count(call => call.Succeeded);
    }
}
