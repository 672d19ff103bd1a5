using JeanTrail.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Two people in one conversation, in two browsers at two server processes.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class TogetherTests(Chromium chromium)
{
    const string MiaSql = """
        insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
        select gen_random_uuid(), 'mia@example.org', 'mia@example.org', 'Mia', 'free', password_hash, now() from accounts.user where role = 'owner'
        """;

    [Fact]
    public Task They_write_one_question_together_and_read_the_answer_and_who_is_let_out_is_out() => TogetherAsync(async (olga, mia) =>
    {
        // It is said for as long as somebody writes, which on a busy machine is over before it was seen.
        await Eventually.PassAsync(async () =>
        {
            await Box(mia).PressSequentiallyAsync("…");
            (await olga.Page.GetByText("Mia is writing…").IsVisibleAsync()).ShouldBeTrue();
        });
        await Box(mia).FillAsync("what is 13 * 13?");
        await Expect(Box(olga)).ToHaveValueAsync("what is 13 * 13?");
        await Box(olga).PressAsync("Home");
        await Box(olga).PressSequentiallyAsync("Please: ");
        await Expect(Box(mia)).ToHaveValueAsync("Please: what is 13 * 13?");
        await Box(mia).PressAsync("Enter");
        await Expect(olga.Answers.Last).ToContainTextAsync("169");
        await Expect(mia.Answers.Last).ToContainTextAsync("169");
        await Expect(Box(olga)).ToHaveValueAsync("");
        await Expect(olga.Page.GetByRole(AriaRole.Article, new() { Name = "Question" }).Last).ToContainTextAsync("Mia");
        await olga.ShootAsync("together-phone");

        await olga.Page.GetByRole(AriaRole.Button, new() { Name = "People: 2" }).ClickAsync();
        await Expect(olga.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Mia" }).First).ToBeVisibleAsync();
        (await olga.AxeAsync()).ShouldBeEmpty();
        await olga.Page.GetByLabel("What Mia may do").SelectOptionAsync("view");
        await Expect(Box(mia)).ToHaveCountAsync(0);
        await Expect(mia.Page.GetByText("You may read this conversation.")).ToBeVisibleAsync();
        await olga.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Mia" }).ClickAsync();
        await Expect(mia.Answers).ToHaveCountAsync(0);
        olga.Complaints.ShouldBeEmpty();
    });

    [Fact]
    public Task Each_sees_where_the_other_is_in_what_they_write_together() => TogetherAsync(async (olga, mia) =>
    {
        await Expect(Carets(mia)).ToHaveCountAsync(0);

        await Box(olga).FillAsync("where is it?");
        await Expect(Box(mia)).ToHaveValueAsync("where is it?");
        await Expect(Carets(mia)).ToHaveCountAsync(1);
        await Expect(mia.Page.Locator(".caret-flag")).ToHaveTextAsync("Olga");
        // The name is there for some seconds, which on a busy machine are over before it was seen.
        await Eventually.PassAsync(async () =>
        {
            await Box(olga).PressAsync("Home");
            await Box(olga).PressAsync("End");
            await Box(olga).PressAsync("ArrowLeft");
            (await mia.Page.Locator(".caret-flag").IsVisibleAsync()).ShouldBeTrue();
        });
        await mia.ShootAsync("caret-phone");

        await Box(mia).PressAsync("Home");
        var before = await EndOfAsync(mia, "where is it");
        await Eventually.PassAsync(async () => (await CaretAsync(mia)).ShouldBe(before, 2));
        await Box(mia).PressSequentiallyAsync("Oh, ");
        await Expect(Box(olga)).ToHaveValueAsync("Oh, where is it?");
        var after = await EndOfAsync(mia, "Oh, where is it");
        after.ShouldBeGreaterThan(before + 10);
        await Eventually.PassAsync(async () => (await CaretAsync(mia)).ShouldBe(after, 2));
        (await Box(olga).EvaluateAsync<int>("box => box.selectionStart")).ShouldBe("Oh, where is it".Length, "hers stayed in its words as well");
        await Expect(olga.Page.Locator(".caret-flag")).ToHaveTextAsync("Mia");

        await Box(olga).PressAsync("ControlOrMeta+A");
        await Expect(mia.Page.Locator(".caret-band")).ToHaveCountAsync(1);
        await olga.GoAsync("/");
        await Expect(Carets(mia)).ToHaveCountAsync(0);
        await Expect(mia.Page.Locator(".caret-band")).ToHaveCountAsync(0);
        await Expect(Box(mia)).ToHaveValueAsync("Oh, where is it?");
        olga.Complaints.ShouldBeEmpty();
        mia.Complaints.ShouldBeEmpty();
    });

    static ILocator Carets(Screen screen) => screen.Page.Locator(".caret-bar:visible");

    /// <summary>Where the middle of the other's caret is drawn, from the side of the box.</summary>
    static Task<double> CaretAsync(Screen screen)
        => Box(screen).EvaluateAsync<double>("box => { const bar = document.querySelector('.caret-bar').getBoundingClientRect(); return bar.left + bar.width / 2 - box.getBoundingClientRect().left; }");

    /// <summary>How far these words reach in the letters of the box, measured apart from the page's own way.</summary>
    static Task<double> EndOfAsync(Screen screen, string words)
        => Box(screen).EvaluateAsync<double>(
            "(box, words) => { const pen = document.createElement('canvas').getContext('2d'); const style = getComputedStyle(box); pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`; return pen.measureText(words).width; }", words);

    /// <summary>Olga, who began the conversation, and Mia, who joined it at the other server.</summary>
    async Task TogetherAsync(Func<Screen, Screen, Task> test)
    {
        await using var servers = await TwoServers.CreateAsync();
        await using var first = await servers.StartFirstAsync();
        await using var olga = await BeginAsync(servers, first);
        await using var second = await servers.StartSecondAsync();
        await using var mia = await JoinAsync(olga, second.Address);
        await Expect(mia.Answers.Last).ToContainTextAsync("144");
        await test(olga, mia);
    }

    /// <summary>The owner's first question, answered; Mia has an account.</summary>
    async Task<Screen> BeginAsync(TwoServers servers, JeanTrailProcess first)
    {
        var olga = await chromium.OpenAsync(first.Address);
        await olga.Page.SetViewportSizeAsync(390, 844);
        await olga.CreateOwnerAsync(await first.SetupCodeAsync());
        await servers.Database.Db.ExecuteAsync(MiaSql, null, default);
        await olga.GoAsync("/chat");
        await olga.SayAsync("What is 12 * 12?");
        await Expect(olga.Answers.Last).ToContainTextAsync("144");
        return olga;
    }

    async Task<Screen> JoinAsync(Screen host, Uri door)
    {
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "People" }).ClickAsync();
        await host.Page.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
        var link = new Uri((await host.Page.Locator("code[data-secret]").TextContentAsync())!);
        await host.Page.Keyboard.PressAsync("Escape");

        var guest = await chromium.OpenAsync(door);
        await guest.Page.SetViewportSizeAsync(390, 844);
        await guest.GoAsync("/sign-in");
        await guest.Page.Locator("input[type=email]").FillAsync("mia@example.org");
        await guest.Page.Locator("input[type=password]").FillAsync("correct horse battery staple");
        await guest.Page.Locator("form button[type=submit]").First.ClickAsync();
        await guest.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        await guest.GoAsync(link.AbsolutePath);
        await guest.Page.GetByRole(AriaRole.Button, new() { Name = "Join the conversation" }).ClickAsync();
        return guest;
    }

    static ILocator Box(Screen screen) => screen.Page.GetByLabel("Message to Jean");
}
