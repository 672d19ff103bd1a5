using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>The way of a new user, from an empty data folder, in a real browser against the real program.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class FirstConversationTests(Chromium chromium)
{
    // The upstream's answers are counted out here; none of them is for a title.
    static readonly Dictionary<string, string> Settings = new() { ["JEAN_Chat__LabelByModel"] = "false" };

    [Fact]
    public async Task From_an_empty_folder_to_an_answer_that_is_heard_seen_and_survives_everything()
    {
        var data = JeanTrailProcess.NewDataFolder();
        var server = await JeanTrailProcess.StartAsync(data, settings: Settings);
        try
        {
            await using var screen = await chromium.OpenAsync(server.Address);
            await screen.CreateOwnerAsync(await server.SetupCodeAsync());
            await HearAndSeeTheBuiltInEngineAsync(screen);

            await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-test", Models = ["storyteller"] });
            await ConnectAsync(screen, upstream);
            await ReloadInTheMiddleAsync(screen, upstream);

            var port = server.Port;
            var kept = await KillInTheMiddleAsync(screen, upstream, server);
            await server.DisposeAsync();
            server = await JeanTrailProcess.StartAsync(data, port, Settings);
            await ContinueAsync(screen, upstream, kept);
            screen.Complaints.Where(complaint => !IsAbsence(complaint)).ShouldBeEmpty();
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>While the server is dead the browser says so; everything else it says is a fault.</summary>
    static bool IsAbsence(string complaint)
        => complaint.Contains("ERR_CONNECTION", StringComparison.Ordinal) || complaint.Contains("WebSocket", StringComparison.Ordinal)
            || complaint.Contains("ERR_INCOMPLETE_CHUNKED", StringComparison.Ordinal) || complaint.Contains("ERR_EMPTY_RESPONSE", StringComparison.Ordinal);

    static async Task HearAndSeeTheBuiltInEngineAsync(Screen screen)
    {
        await screen.GoAsync("/chat");
        // The face is drawn without a graphics card here: it must be there before there is something to see.
        await screen.Page.Locator("canvas[data-avatar=ready]").WaitForAsync(new() { Timeout = 180_000 });
        await screen.Page.EvaluateAsync("""
            () => {
              window.seen = { rms: 0, mouth: 0, visemes: new Set() };
              setInterval(() => {
                const probe = document.querySelector("canvas")?.jeanProbe?.();
                window.seen.rms = Math.max(window.seen.rms, window.__jeanAudio?.rms() ?? 0);
                window.seen.mouth = Math.max(window.seen.mouth, probe?.mouth ?? 0);
                for (const [name, weight] of Object.entries(probe?.visemes ?? {})) if (name !== "sil" && weight > 0.3) window.seen.visemes.add(name);
              }, 20);
            }
            """);
        await screen.SayAsync("What can you do?");
        await Expect(screen.Answers.Last).ToContainTextAsync("reminders", new() { Timeout = 30_000, IgnoreCase = true });
        await screen.Page.WaitForFunctionAsync("() => window.seen.rms > 0.01", null, new() { Timeout = 60_000 });
        await screen.Page.WaitForFunctionAsync("() => window.seen.mouth > 0.1 && window.seen.visemes.size >= 2", null, new() { Timeout = 120_000 });
        await screen.ShootAsync("journey-speaking");
        // The new conversation has taken the place of the empty page, whole.
        await Expect(screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        await Expect(screen.Page.GetByText("What can you do?", new() { Exact = true }).Locator("visible=true")).ToHaveCountAsync(3);

        // Barge-in: what the person does next silences her at once.
        await screen.Page.GetByLabel("Message to Jean").PressAsync("Escape");
        await screen.Page.WaitForFunctionAsync("() => !window.__jeanAudio.playing()");
    }

    static async Task ConnectAsync(Screen screen, OpenAiServer upstream)
    {
        await screen.ConnectProviderAsync("Workshop", upstream.BaseUrl, "sk-test");
        await screen.ShootAsync("journey-connected");
        await screen.UseConnectedModelAsync();
    }

    static async Task ReloadInTheMiddleAsync(Screen screen, OpenAiServer upstream)
    {
        const string Story = "Once there was a lighthouse that answered every ship by name.";
        upstream.NextReply(Story);
        var gate = upstream.HoldNextAfter(5);
        await screen.GoAsync("/chat");
        await screen.SayAsync("Tell me a story about a lighthouse");
        await gate.WhenReachedAsync();
        await Expect(screen.Answers.Last).ToContainTextAsync("Once there was a");
        await screen.Page.ReloadAsync();
        await Expect(screen.Answers.Last).ToContainTextAsync("Once there was a");
        gate.Open();
        await Expect(screen.Answers.Last).ToContainTextAsync(Story);
        await screen.ShootAsync("journey-story");
    }

    /// <summary>Kills the server while it answers and returns what the person saw by then.</summary>
    static async Task<string> KillInTheMiddleAsync(Screen screen, OpenAiServer upstream, JeanTrailProcess server)
    {
        upstream.NextReply("The keeper climbed the stairs and lit the lamp for the last time.");
        var gate = upstream.HoldNextAfter(6);
        await screen.SayAsync("And then?");
        await gate.WhenReachedAsync();
        await Expect(screen.Answers.Last).ToContainTextAsync("The keeper climbed the stairs");
        // What is on the screen was promised: it is written down within a quarter of a second.
        await WrittenDownAsync(screen, "The keeper climbed the stairs");
        await server.KillAsync();
        return "The keeper climbed the stairs";
    }

    static async Task WrittenDownAsync(Screen screen, string text)
        => await Eventually.BeTrueAsync(async () => await screen.Page.EvaluateAsync<bool>(
            """
            async (text) => {
              const id = location.pathname.split("/").at(-1);
              const page = await (await fetch(`/api/chat/conversations/${id}/messages?limit=1`)).json();
              return page.items[0].text.startsWith(text);
            }
            """, text));

    static async Task ContinueAsync(Screen screen, OpenAiServer upstream, string kept)
    {
        // The open page comes back by itself.
        await Expect(screen.Answers.Last).ToContainTextAsync("What she had said is kept", new() { Timeout = 90_000 });
        await Expect(screen.Answers.Last).ToContainTextAsync(kept);
        await screen.ShootAsync("journey-interrupted");
        upstream.NextReply(" and the sea was quiet.");
        await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Continue" }).Last.ClickAsync();
        await Expect(screen.Answers.Last).ToContainTextAsync("and the sea was quiet.");
        await Expect(screen.Answers.Last).ToContainTextAsync(kept);
        await screen.ShootAsync("journey-continued");
    }
}
