using System.Net;
using JeanTrail.Gateway.Tests.Control;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Tests.Watch;

public sealed class DashboardTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task Calls_are_summed_up_by_route_provider_fault_and_time()
    {
        for (var i = 1; i <= 100; i++)
            Record(gateway.OwnerId, "route-watched", TimeSpan.FromMilliseconds(10 * i));
        Record(gateway.OwnerId, "route-watched", TimeSpan.FromSeconds(9), "failed");
        for (var i = 0; i < 20; i++)
            Record(gateway.OwnerId, "route-watched", TimeSpan.FromMilliseconds(1), cache: "hit");
        var (mia, miaId) = await gateway.Host.AddPersonAsync("mia@example.org");
        using var _ = mia;
        Record(miaId, "route-mias", TimeSpan.FromMilliseconds(5));
        await gateway.FlushUsageAsync();

        foreach (var span in new[] { "hour", "day", "week" })
        {
            var report = await gateway.Owner.CallAsync(HttpMethod.Get, $"dashboard?span={span}");
            var sums = report["sums"];
            (sums.GetProperty("calls").GetInt64(), sums.GetProperty("failed").GetInt64(), sums.GetProperty("cacheHits").GetInt64()).ShouldBe((122, 1, 20));
            sums.GetProperty("inputTokens").GetInt64().ShouldBe(12_200);
            var route = report["routes"].EnumerateArray().First();
            route.GetProperty("subject").GetString().ShouldBe("route-watched");
            route.GetProperty("p50Ms").GetDouble().ShouldBe(500, tolerance: 10);
            route.GetProperty("p95Ms").GetDouble().ShouldBe(950, tolerance: 10);
            route.GetProperty("firstP99Ms").GetDouble().ShouldBe(495, tolerance: 10);
            report["faults"].EnumerateArray().ShouldHaveSingleItem().GetProperty("code").GetString().ShouldBe("gateway.upstream_timeout");
            var points = report["points"].EnumerateArray().ToList();
            points.Count.ShouldBe(span switch { "hour" => 30, "day" => 24, _ => 28 });
            points.Sum(point => point.GetProperty("calls").GetInt64()).ShouldBe(122);
        }

        var own = await mia.CallAsync(HttpMethod.Get, "dashboard");
        own["sums"].GetProperty("calls").GetInt64().ShouldBe(1);
        own["routes"].EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("route-mias");
        (await mia.CallAsync(HttpMethod.Get, "dashboard?span=year")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    void Record(UserId user, string route, TimeSpan total, string outcome = "completed", string? cache = null)
    {
        var ledger = gateway.Host.Get<ILedger>();
        var call = gateway.NewCall(user, route);
        (call.Cache, call.Total, call.FirstByte, call.Error) = (cache, total, total / 2, outcome == "failed" ? GatewayErrors.TimedOut : null);
        ledger.Open(call);
        (call.Facts.InputTokens, call.Facts.OutputTokens, call.Outcome) = (100, 50, outcome);
        ledger.Close(call);
    }
}
