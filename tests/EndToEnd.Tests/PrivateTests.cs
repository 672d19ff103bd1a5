using System.Text.Json;
using System.Text.RegularExpressions;
using JeanTrail.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Private conversations as a person has them: set up, talked, locked by a reload, opened again, in a second browser too.</summary>
[Collection(ChromiumCollection.Name)]
public sealed partial class PrivateTests(Chromium chromium)
{
    const string Passphrase = "seven herons on a quiet lake";

    [Fact]
    public Task What_is_said_privately_is_read_only_with_the_passphrase_or_the_code() => AsOwnerAsync(async (server, olga, code) =>
    {
        await SayAsync(olga, "What is 12 * 12?");
        await Expect(olga.Answers.Last).ToContainTextAsync("144");
        await Expect(olga.Page).ToHaveURLAsync(Address());
        await SayAsync(olga, "And what is 13 * 13?");
        await Expect(olga.Answers.Last).ToContainTextAsync("169");
        var row = olga.Page.GetByRole(AriaRole.Link, new() { Name = "What is 12 * 12?" });
        await Expect(row.First).ToBeVisibleAsync();
        (await olga.AxeAsync()).ShouldBeEmpty();

        await olga.Page.ReloadAsync();
        await Expect(olga.Page.GetByText("Private conversations are locked")).ToBeVisibleAsync();
        await Expect(row).ToHaveCountAsync(0);
        await Expect(olga.Page.GetByText("144")).ToHaveCountAsync(0);
        (await olga.AxeAsync()).ShouldBeEmpty();
        await UnlockAsync(olga, "eight herons on a quiet lake");
        await Expect(olga.Page.GetByText("This is not the passphrase.")).ToBeVisibleAsync();
        await UnlockAsync(olga, Passphrase);
        await Expect(olga.Answers).ToHaveCountAsync(2);
        await Expect(olga.Answers.Last).ToContainTextAsync("169");
        await Expect(row.First).ToBeVisibleAsync();

        await Page(olga).GetByRole(AriaRole.Button, new() { Name = "Lock", Exact = true }).ClickAsync();
        await Expect(olga.Answers).ToHaveCountAsync(0);
        await Page(olga).GetByRole(AriaRole.Button, new() { Name = "Use the recovery code" }).ClickAsync();
        await Page(olga).GetByLabel("Recovery code").FillAsync(code.ToLowerInvariant());
        await Page(olga).GetByRole(AriaRole.Button, new() { Name = "Unlock", Exact = true }).ClickAsync();
        await Expect(olga.Answers).ToHaveCountAsync(2);

        await ReadElsewhereAsync(server.Address, new Uri(olga.Page.Url).AbsolutePath);
        (await olga.Page.EvaluateAsync<string>("JSON.stringify({ ...localStorage, ...sessionStorage })")).ShouldNotContain("12 * 12");
    });

    [Fact]
    public Task Titles_copies_and_the_key_are_in_the_persons_hands() => AsOwnerAsync(async (_, olga, code) =>
    {
        const string Newer = "nine herons on a frozen lake";
        await SayAsync(olga, "What is 12 * 12?");
        await Expect(olga.Answers.Last).ToContainTextAsync("144");

        await ChooseAsync(olga, "What is 12 * 12?", "Rename");
        await Dialog(olga).GetByLabel("Title").FillAsync("Sums of mine");
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(olga.Page.GetByRole(AriaRole.Link, new() { Name = "Sums of mine" }).First).ToBeVisibleAsync();
        (await DownloadAsync(olga, "Sums of mine", "Download as Markdown")).ShouldContain("144");
        JsonElement.Parse(await DownloadAsync(olga, "Sums of mine", "Download as JSON")).GetRawText().ShouldContain("12 * 12");

        // By the recovery code, as somebody who forgot the passphrase.
        await olga.Page.GetByRole(AriaRole.Button, new() { Name = "Passphrase and recovery code" }).First.ClickAsync();
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Use the recovery code" }).ClickAsync();
        await Dialog(olga).GetByLabel("Recovery code").FillAsync(code);
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Dialog(olga).GetByLabel("New passphrase").FillAsync(Newer);
        await Dialog(olga).GetByLabel("The passphrase again").FillAsync(Newer);
        (await olga.AxeAsync()).ShouldBeEmpty();
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        (await Dialog(olga).Locator("code[data-secret]").TextContentAsync()).ShouldNotBe(code);
        await Dialog(olga).GetByLabel("I have kept the code in a safe place").CheckAsync();
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(Dialog(olga)).ToHaveCountAsync(0);

        await olga.Page.ReloadAsync();
        await UnlockAsync(olga, Passphrase);
        await Expect(olga.Page.GetByText("This is not the passphrase.")).ToBeVisibleAsync();
        await UnlockAsync(olga, Newer);
        await Expect(olga.Answers.Last).ToContainTextAsync("144");
        await Expect(olga.Page.GetByRole(AriaRole.Link, new() { Name = "Sums of mine" }).First).ToBeVisibleAsync();

        await olga.Page.GetByRole(AriaRole.Button, new() { Name = "Passphrase and recovery code" }).First.ClickAsync();
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Forget the key" }).ClickAsync();
        await Dialog(olga).GetByRole(AriaRole.Button, new() { Name = "Delete everything private" }).ClickAsync();
        await Expect(olga.Page.GetByRole(AriaRole.Link, new() { Name = "Sums of mine" })).ToHaveCountAsync(0);
        await olga.GoAsync("/chat");
        await olga.Page.GetByRole(AriaRole.Link, new() { Name = "New private conversation" }).First.ClickAsync();
        await Expect(Page(olga).GetByText("They are not found by search.")).ToBeVisibleAsync();
    });

    /// <summary>The owner of a new server, who has just set up private conversations and has the recovery code.</summary>
    async Task AsOwnerAsync(Func<JeanTrailProcess, Screen, string, Task> test)
    {
        var data = JeanTrailProcess.NewDataFolder();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["JEAN_Gateway__Discovery"] = "false" };
        try
        {
            await using var server = await JeanTrailProcess.StartAsync(data, settings: settings);
            await using var olga = await chromium.OpenAsync(server.Address);
            await olga.CreateOwnerAsync(await server.SetupCodeAsync());
            await olga.GoAsync("/chat");
            await olga.Page.GetByRole(AriaRole.Link, new() { Name = "New private conversation" }).First.ClickAsync();
            await test(server, olga, await SetUpAsync(olga));
            olga.Complaints.ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>From the menu of a conversation in the list.</summary>
    static async Task ChooseAsync(Screen screen, string title, string choice)
    {
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = $"More about {title}" }).First.ClickAsync();
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = choice, Exact = true }).ClickAsync();
    }

    static async Task<string> DownloadAsync(Screen screen, string title, string choice)
    {
        var download = await screen.Page.RunAndWaitForDownloadAsync(() => ChooseAsync(screen, title, choice));
        await using var content = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync();
    }

    static ILocator Dialog(Screen screen) => screen.Page.GetByRole(AriaRole.Dialog);

    /// <summary>On a phone, in Arabic.</summary>
    async Task ReadElsewhereAsync(Uri address, string path)
    {
        await using var phone = await chromium.OpenAsync(address);
        await phone.Page.SetViewportSizeAsync(390, 844);
        await phone.GoAsync("/sign-in");
        await phone.Page.Locator("input[type=email]").FillAsync("olga@example.org");
        await phone.Page.Locator("input[type=password]").FillAsync("correct horse battery staple");
        await phone.Page.Locator("form button[type=submit]").First.ClickAsync();
        await phone.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        await phone.Page.EvaluateAsync("async () => { const token = (await (await fetch('/api/accounts/session')).json()).csrfToken; const known = await (await fetch('/api/accounts/preferences')).json(); await fetch('/api/accounts/preferences', { method: 'PUT', headers: { 'content-type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify({ ...known, locale: 'ar' }) }); }");
        await phone.GoAsync(path);
        await Expect(phone.Page.Locator("html")).ToHaveAttributeAsync("dir", "rtl");
        await Expect(phone.Page.Locator("section input[type=password]")).ToBeVisibleAsync();
        (await phone.AxeAsync()).ShouldBeEmpty();
        await phone.ShootAsync("private-locked-phone-ar");
        await phone.Page.Locator("section input[type=password]").FillAsync(Passphrase);
        await phone.Page.Locator("section form button[type=submit]").ClickAsync();
        await Expect(phone.Page.GetByText("169").First).ToBeVisibleAsync();
        (await phone.AxeAsync()).ShouldBeEmpty();
        (await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0);
        await phone.ShootAsync("private-phone-ar");
        phone.Complaints.ShouldBeEmpty();
    }

    static async Task<string> SetUpAsync(Screen screen)
    {
        await Expect(Page(screen).GetByText("They are not found by search.")).ToBeVisibleAsync();
        await Page(screen).GetByLabel("New passphrase").FillAsync("too short");
        await Page(screen).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(Page(screen).GetByText("This is too easy to guess.")).ToBeVisibleAsync();
        await Page(screen).GetByLabel("New passphrase").FillAsync(Passphrase);
        await Page(screen).GetByLabel("The passphrase again").FillAsync(Passphrase);
        (await screen.AxeAsync()).ShouldBeEmpty();
        await Page(screen).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        var code = (await Page(screen).Locator("code[data-secret]").TextContentAsync())!;
        await Page(screen).GetByLabel("I have kept the code in a safe place").CheckAsync();
        await Page(screen).GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(Page(screen).GetByLabel("Private message to Jean")).ToBeVisibleAsync();
        return code;
    }

    static async Task UnlockAsync(Screen screen, string passphrase)
    {
        await Page(screen).GetByLabel("Passphrase").FillAsync(passphrase);
        await Page(screen).GetByRole(AriaRole.Button, new() { Name = "Unlock", Exact = true }).ClickAsync();
    }

    static async Task SayAsync(Screen screen, string text)
    {
        // While an answer is written and sealed, Enter sends nothing.
        await Expect(Page(screen).GetByRole(AriaRole.Button, new() { Name = "Stop answering" })).ToHaveCountAsync(0);
        await Page(screen).GetByLabel("Private message to Jean").FillAsync(text);
        await Page(screen).GetByLabel("Private message to Jean").PressAsync("Enter");
    }

    /// <summary>What is beside the list.</summary>
    static ILocator Page(Screen screen) => screen.Page.Locator("section[data-region]");

    [GeneratedRegex("/chat/private/[0-9a-f-]{36}$")]
    private static partial Regex Address();
}
