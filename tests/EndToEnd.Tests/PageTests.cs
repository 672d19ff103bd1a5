using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Every page, in a left-to-right and a right-to-left language, on a desk and on a phone.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class PageTests(Chromium chromium, PageTests.SignedInServer signedIn) : IClassFixture<PageTests.SignedInServer>
{
    public static TheoryData<string> Pages => ["/", "/chat", "/settings/models", "/settings/voice", "/settings/appearance", "/settings/account", "/settings/about"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_accessible_fits_and_complains_of_nothing(string path)
    {
        foreach (var locale in new[] { "en", "ar" })
        {
            foreach (var phone in new[] { false, true })
                await InspectAsync(path, locale, phone, await signedIn.StateAsync(chromium));
        }
    }

    [Fact]
    public async Task The_sign_in_page_is_accessible_fits_and_complains_of_nothing()
    {
        await signedIn.StateAsync(chromium);
        foreach (var phone in new[] { false, true })
            await InspectAsync("/sign-in", "en", phone, null);
    }

    async Task InspectAsync(string path, string locale, bool phone, string? state)
    {
        var name = $"{(path == "/" ? "today" : path.Trim('/').Replace('/', '-'))}-{locale}-{(phone ? "phone" : "desk")}";
        await using var screen = await chromium.OpenAsync(signedIn.Server.Address, phone, state);
        await screen.Page.AddInitScriptAsync(
            "localStorage.setItem('jt:prefs', JSON.stringify({ version: 0, state: { locale: '" + locale + "', showAvatar: false } }))");
        await screen.GoAsync(path);
        await screen.Page.EvaluateAsync("() => document.fonts.ready");
        await screen.ShootAsync(name);

        (await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, $"{name} scrolls sideways");
        (await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1, $"{name} has one main heading");
        (await AxeAsync(screen)).ShouldBeEmpty($"axe on {name}");
        screen.Complaints.ShouldBeEmpty(name);
    }

    static async Task<string[]> AxeAsync(Screen screen)
    {
        await screen.Page.EvaluateAsync(await File.ReadAllTextAsync(Chromium.InTree("web", "node_modules", "axe-core", "axe.min.js")));
        var result = await screen.Page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`)");
        return [.. result.EnumerateArray().Select(each => each.GetString()!)];
    }

    /// <summary>One server with one owner for all pages.</summary>
    public sealed class SignedInServer : IAsyncLifetime
    {
        readonly string data = JeanTrailProcess.NewDataFolder();
        readonly SemaphoreSlim once = new(1, 1);
        string? state;

        internal JeanTrailProcess Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await JeanTrailProcess.StartAsync(data);

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            Directory.Delete(data, recursive: true);
            once.Dispose();
        }

        internal async Task<string> StateAsync(Chromium chromium)
        {
            await once.WaitAsync();
            try
            {
                if (state is null)
                {
                    await using var screen = await chromium.OpenAsync(Server.Address);
                    await screen.CreateOwnerAsync(await Server.SetupCodeAsync());
                    state = await screen.StorageStateAsync();
                }

                return state;
            }
            finally
            {
                once.Release();
            }
        }
    }
}
