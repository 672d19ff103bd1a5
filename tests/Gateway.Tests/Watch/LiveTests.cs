using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Tests.Control;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Tests.Watch;

public sealed class LiveTests(TimedGatewayHost gateway) : IClassFixture<TimedGatewayHost>
{
    [Fact]
    public async Task What_runs_now_and_what_began_in_the_last_minute_is_counted_each_person_seeing_their_own()
    {
        var (mia, miaId) = await gateway.Host.AddPersonAsync("mia@example.org");
        using var _ = mia;
        var clock = gateway.Clock;
        var ledger = gateway.Host.Get<ILedger>();

        ledger.Open(Call(gateway.OwnerId));
        clock.Advance(TimeSpan.FromSeconds(50));
        ledger.Open(Call(miaId));
        var ended = Call(miaId);
        ledger.Open(ended);
        ended.Outcome = CallOutcomes.Completed;
        ledger.Close(ended);
        clock.Advance(TimeSpan.FromSeconds(20));
        // Calls that only just began are not in the books yet: they are written once they are a second old.
        await gateway.FlushUsageAsync();

        var all = await gateway.Owner.CallAsync(HttpMethod.Get, "live");
        all["running"].GetInt64().ShouldBe(2);
        var seconds = all["started"].EnumerateArray().Select(second => second.GetInt64()).ToList();
        seconds.Count.ShouldBe(60);
        // The owner's began more than a minute ago.
        seconds.Sum().ShouldBe(2);
        seconds.IndexOf(2).ShouldBeInRange(40, 42);

        var own = await mia.CallAsync(HttpMethod.Get, "live");
        own["running"].GetInt64().ShouldBe(1);
    }

    CallEntry Call(UserId user) => new()
    {
        Id = Ids.New(gateway.Clock),
        Consumer = new Consumer(user, "free", Guid.CreateVersion7()),
        Surface = Surface.ChatCompletions,
        Route = "route-watched",
        StartedAt = gateway.Clock.GetUtcNow(),
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
    };
}
