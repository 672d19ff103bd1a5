using System.Text.RegularExpressions;
using JeanTrail.Contracts.Voice;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Calling Jean by her name in a browser with a microphone, and speaking to her, with models of our own making in the real engine.</summary>
[Collection(ChromiumCollection.Name)]
public sealed partial class WakeWordTests(Chromium chromium)
{
    /// <summary>The sound plays as quickly as in life, and the machine may be busy with other suites.</summary>
    const int PatienceMs = 60_000;

    /// <summary>As loud as a voice is to a microphone.</summary>
    const double Loudness = 0.06;

    /// <summary>Each of these tones is a letter to the recogniser.</summary>
    static readonly string[] Speech = ["S", "T", "▁THE", "▁A"];

    /// <summary>Microphones, and lines to the server that wait for the name.</summary>
    int opened;

    [Fact]
    public async Task A_call_begins_a_dictation_that_ends_by_itself_and_is_sent_where_that_is_wanted()
    {
        using var data = new DataFolder();
        var models = Directory.CreateDirectory(Path.Combine(data.Path, "models")).FullName;
        TinySpotter.Write(models, "waits");
        TinyListening.WriteCtc(models, "writes");
        await using var server = await JeanTrailProcess.StartAsync(data.Path, settings: new Dictionary<string, string> { ["JEAN_Models__Threads"] = "1" });
        await using var browser = await chromium.LaunchAsync(
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-audio-capture={WriteSound(data.Path)}");
        // A phone's size has no face, which is drawn by the processor here.
        await using var screen = await chromium.OpenAsync(server.Address, phone: true, other: browser);
        await WatchAsync(screen.Page);
        await screen.CreateOwnerAsync(await server.SetupCodeAsync());

        await SwitchOnAsync(screen);
        await BeCalledAsync(screen);
        await HideAsync(screen.Page);
        await SendAsync(screen);
        await SwitchOffAsync(screen.Page);
        screen.Complaints.ShouldBeEmpty();
    }

    /// <summary>Again and again: something that is no call, and after a silence in which a dictation ends, a call and in the same breath what is said to her.</summary>
    static string WriteSound(string folder)
    {
        var path = Path.Combine(folder, "microphone.wav");
        var silence = new byte[8 * HeardSamples.BytesPerSecond];
        byte[] pcm = [.. TinySpotter.Say(Loudness, Speech), .. silence, .. TinySpotter.Say(Loudness, ["▁HE", "Y", "▁JE", "AN", .. Speech]), .. silence];
        File.WriteAllBytes(path, [.. WavHeader.For(HeardSamples.Rate, pcm.Length), .. pcm]);
        return path;
    }

    /// <summary>Remembers what the page opens.</summary>
    async Task WatchAsync(IPage page)
    {
        await page.ExposeFunctionAsync("opened", () => { Interlocked.Increment(ref opened); });
        await page.AddInitScriptAsync("""
            window.microphones = [];
            window.lines = [];
            const { getUserMedia } = MediaDevices.prototype;
            MediaDevices.prototype.getUserMedia = async function (wanted) {
              window.opened();
              const stream = await getUserMedia.call(this, wanted);
              window.microphones.push(...stream.getTracks());
              return stream;
            };
            window.WebSocket = class extends WebSocket {
              constructor(url, ...rest) {
                super(url, ...rest);
                if (!`${url}`.includes("/api/voice/wake")) return;
                window.opened();
                window.lines.push(this);
              }
            };
            """);
    }

    static ILocator Switch(IPage page, string name) => page.GetByRole(AriaRole.Switch, new() { Name = name });

    static ILocator Waiting(IPage page) => page.GetByText("Listening for “Hey Jean”");

    static ILocator Box(IPage page) => page.GetByLabel("Message to Jean");

    async Task SwitchOnAsync(Screen screen)
    {
        var page = screen.Page;
        await screen.GoAsync("/settings/voice");
        await Switch(page, "Speak replies aloud").ClickAsync();
        await Expect(Switch(page, "Call Jean by her name")).Not.ToBeCheckedAsync();
        await Expect(Switch(page, "Send what I say after calling Jean")).ToHaveCountAsync(0);
        // The page is left at once, before a choice is sent.
        await page.GetByLabel("Hearing").SelectOptionAsync("local/writes");
        await screen.GoAsync("/chat");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dictate", Exact = true })).ToBeVisibleAsync();
        await Expect(Waiting(page)).ToHaveCountAsync(0);

        await screen.GoAsync("/settings/voice");
        opened.ShouldBe(0, "nobody has asked for it");
        await Switch(page, "Call Jean by her name").ClickAsync();
        await Expect(Switch(page, "Call Jean by her name")).ToBeCheckedAsync();
        await Expect(Switch(page, "Send what I say after calling Jean")).Not.ToBeCheckedAsync();
        (await screen.AxeAsync()).ShouldBeEmpty();
        await screen.ShootAsync("wake-settings");
    }

    static async Task BeCalledAsync(Screen screen)
    {
        var page = screen.Page;
        await screen.GoAsync("/chat");
        await Expect(Waiting(page)).ToBeVisibleAsync(new() { Timeout = PatienceMs });
        (await screen.AxeAsync()).ShouldBeEmpty();
        await screen.ShootAsync("wake-listening");

        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = StopButton() })).ToBeVisibleAsync(new() { Timeout = PatienceMs });
        await screen.ShootAsync("wake-dictating");
        (await screen.AxeAsync()).ShouldBeEmpty();
        await Expect(Box(page)).ToHaveValueAsync(Said(), new() { Timeout = PatienceMs });
        await Expect(Waiting(page)).ToBeVisibleAsync(new() { Timeout = PatienceMs });
        await Expect(Box(page)).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(0);
        await screen.ShootAsync("wake-said");
    }

    static async Task HideAsync(IPage page)
    {
        // A browser without a window never hides a page by itself.
        const string Show = "(state) => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }";
        await page.EvaluateAsync(Show, "hidden");
        await Expect(page.GetByText("Not listening for her name now")).ToBeVisibleAsync(new() { Timeout = PatienceMs });
        await NothingIsOpenAsync(page);
        await page.EvaluateAsync(Show, "visible");
        await Expect(Waiting(page)).ToBeVisibleAsync(new() { Timeout = PatienceMs });
    }

    static async Task SendAsync(Screen screen)
    {
        var page = screen.Page;
        await screen.GoAsync("/settings/voice");
        await Switch(page, "Send what I say after calling Jean").ClickAsync();
        await Expect(Switch(page, "Send what I say after calling Jean")).ToBeCheckedAsync();
        await screen.GoAsync("/chat");
        await Expect(Box(page)).ToHaveValueAsync(Said());
        await Box(page).FillAsync("");

        await page.WaitForURLAsync("**/chat/*-*", new() { Timeout = PatienceMs });
        await Expect(page.GetByRole(AriaRole.Article).First).ToContainTextAsync(Said());
        await Expect(page.Locator("article[data-status=complete]").First).ToBeVisibleAsync();
        await screen.ShootAsync("wake-sent");
    }

    static async Task SwitchOffAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop listening" }).ClickAsync();
        await Expect(Waiting(page)).ToHaveCountAsync(0);
        await NothingIsOpenAsync(page);
    }

    /// <summary>Of what was opened on this page, which is something.</summary>
    static async Task NothingIsOpenAsync(IPage page)
    {
        const string Open = "() => window.lines.length * window.microphones.length > 0 && [...window.lines.map((line) => line.readyState < 3 && `line ${line.readyState}`), ...window.microphones.map((track) => track.readyState !== 'ended' && 'microphone')].filter(Boolean).join()";
        await Eventually.PassAsync(async () => (await page.EvaluateAsync<System.Text.Json.JsonElement>(Open)).ToString().ShouldBe(""));
    }

    /// <summary>As the recogniser writes it, nothing missing; the last of her name may sound on, and a tone that a busy browser broke is its letter twice.</summary>
    [GeneratedRegex("^g*a+b+c+d+$", RegexOptions.None, 1000)]
    private static partial Regex Said();

    [GeneratedRegex("^Stop and write it down", RegexOptions.None, 1000)]
    private static partial Regex StopButton();
}
