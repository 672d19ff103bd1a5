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

    public Task ShootAsync(string name) => Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Artefacts, name + ".png") });

    public Task<string> StorageStateAsync() => context.StorageStateAsync();

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
