using Microsoft.Playwright;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>The installed Chromium, one process for all tests of the suite.</summary>
public sealed class Chromium : IAsyncLifetime
{
    static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    // WebGL without a graphics card, sound without a sound card, and nothing that calls home.
    static readonly string[] Arguments =
    [
        "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
    ];

    IPlaywright? playwright;
    IBrowser? browser;

    /// <summary>Where screenshots are kept, for people and for CI's artefacts.</summary>
    public static string Artefacts { get; } = Directory.CreateDirectory(Path.Combine(Root(), "test-results", "screens")).FullName;

    public async Task InitializeAsync()
    {
        // Machines without a graphics card draw a page in seconds.
        Assertions.SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await LaunchAsync();
    }

    /// <summary>Another process, where something is tried that a whole browser has or has not.</summary>
    internal Task<IBrowser> LaunchAsync(params string[] more)
    {
        var path = Environment.GetEnvironmentVariable("CHROME_PATH") ?? Places.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium is installed: see ./jean doctor.");
        return playwright!.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = [.. Arguments, .. more] });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>A browser profile of its own that collects what the page complains about.</summary>
    /// <param name="other">One of <see cref="LaunchAsync"/>.</param>
    internal async Task<Screen> OpenAsync(Uri address, bool phone = false, string? storageState = null, IBrowser? other = null)
    {
        var context = await (other ?? browser!).NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 800 },
            HasTouch = phone,
            IsMobile = phone,
            StorageState = storageState,
        });
        context.SetDefaultTimeout(60_000);
        return new Screen(context, await context.NewPageAsync());
    }

    static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "JeanTrail.slnx")))
                return folder.FullName;
        }

        return AppContext.BaseDirectory;
    }

    internal static string InTree(params string[] path) => Path.Combine([Root(), .. path]);
}

[CollectionDefinition(Name)]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
