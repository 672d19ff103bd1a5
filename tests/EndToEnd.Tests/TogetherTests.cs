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
    public async Task They_write_one_question_together_and_read_the_answer_and_who_is_let_out_is_out()
    {
        await using var servers = await TwoServers.CreateAsync();
        await using var first = await servers.StartFirstAsync();
        await using var olga = await chromium.OpenAsync(first.Address);
        await olga.Page.SetViewportSizeAsync(390, 844);
        await olga.CreateOwnerAsync(await first.SetupCodeAsync());
        await servers.Database.Db.ExecuteAsync(MiaSql, null, default);
        await using var second = await servers.StartSecondAsync();

        await olga.GoAsync("/chat");
        await olga.SayAsync("What is 12 * 12?");
        await Expect(olga.Answers.Last).ToContainTextAsync("144");
        var mia = await JoinAsync(olga, second.Address);
        await using var leaving = mia;
        await Expect(mia.Answers.Last).ToContainTextAsync("144");

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
