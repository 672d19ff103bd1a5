using System.Net;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;

namespace JeanTrail.Gateway.Tests.Control;

public sealed class BooksTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task The_owner_reads_everybodys_calls_and_others_their_own()
    {
        var (mia, miaId) = await gateway.Host.AddPersonAsync("mia@example.org");
        using (mia)
        {
            var owners = Record(gateway.OwnerId, "route-a");
            var mias = Record(miaId, "route-a");
            await gateway.FlushUsageAsync();

            var all = await gateway.Owner.CallAsync(HttpMethod.Get, "calls?route=route-a");
            IdsOf(all).ShouldBe([owners.Id, mias.Id], ignoreOrder: true);
            IdsOf(await mia.CallAsync(HttpMethod.Get, "calls")).ShouldBe([mias.Id]);
            (await mia.CallAsync(HttpMethod.Get, $"calls/{owners.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await mia.CallAsync(HttpMethod.Get, $"calls/{mias.Id}"))["call"].GetProperty("route").GetString().ShouldBe("route-a");
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
            var report = await mia.CallAsync(HttpMethod.Get, "usage?by=user&every=hour");
            report["lines"].EnumerateArray().ShouldHaveSingleItem().GetProperty("subject").GetString().ShouldBe(miaId.Value.ToString());
        }
    }

    [Fact]
    public async Task A_trace_tells_every_attempt()
    {
        var call = Record(gateway.OwnerId, "route-traced");
        await gateway.FlushUsageAsync();

        var trace = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{call.Id}");

        trace["attempts"].EnumerateArray().Select(attempt => attempt.GetProperty("modelId").GetString()).ShouldBe(["harbour/pilot", "dock/crane"]);
        trace["attempts"][0].GetProperty("status").GetInt32().ShouldBe(503);
        trace["attempts"][1].GetProperty("hedge").GetBoolean().ShouldBeTrue();
        trace["decision"].GetString().ShouldBe("the first was busy");
        trace["traceId"].GetString().ShouldBe(call.TraceId);
    }

    [Fact]
    public async Task Calls_are_found_by_what_they_are_and_read_page_by_page()
    {
        var calls = Enumerable.Range(0, 5).Select(_ => Record(gateway.OwnerId, "route-paged")).ToList();
        var failed = Record(gateway.OwnerId, "route-paged", "failed");
        await gateway.FlushUsageAsync();

        var seen = new List<Guid>();
        for (string? cursor = null, more = ""; more is not null; cursor = more)
        {
            var page = await gateway.Owner.CallAsync(HttpMethod.Get, $"calls?route=route-paged&outcome=completed&limit=2&cursor={cursor}");
            seen.AddRange(IdsOf(page));
            more = page["nextCursor"].GetString();
        }

        seen.ShouldBe(calls.Select(call => call.Id), ignoreOrder: true);
        IdsOf(await gateway.Owner.CallAsync(HttpMethod.Get, "calls?route=route-paged&outcome=failed")).ShouldBe([failed.Id]);
        IdsOf(await gateway.Owner.CallAsync(HttpMethod.Get, $"calls?key={calls[0].Consumer.KeyId}")).ShouldBe([calls[0].Id]);
        IdsOf(await gateway.Owner.CallAsync(HttpMethod.Get, "calls?route=route-paged&outcome=failed&model=dock/*")).ShouldBe([failed.Id]);
        IdsOf(await gateway.Owner.CallAsync(HttpMethod.Get, "calls?model=doc/*")).ShouldBeEmpty();
        (await gateway.Owner.CallAsync(HttpMethod.Get, "calls?outcome=lost")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Usage_is_added_up_by_time_and_subject()
    {
        for (var i = 0; i < 3; i++)
            Record(gateway.OwnerId, "route-sum");
        Record(gateway.OwnerId, "route-sum", "failed");
        await gateway.FlushUsageAsync();
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));

        var report = await gateway.Owner.CallAsync(HttpMethod.Get, "usage?by=route&every=day");

        var line = report["lines"].EnumerateArray().Single(each => each.GetProperty("subject").GetString() == "route-sum");
        (line.GetProperty("calls").GetInt64(), line.GetProperty("failed").GetInt64()).ShouldBe((4, 1));
        (line.GetProperty("inputTokens").GetInt64(), line.GetProperty("outputTokens").GetInt64()).ShouldBe((400, 200));
        (await gateway.Owner.CallAsync(HttpMethod.Get, "usage?by=planet")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await gateway.Owner.CallAsync(HttpMethod.Get, "usage?every=hour&from=2020-01-01T00:00:00Z")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_too_old_leaves_the_books()
    {
        var call = Record(gateway.OwnerId, "route-old");
        await gateway.FlushUsageAsync();
        await gateway.Db.ExecuteAsync("update gateway.usage set started_at = started_at - interval '401 days' where usage_id = @Id", new { call.Id }, CancellationToken.None);

        var upkeep = new GatewayUpkeep(gateway.Db, gateway.Host.Get<Microsoft.Extensions.Options.IOptions<GatewayOptions>>(), gateway.Clock);
        await upkeep.RunAsync(CancellationToken.None);

        (await gateway.Owner.CallAsync(HttpMethod.Get, $"calls/{call.Id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Calls_write_themselves_down_within_a_second()
    {
        await using var host = new GatewayHostScope();
        await host.InitializeAsync();
        var model = await host.OpenAsync("jean/basic");

        await Streamed.ReadAsync(model);

        await Eventually.BeTrueAsync(async () => (await host.Owner.CallAsync(HttpMethod.Get, "calls?model=jean/basic"))["items"].GetArrayLength() == 1);
    }

    CallEntry Record(UserId user, string route, string outcome = "completed")
    {
        var ledger = gateway.Host.Get<ILedger>();
        var call = gateway.NewCall(user, route);
        call.Decision = "the first was busy";
        ledger.Open(call);
        call.Attempts.Add(new CallAttempt("harbour/pilot", 0.1, 5, 503, "gateway.upstream_error"));
        call.Attempts.Add(new CallAttempt("dock/crane", 0.2, 6, 200, null, Hedge: true));
        (call.Facts.InputTokens, call.Facts.OutputTokens, call.Outcome) = (100, 50, outcome);
        ledger.Close(call);
        return call;
    }

    static IEnumerable<Guid> IdsOf(Answer answer) => answer["items"].EnumerateArray().Select(call => call.GetProperty("id").GetGuid());
}
