using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Every page, in a left-to-right and a right-to-left language, on a desk and on a phone.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class PageTests(Chromium chromium, PageTests.SignedInServer signedIn) : IClassFixture<PageTests.SignedInServer>
{
    public static TheoryData<string> Pages => ["/", "/chat", "/gateway", "/gateway/calls", "/gateway/routes", "/gateway/keys", "/gateway/limits", "/gateway/prices", "/settings/models", "/settings/voice", "/settings/appearance", "/settings/account", "/settings/keys", "/settings/about", "/settings/usage", "/settings/teams", "/settings/plans"];

    /// <summary>The words beside an icon that it lies on.</summary>
    const string Covered = """
        () => [...document.querySelectorAll("svg")].flatMap((icon) => {
          const over = icon.getBoundingClientRect(), found = [], range = document.createRange();
          const texts = document.createTreeWalker(icon.parentElement, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const text = texts.currentNode;
            if (icon.contains(text) || text.parentElement.closest(".sr-only") || !text.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            range.selectNodeContents(text);
            if ([...range.getClientRects()].some((r) => Math.min(r.right, over.right) - Math.max(r.left, over.left) > 1 && Math.min(r.bottom, over.bottom) - Math.max(r.top, over.top) > 1)) found.push(text.data);
          }
          return found;
        })
        """;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_accessible_fits_and_complains_of_nothing(string path)
    {
        foreach (var locale in new[] { "en", "ar" })
        {
            var state = await signedIn.StateAsync(chromium);
            await signedIn.PreferAsync(locale);
            foreach (var phone in new[] { false, true })
                await InspectAsync(path, locale, phone, state);
        }
    }

    [Fact]
    public async Task The_sign_in_page_is_accessible_fits_and_complains_of_nothing()
    {
        await signedIn.StateAsync(chromium);
        foreach (var phone in new[] { false, true })
            await InspectAsync("/sign-in", "en", phone, null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(1_000)]
    public async Task Esc_closes_the_palette_however_early_and_gives_the_focus_back(int pause)
    {
        await using var screen = await chromium.OpenAsync(signedIn.Server.Address, phone: false, await signedIn.StateAsync(chromium));
        await signedIn.PreferAsync("en");
        await screen.GoAsync("/settings/about");
        await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Chat", Exact = true }).FocusAsync();
        for (var i = 0; i < 3; i++)
        {
            await screen.Page.Keyboard.PressAsync("Control+k");
            await screen.Page.WaitForTimeoutAsync(pause);
            await screen.Page.Keyboard.PressAsync("Escape");
            // Long enough for a palette that was still on its way.
            await screen.Page.WaitForTimeoutAsync(700);
            (await screen.Page.Locator("dialog[open]").CountAsync()).ShouldBe(0);
            (await screen.Page.EvaluateAsync<string>("() => document.activeElement.textContent")).ShouldBe("Chat");
        }
    }

    [Fact]
    public async Task A_first_message_leaves_one_conversation_on_the_page()
    {
        await using var screen = await chromium.OpenAsync(signedIn.Server.Address, phone: false, await signedIn.StateAsync(chromium));
        await signedIn.PreferAsync("en");
        await screen.GoAsync("/chat");
        await screen.SayAsync("12 * 3");
        await screen.Page.WaitForURLAsync("**/chat/*-*");
        await screen.Page.Locator("article[data-status=complete]").WaitForAsync();
        (await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Level = 1 }).AllTextContentsAsync()).ShouldBe(["12 * 3"]);
        (await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Article).CountAsync()).ShouldBe(2);
        screen.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_title_that_is_too_long_is_cut_at_its_own_end()
    {
        await using var screen = await chromium.OpenAsync(signedIn.Server.Address, phone: false, await signedIn.StateAsync(chromium));
        await signedIn.PreferAsync("en");
        await screen.GoAsync("/chat");
        await screen.SayAsync("كم يساوي 12 × 12؟");
        await screen.Page.WaitForURLAsync("**/chat/*-*");
        await screen.Page.Locator("article[data-status=complete]").WaitForAsync();

        (await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Level = 1 }).GetByRole(Microsoft.Playwright.AriaRole.Button).EvaluateAsync<string>("(title) => getComputedStyle(title).direction")).ShouldBe("rtl");
    }

    async Task InspectAsync(string path, string locale, bool phone, string? state)
    {
        var name = $"{(path == "/" ? "today" : path.Trim('/').Replace('/', '-'))}-{locale}-{(phone ? "phone" : "desk")}";
        await using var screen = await chromium.OpenAsync(signedIn.Server.Address, phone, state);
        await screen.GoAsync(path);
        await screen.Page.WaitForFunctionAsync("(wanted) => `${document.documentElement.lang} ${document.documentElement.dir}` === wanted", locale == "ar" ? "ar rtl" : "en ltr");
        await screen.Page.EvaluateAsync("() => document.fonts.ready");
        await screen.ShootAsync(name);

        (await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, $"{name} scrolls sideways");
        (await screen.Page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1, $"{name} has one main heading");
        (await screen.AxeAsync()).ShouldBeEmpty($"axe on {name}");
        (await screen.Page.EvaluateAsync<string[]>(Covered)).ShouldBeEmpty($"icons on the words of {name}");
        screen.Complaints.ShouldBeEmpty(name);
    }

    /// <summary>One server with one owner for all pages.</summary>
    public sealed class SignedInServer : IAsyncLifetime
    {
        readonly string data = JeanTrailProcess.NewDataFolder();
        readonly SemaphoreSlim once = new(1, 1);
        string? state;

        internal JeanTrailProcess Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await JeanTrailProcess.StartAsync(data, settings: new Dictionary<string, string> { ["JEAN_Edge__SignInsPerMinute"] = "1000" });

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            Directory.Delete(data, recursive: true);
            once.Dispose();
        }

        /// <summary>What the owner set on another device; the face would only make each page slow here.</summary>
        internal async Task PreferAsync(string locale)
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Server.Address };
            using var entered = await client.PostAsJsonAsync("/api/accounts/sign-in", new { email = "olga@example.org", password = "correct horse battery staple" });
            entered.EnsureSuccessStatusCode();
            var session = await entered.Content.ReadFromJsonAsync<JsonElement>();
            client.DefaultRequestHeaders.Add("X-CSRF-Token", session.GetProperty("csrfToken").GetString());
            using var kept = await client.PutAsJsonAsync("/api/accounts/preferences", new { locale, showAvatar = false, timeZone = "Europe/London" });
            kept.EnsureSuccessStatusCode();
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
