using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Routes;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>Where a call goes, and why.</summary>
public sealed class PlannerTests
{
    readonly PlannerBench bench = new();

    [Fact]
    public async Task Who_is_switched_off_gone_or_without_weight_is_skipped_with_the_reason()
    {
        bench.Connect("b", enabled: false);
        bench.Route(RouteStrategy.Priority, new("b/m"), new("gone/m"), new("c/m", Weight: 0), new("a/m"));

        var plan = (await bench.PlanAsync()).Value;

        plan.Targets.ShouldHaveSingleItem().Id.ShouldBe("a/m");
        plan.Skipped.Select(skipped => skipped.Model).ShouldBe(["b/m", "gone/m", "c/m"]);
        plan.Skipped[0].Reason.ShouldContain("switched off");
    }

    [Fact]
    public async Task Where_nobody_takes_a_request_the_caller_is_told_why()
    {
        bench.Route(RouteStrategy.Priority, new RouteTargetRule("a/m", When: new(Tools: true)), new RouteTargetRule("b/m", When: new(MinInputTokens: 9000)));

        var error = (await bench.PlanAsync()).Error.ShouldNotBeNull();

        error.Code.ShouldBe("gateway.no_target");
        error.Detail.ShouldContain("a/m: It takes only requests with tools.");
        error.Detail.ShouldContain("9000");
    }

    [Fact]
    public async Task A_route_that_is_switched_off_is_as_unknown_as_one_that_never_was()
    {
        bench.Route(new RouteDefinition(RouteStrategy.Priority, [new("a/m")]), enabled: false);

        (await bench.PlanAsync()).Error.ShouldNotBeNull().Code.ShouldBe("gateway.model_unknown");
        (await bench.PlanAsync("""{"model":"other"}""")).Error.ShouldNotBeNull().Code.ShouldBe("gateway.model_unknown");
    }

    [Fact]
    public async Task A_model_asked_by_its_own_name_goes_there_with_the_servers_own_patience()
    {
        var plan = (await bench.PlanAsync("""{"model":"a/m"}""")).Value;

        plan.Targets.ShouldHaveSingleItem().Id.ShouldBe("a/m");
        plan.Rule.MaxAttempts.ShouldBe(3);
        plan.Rule.DeadlineSeconds.ShouldBe(15);
    }

    [Fact]
    public async Task By_priority_the_first_goes_first_and_who_rests_goes_last()
    {
        bench.Route(RouteStrategy.Priority, new("a/m"), new("b/m"), new("c/m"));
        (await bench.OrderAsync()).ShouldBe("abc");

        (await bench.HealthAsync("a/m")).Failed(GatewayErrors.RateLimited, TimeSpan.FromSeconds(30), probe: false);

        var plan = (await bench.PlanAsync()).Value;
        string.Concat(plan.Targets.Select(target => target.Provider.Slug)).ShouldBe("bca");
        plan.Decision.ShouldBe("first in order; 1 resting after failures");
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        (await bench.OrderAsync()).ShouldBe("abc");
    }

    [Fact]
    public async Task The_cheapest_for_this_request_goes_first()
    {
        (bench.Prices["a/m"], bench.Prices["b/m"], bench.Prices["c/m"]) = (30, 10, 20);
        bench.Route(RouteStrategy.Cheapest, new("a/m"), new("b/m", When: new(MaxInputTokens: 5)), new("c/m"));
        (await bench.OrderAsync()).ShouldBe("ca");

        bench.Route(RouteStrategy.Cheapest, new("a/m"), new("b/m"), new("c/m"));
        (await bench.OrderAsync()).ShouldBe("bca");
    }

    [Fact]
    public async Task The_least_busy_for_its_weight_goes_first()
    {
        bench.Route(RouteStrategy.LeastBusy, new("a/m"), new("b/m", Weight: 4), new("c/m"));
        for (var i = 0; i < 2; i++)
            (await bench.HealthAsync("b/m")).Started();
        (await bench.HealthAsync("a/m")).Started();

        // (1 + 1) / 1, (2 + 1) / 4, (0 + 1) / 1.
        (await bench.OrderAsync()).ShouldBe("bca");

        (await bench.HealthAsync("a/m")).Ended();
        for (var i = 0; i < 2; i++)
            (await bench.HealthAsync("b/m")).Started();
        (await bench.OrderAsync()).ShouldBe("acb");
    }

    [Fact]
    public async Task The_fastest_of_late_goes_first_and_who_was_never_measured_before_it()
    {
        bench.Route(RouteStrategy.LeastLatency, new("a/m"), new("b/m"), new("c/m"));
        (await bench.HealthAsync("a/m")).Succeeded(TimeSpan.FromMilliseconds(300));
        (await bench.HealthAsync("b/m")).Succeeded(TimeSpan.FromMilliseconds(200));
        (await bench.OrderAsync()).ShouldBe("cba");
        (await bench.HealthAsync("c/m")).Succeeded(TimeSpan.FromMilliseconds(900));
        (await bench.OrderAsync()).ShouldBe("bac");

        // What was measured two half-lives ago counts a quarter: (200 / 4 + 700) / 1.25 = 600.
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        (await bench.HealthAsync("b/m")).Succeeded(TimeSpan.FromMilliseconds(700));
        (await bench.HealthAsync("b/m")).LatencyMs.ShouldNotBeNull().ShouldBe(600, 0.001);
        (await bench.OrderAsync()).ShouldBe("abc");
    }

    [Fact]
    public async Task Who_was_slow_once_gets_another_chance_with_time()
    {
        bench.Route(RouteStrategy.LeastLatency, new("a/m"), new("b/m"));
        (await bench.HealthAsync("b/m")).Succeeded(TimeSpan.FromSeconds(2));
        var minutes = 0;
        for (var order = "ab"; order == "ab"; order = await bench.OrderAsync())
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
            (await bench.HealthAsync("a/m")).Succeeded(TimeSpan.FromMilliseconds(100));
            minutes++;
        }

        // Five halvings of five minutes make a twentieth.
        minutes.ShouldBe(22);
        (await bench.HealthAsync("b/m")).LatencyMs.ShouldBe(2000);
    }

    [Fact]
    public void A_draw_by_weight_falls_as_the_weights_are()
    {
        var random = new Random(20261121);
        int[] weights = [1, 3, 6];
        var first = new int[3];
        for (var i = 0; i < 20_000; i++)
        {
            var draws = Array.ConvertAll(weights, weight => RouteRules.WeightedDraw(weight, random));
            first[Array.IndexOf(draws, draws.Max())]++;
        }

        first[0].ShouldBeInRange(1_850, 2_150);
        first[1].ShouldBeInRange(5_750, 6_250);
        first[2].ShouldBeInRange(11_700, 12_300);
    }

    [Fact]
    public async Task By_weight_everybody_stays_a_fallback()
    {
        bench.Route(RouteStrategy.Weighted, new("a/m", Weight: 1000), new("b/m"), new("c/m", Weight: 0));
        var orders = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 50; i++)
            orders.Add(await bench.OrderAsync());

        orders.ShouldBeSubsetOf(["ab", "ba"]);
        orders.ShouldContain("ab");
    }

    [Fact]
    public async Task A_conversation_stays_where_it_is_and_only_those_of_a_lost_target_move()
    {
        bench.Route(new RouteDefinition(RouteStrategy.Weighted, [new("a/m", Weight: 2), new("b/m"), new("c/m")], Sticky: true));
        var before = new Dictionary<int, string>();
        for (var i = 0; i < 400; i++)
        {
            before[i] = await bench.OrderAsync(Conversation(i));
            (await bench.OrderAsync(Conversation(i))).ShouldBe(before[i]);
        }

        before.Values.Count(order => order[0] == 'a').ShouldBeInRange(160, 240);
        bench.Connect("b", enabled: false);
        foreach (var (i, order) in before)
            (await bench.OrderAsync(Conversation(i))).ShouldBe(order.Replace("b", "", StringComparison.Ordinal));

        static string Conversation(int i) => $$"""{"model":"route","prompt_cache_key":"conversation-{{i}}","messages":[]}""";
    }

    [Theory]
    [InlineData("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]""", """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"More"}]""", true)]
    [InlineData("""[{"role":"user","content":"Hello"}]""", """[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi"},{"role":"user","content":"More"}]""", true)]
    [InlineData("""[{"role":"user","content":"Hello"}]""", """[{"role":"user","content":"Hello there"}]""", false)]
    [InlineData("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]""", """[{"role":"system","content":"Be long."},{"role":"user","content":"Hello"}]""", false)]
    public void A_conversation_without_a_name_is_known_by_how_it_begins(string one, string other, bool same)
    {
        var (first, second) = (KeyOf(one), KeyOf(other));

        first.ShouldNotBeNullOrEmpty();
        string.Equals(first, second, StringComparison.Ordinal).ShouldBe(same);

        static string? KeyOf(string messages) => PlannerBench.CacheKey($$"""{"model":"route","messages":{{messages}}}""");
    }

    [Fact]
    public void What_the_caller_names_it_comes_first()
    {
        const string Messages = """ "messages":[{"role":"user","content":"Hello"}] """;
        PlannerBench.CacheKey($$"""{"model":"m",{{Messages}},"user":"u"}""").ShouldBe("u");
        PlannerBench.CacheKey($$"""{"model":"m",{{Messages}},"prompt_cache_key":"k","user":"u"}""").ShouldBe("k");
        PlannerBench.CacheKey("""{"model":"m","input":"Hello"}""").ShouldBeNull();
    }

    [Fact]
    public async Task A_changed_provider_begins_with_good_faith()
    {
        bench.Route(RouteStrategy.Priority, new("a/m"), new("b/m"));
        (await bench.HealthAsync("a/m")).Failed(GatewayErrors.RateLimited, TimeSpan.FromSeconds(30), probe: false);
        (await bench.OrderAsync()).ShouldBe("ba");

        var changed = (await bench.PlanAsync()).Value.Targets[1].Provider with { UpdatedAt = bench.Clock.GetUtcNow() };
        bench.Replace(changed);

        (await bench.OrderAsync()).ShouldBe("ab");
    }

    [Fact]
    public async Task Names_that_nobody_knows_are_not_remembered()
    {
        for (var i = 0; i < 10; i++)
            (await bench.PlanAsync($$"""{"model":"a/unknown-{{i}}"}""")).Succeeded.ShouldBeTrue();
        (await bench.PlanAsync("""{"model":"a/m"}""")).Succeeded.ShouldBeTrue();

        bench.Targets.Healths.Select(each => each.ModelId).ShouldBe(["a/m"]);
    }

    [Fact]
    public async Task Every_surface_of_the_api_finds_its_way()
    {
        bench.Route(RouteStrategy.Priority, new RouteTargetRule("a/m"));
        foreach (var surface in Surfaces.All)
            (await bench.PlanAsync(surface: surface)).Succeeded.ShouldBeTrue(surface.ToString());
    }
}
