using System.Text.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>A conversation in a real browser over a network that loses every connection within a second.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class FlakyNetworkTests(Chromium chromium)
{
    const int Losses = 100;
    static readonly TimeSpan Wanted = TimeSpan.FromSeconds(5);

    const double LateShare = 0.01;

    // The model is asked for answers only: they are counted.
    static readonly Dictionary<string, string> Settings = new() { ["JEAN_Chat__LabelByModel"] = "false", ["JEAN_Chat__ProposeMemory"] = "false" };

    [Fact]
    public async Task Lost_connections_are_back_within_five_seconds_and_nothing_is_missing_or_there_twice()
    {
        using var data = new DataFolder();
        await using var server = await JeanTrailProcess.StartAsync(data.Path, settings: Settings);
        await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-test", Models = ["storyteller"] });
        await using var network = FlakyProxy.Start(server.Port, seed: 11);
        await using var screen = await chromium.OpenAsync(network.Address);
        await screen.CreateOwnerAsync(await server.SetupCodeAsync());
        await screen.TalkWithAsync(upstream.BaseUrl);

        // Numbered words, so that a gap or a word that came twice shows.
        var whole = string.Join(' ', Enumerable.Range(1, 400).Select(number => $"w{number}")) + ".";
        upstream.Reply(whole, tokensPerSecond: 40);
        network.Flaky = true;
        var asked = 0;
        do
        {
            asked++;
            await screen.SayAsync($"Count, round {asked}");
            await Expect(screen.Page.Locator("[data-messages]")).ToHaveAttributeAsync("data-messages", $"{2 * asked}");
            await Expect(screen.Answers.Last.Locator(".prose")).ToHaveTextAsync(whole, new() { Timeout = 90_000 });
        }
        while (network.Outages.Count < Losses);
        network.Flaky = false;

        var late = network.Outages.Count(outage => outage.Duration > Wanted);
        late.ShouldBeLessThanOrEqualTo((int)(network.Outages.Count * LateShare), string.Join(' ', network.Outages.Select(outage => $"{outage.Kind} {outage.Duration.TotalSeconds:0.0}")));
        network.Outages.Select(outage => outage.Kind).Distinct().Count().ShouldBe(2, "both kinds of streams were lost");
        var kept = await screen.Page.EvaluateAsync<JsonElement>(
            "async () => (await fetch(`/api/chat/conversations/${location.pathname.split('/').at(-1)}/messages?limit=100`)).json()");
        kept.GetProperty("items").EnumerateArray().Reverse().Select(message => message.GetProperty("text").GetString())
            .ShouldBe(Enumerable.Range(1, asked).SelectMany(round => new[] { $"Count, round {round}", whole }));
    }
}
