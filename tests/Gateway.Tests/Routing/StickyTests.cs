using JeanTrail.Gateway.Tests.Api;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>Conversations that stay where the upstream knows their beginning already.</summary>
public sealed class StickyTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task A_conversation_stays_on_its_target()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 3, new { strategy = "weighted", sticky = true });
        using var api = await ApiClient.CreateAsync(gateway);
        var homes = new HashSet<string>(StringComparer.Ordinal);
        for (var conversation = 0; conversation < 12; conversation++)
        {
            var key = $"conversation-{conversation}";
            var first = (await api.ChatAsync(route.Name, change: body => body["prompt_cache_key"] = key)).Headers["x-jean-model"];
            homes.Add(first);
            for (var turn = 0; turn < 3; turn++)
                (await api.ChatAsync(route.Name, $"turn {turn}", change: body => body["prompt_cache_key"] = key)).Headers["x-jean-model"].ShouldBe(first);
        }

        homes.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_conversation_of_the_house_stays_on_its_target_too()
    {
        await using var route = await RouteFixture.CreateAsync(gateway, 3, new { strategy = "weighted", sticky = true });
        var model = await gateway.OpenAsync(route.Name);
        var asked = route.Asked;
        for (var turn = 0; turn < 6; turn++)
            (await Streamed.ReadAsync(model, "The same beginning")).Failure.ShouldBeNull();

        route.Asked.Zip(asked, (after, before) => after - before).Order().ShouldBe([0, 0, 6]);
    }
}
