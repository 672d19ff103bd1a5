using System.Text.Json;
using Microsoft.Playwright;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>One page in a profile of its own, with what it complained about.</summary>
internal sealed class Screen : IAsyncDisposable
{
    readonly IBrowserContext context;

    public Screen(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
    }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
    }

    /// <summary>Creates the owner on the first page a new user sees.</summary>
    public async Task CreateOwnerAsync(string code)
    {
        await GoAsync("/");
        await Page.Locator("input[name=code]").FillAsync(code);
        await Page.Locator("input[name=displayName]").FillAsync("Olga");
        await Page.Locator("input[name=email]").FillAsync("olga@example.org");
        await Page.Locator("input[name=password]").FillAsync("correct horse battery staple");
        await Page.Locator("button[type=submit]").ClickAsync();
        await Page.WaitForURLAsync(url => !url.Contains("/setup", StringComparison.Ordinal));
    }

    public async Task SayAsync(string text)
    {
        await Page.GetByLabel("Message to Jean").FillAsync(text);
        await Page.GetByLabel("Message to Jean").PressAsync("Enter");
    }

    /// <summary>The answers of the conversation; the newest is the last.</summary>
    public ILocator Answers => Page.GetByRole(AriaRole.Article, new() { Name = "Jean", Exact = true });

    /// <summary>What is still fading in has no contrast yet.</summary>
    const string Settled = """
        () => Promise.race([
          new Promise((go) => setTimeout(go, 5_000)),
          Promise.all(document.getAnimations()
            .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
            .map((one) => one.finished.catch(() => undefined))),
        ]).then(() => undefined)
        """;

    public Task ShootAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artefacts, name + ".png") });

    /// <summary>What axe finds on the page as it is now: the rule that is broken, and where.</summary>
    public async Task<string[]> AxeAsync()
    {
        await Page.EvaluateAsync(Settled);
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Chromium.InTree("web", "node_modules", "axe-core", "axe.min.js")));
        var result = await Page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`)");
        return [.. result.EnumerateArray().Select(each => each.GetString()!)];
    }

    /// <summary>Connects a server that speaks the OpenAI API, and stays on the last step of the dialog.</summary>
    public async Task ConnectProviderAsync(string name, Uri baseUrl, string apiKey)
    {
        await GoAsync("/settings/models");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add provider" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Another" }).ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await Page.GetByLabel("Address").FillAsync(baseUrl.ToString());
        await Page.GetByLabel("Key", new() { Exact = true }).FillAsync(apiKey);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Connect and check" }).ClickAsync();
        await Page.GetByText("Works: 1 model").WaitForAsync();
    }

    /// <summary>The dialog goes when the choice has reached the server.</summary>
    public async Task UseConnectedModelAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Use this model from now on" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    /// <summary>Connects a server that speaks the OpenAI API, has its model answer from now on, and goes to the chat.</summary>
    public async Task TalkWithAsync(Uri baseUrl)
    {
        await ConnectProviderAsync("Workshop", baseUrl, "sk-test");
        await UseConnectedModelAsync();
        // Without the face, which is drawn by the processor here.
        await Page.SetViewportSizeAsync(390, 844);
        await GoAsync("/chat");
        await Page.GetByLabel("Message to Jean").WaitForAsync();
    }

    public Task<string> StorageStateAsync() => context.StorageStateAsync();

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
