using System.Net.Http.Headers;
using System.Net.Http.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>The way of an owner from a provider to a program's first call and its trace, in a real browser against the real program.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class GatewayTests(Chromium chromium)
{
    [Fact]
    public async Task A_key_made_on_the_page_works_at_once_and_its_call_shows_with_its_trace_and_is_counted()
    {
        var data = JeanTrailProcess.NewDataFolder();
        var server = await JeanTrailProcess.StartAsync(data);
        try
        {
            await using var upstream = await OpenAiServer.StartAsync(new() { ApiKey = "sk-test", Models = ["storyteller"] });
            await using var screen = await chromium.OpenAsync(server.Address);
            await screen.CreateOwnerAsync(await server.SetupCodeAsync());
            await screen.ConnectProviderAsync("Workshop", upstream.BaseUrl, "sk-test");

            var secret = await MakeKeyAsync(screen);
            await CallAsync(server.Address, secret);
            await FindTraceAsync(screen);
            await ReadOverviewAsync(screen);
            await LimitAndRouteAsync(screen);
            await SetPriceAsync(screen);
            screen.Complaints.ShouldBeEmpty();
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    static async Task<string> MakeKeyAsync(Screen screen)
    {
        await screen.GoAsync("/gateway/keys");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "New key" }).First.ClickAsync();
        var dialog = screen.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Notebook");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make key" }).ClickAsync();
        var secret = await screen.Page.Locator("[data-secret]").TextContentAsync();
        await Expect(screen.Page.Locator("pre")).ToContainTextAsync(secret!);
        (await screen.AxeAsync()).ShouldBeEmpty("axe on a new secret");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
        await Expect(screen.Page.GetByText(secret!)).ToHaveCountAsync(0);
        await Expect(screen.Page.GetByRole(AriaRole.Table, new() { Name = "Keys" })).ToContainTextAsync("Notebook");
        return secret!;
    }

    /// <summary>As a program does it that knows nothing but the address and the key.</summary>
    static async Task CallAsync(Uri address, string secret)
    {
        using var program = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await program.PostAsJsonAsync("/v1/chat/completions", new { model = "workshop/storyteller", messages = new[] { new { role = "user", content = "Hello" } } });
        (await answer.Content.ReadAsStringAsync()).ShouldContain("You said: Hello");
    }

    static async Task FindTraceAsync(Screen screen)
    {
        await screen.GoAsync("/gateway/calls");
        await screen.Page.GetByRole(AriaRole.Table, new() { Name = "Calls" }).GetByRole(AriaRole.Link, new() { Name = "workshop/storyteller" }).ClickAsync();
        var trace = screen.Page.GetByRole(AriaRole.Dialog, new() { Name = "How it went" });
        await Expect(trace).ToContainTextAsync("It was asked for by its own name.");
        await Expect(trace.GetByRole(AriaRole.Listitem)).ToContainTextAsync("Answered 200");
        await Expect(trace).ToContainTextAsync("Notebook");
        (await screen.AxeAsync()).ShouldBeEmpty("axe on a trace");
        await screen.ShootAsync("gateway-trace");
        await screen.Page.Keyboard.PressAsync("Escape");
        await Expect(trace).ToHaveCountAsync(0);
    }

    static async Task ReadOverviewAsync(Screen screen)
    {
        await screen.GoAsync("/gateway");
        var speeds = screen.Page.GetByRole(AriaRole.Table, new() { Name = "How fast" });
        await Expect(speeds.GetByRole(AriaRole.Row, new() { Name = "workshop/storyteller" }).GetByRole(AriaRole.Cell, new() { Name = "1", Exact = true })).ToBeVisibleAsync();
        (await screen.AxeAsync()).ShouldBeEmpty("axe on the overview");
        await screen.ShootAsync("gateway-overview");
    }

    static async Task LimitAndRouteAsync(Screen screen)
    {
        await screen.GoAsync("/gateway/limits");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "New limit" }).First.ClickAsync();
        await screen.Page.GetByLabel("At most").FillAsync("2.5");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Set limit" }).ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Meter)).ToHaveAttributeAsync("aria-valuemax", "2500000");
        (await screen.AxeAsync()).ShouldBeEmpty("axe on limits");

        await screen.GoAsync("/gateway/routes");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "New route" }).First.ClickAsync();
        var dialog = screen.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("smart");
        await dialog.GetByLabel("Model", new() { Exact = true }).FillAsync("workshop/storyteller");
        (await screen.AxeAsync()).ShouldBeEmpty("axe on a route's form");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make route" }).ClickAsync();
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Show the way" }).ClickAsync();
        await Expect(screen.Page.GetByText("The first in the order that can take it.")).ToBeVisibleAsync();
        await Expect(screen.Page.GetByText("asked first", new() { Exact = true })).ToBeVisibleAsync();
        await screen.ShootAsync("gateway-routes");
    }

    static async Task SetPriceAsync(Screen screen)
    {
        await screen.GoAsync("/gateway/prices");
        await Expect(screen.Page.GetByRole(AriaRole.Navigation, new() { Name = "Gateway" }).Locator("[aria-current=page]")).ToHaveTextAsync("Prices");
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Set a price" }).First.ClickAsync();
        var dialog = screen.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Models", new() { Exact = true }).FillAsync("workshop/*");
        await dialog.GetByLabel("Input", new() { Exact = true }).FillAsync("0.40");
        (await screen.AxeAsync()).ShouldBeEmpty("axe on a price's form");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Set price" }).ClickAsync();
        await Expect(screen.Page.GetByRole(AriaRole.Row, new() { Name = "workshop/*" }).GetByRole(AriaRole.Cell, new() { Name = "0.40", Exact = true })).ToBeVisibleAsync();
        (await screen.AxeAsync()).ShouldBeEmpty("axe on prices");
        await screen.ShootAsync("gateway-prices");
    }
}
