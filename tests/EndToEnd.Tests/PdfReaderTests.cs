using JeanTrail.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>An attached PDF is read in the page: drawn as it is come to, with few canvases, and without anything in it running.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class PdfReaderTests(Chromium chromium, PageTests.SignedInServer signedIn) : IClassFixture<PageTests.SignedInServer>
{
    const int PageCount = 40;

    [Fact]
    public async Task A_PDF_is_read_in_the_page_and_nothing_in_it_runs()
    {
        await using var screen = await OpenAsync("en", phone: false, ("tide.pdf", PdfFiles.Hostile(PageCount)));
        var page = screen.Page;
        var reader = await ReadAsync(page, "tide.pdf");
        await Expect(reader.GetByRole(AriaRole.Region, new() { Name = "Page 1", Exact = true })).ToContainTextAsync("High tide on day 1");
        (await page.EvaluateAsync<bool>("""
            () => { const canvas = document.querySelector(".pdf-page canvas"); return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((byte, i) => i % 4 < 3 && byte < 80); }
            """)).ShouldBeTrue("something is drawn on the page");
        (await page.EvaluateAsync<string>("() => { getSelection().selectAllChildren(document.querySelector('.pdf-words')); return getSelection().toString(); }")).ShouldContain("High tide on day 1");

        // From the first to the last page with the wheel, as people do.
        var pages = reader.GetByRole(AriaRole.Region, new() { Name = "Pages of tide.pdf" });
        var number = reader.GetByLabel("Page", new() { Exact = true });
        await pages.HoverAsync();
        while (await number.InputValueAsync() != $"{PageCount}")
        {
            await page.Mouse.WheelAsync(0, 2_500);
            await page.WaitForTimeoutAsync(60);
            (await reader.Locator("canvas").CountAsync()).ShouldBeLessThanOrEqualTo(6);
        }

        await Expect(reader).ToContainTextAsync($"High tide on day {PageCount}");
        await number.FillAsync("12");
        await number.PressAsync("Enter");
        await Expect(number).ToHaveValueAsync("12");
        await Expect(reader).ToContainTextAsync("High tide on day 12");

        // Then by keys.
        await pages.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(number).ToHaveValueAsync("13");
        var wide = (await reader.Locator(".pdf-page").First.BoundingBoxAsync())!.Width;
        await page.Keyboard.PressAsync("-");
        await Expect(number).ToHaveValueAsync("13");
        (await reader.Locator(".pdf-page").First.BoundingBoxAsync())!.Width.ShouldBeLessThan(wide);
        await page.Keyboard.PressAsync("0");
        await page.Keyboard.PressAsync("Home");
        await Expect(number).ToHaveValueAsync("1");

        // Whoever presses on its links and fields.
        await Expect(reader.Locator(".pdf-page canvas").First).ToBeVisibleAsync();
        await page.Mouse.ClickAsync(500, 400);
        (await page.EvaluateAsync<string[]>("() => window.ran")).ShouldBeEmpty();
        (await reader.Locator("a, img, iframe, input:not([aria-label=Page]), script").EvaluateAllAsync<string[]>("(found) => found.map((e) => e.outerHTML).filter((e) => !e.includes('download='))")).ShouldBeEmpty();
        page.Workers.Count(worker => worker.Url.Contains("pdf", StringComparison.Ordinal)).ShouldBe(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(reader).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "tide.pdf" })).ToBeFocusedAsync();
        await Eventually.BeTrueAsync(() => !page.Workers.Any(worker => worker.Url.Contains("pdf", StringComparison.Ordinal)), "the worker ends with the reader");
        screen.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_shown_says_why()
    {
        await using var screen = await OpenAsync("en", phone: false, ("locked.pdf", PdfFiles.Locked()), ("broken.pdf", PdfFiles.Broken()));
        await Expect(await ReadAsync(screen.Page, "locked.pdf")).ToContainTextAsync("locked with a password");
        await screen.Page.Keyboard.PressAsync("Escape");
        await Expect(await ReadAsync(screen.Page, "broken.pdf")).ToContainTextAsync("This file is damaged");
        screen.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("en", false)]
    [InlineData("en", true)]
    [InlineData("ar", false)]
    [InlineData("ar", true)]
    public async Task The_reader_is_accessible_and_fits(string locale, bool phone)
    {
        await using var screen = await OpenAsync(locale, phone, ("tide.pdf", PdfFiles.Hostile(3)));
        await screen.Page.EmulateMediaAsync(new() { ColorScheme = phone ? ColorScheme.Dark : ColorScheme.Light });
        var reader = await ReadAsync(screen.Page, "tide.pdf");
        await Expect(reader).ToContainTextAsync("High tide on day 1");
        await screen.ShootAsync($"pdf-{locale}-{(phone ? "phone" : "desk")}");
        (await screen.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0);
        (await reader.Locator(".pdf-page").First.EvaluateAsync<bool>("(page) => { const sheet = page.getBoundingClientRect(), frame = page.closest('[role=region][tabindex]').getBoundingClientRect(); return sheet.left >= frame.left && sheet.right <= frame.right; }"))
            .ShouldBeTrue("the sheet is inside its frame");
        (await screen.AxeAsync()).ShouldBeEmpty();
        screen.Complaints.ShouldBeEmpty();
    }

    async Task<Screen> OpenAsync(string locale, bool phone, params (string Name, byte[] Content)[] files)
    {
        var state = await signedIn.StateAsync(chromium);
        await signedIn.PreferAsync(locale);
        var screen = await chromium.OpenAsync(signedIn.Server.Address, phone, state);
        await screen.Page.AddInitScriptAsync("window.ran = [];");
        await screen.GoAsync("/chat");
        await screen.Page.Locator("input[type=file]").First.SetInputFilesAsync(files.Select(file => new FilePayload { Name = file.Name, MimeType = "application/pdf", Buffer = file.Content }));
        await screen.Page.Locator("form textarea[data-region-start]").FillAsync("12 * 3");
        // It can be sent once the files are there.
        await screen.Page.Locator("button[type=submit][aria-disabled=false]").ClickAsync();
        await Expect(screen.Page.Locator("article[data-status=complete]")).ToBeVisibleAsync();
        return screen;
    }

    static async Task<ILocator> ReadAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
        var reader = page.GetByRole(AriaRole.Dialog, new() { Name = name });
        await reader.WaitForAsync();
        return reader;
    }
}
