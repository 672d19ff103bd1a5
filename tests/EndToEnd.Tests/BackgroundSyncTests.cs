using System.Text.Json;
using JeanTrail.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>What was written while the server was away goes out, once, though the page was closed before it came back.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class BackgroundSyncTests(Chromium chromium)
{
    const string Kept = """
        () => new Promise((tell) => {
          const opened = indexedDB.open("jt:outbox");
          opened.onsuccess = () => {
            const all = opened.result.transaction("messages").objectStore("messages").getAll();
            all.onsuccess = () => { opened.result.close(); tell(all.result.some((one) => one.text.startsWith("How many days"))); };
          };
        })
        """;

    [Fact]
    public async Task A_message_that_could_not_be_sent_goes_out_when_no_page_is_open_any_more()
    {
        var data = JeanTrailProcess.NewDataFolder();
        var server = await JeanTrailProcess.StartAsync(data);
        try
        {
            await using var screen = await chromium.OpenAsync(server.Address);
            await screen.CreateOwnerAsync(await server.SetupCodeAsync());
            await screen.GoAsync("/chat");
            await screen.SayAsync("What time is it?");
            await Expect(screen.Answers.Last).ToHaveAttributeAsync("data-status", "complete", new() { Timeout = 60_000 });
            // From its second visit on the worker is there for the page.
            await screen.Page.EvaluateAsync("async () => { await navigator.serviceWorker.ready; }");
            var port = server.Port;
            await server.StopAsync();

            await screen.SayAsync("How many days are in a week?");
            await Eventually.BeTrueAsync(() => screen.Page.EvaluateAsync<bool>(Kept), "it is kept");
            await Eventually.BeTrueAsync(
                () => screen.Page.EvaluateAsync<bool>("async () => (await (await navigator.serviceWorker.ready).sync.getTags()).includes('jt:outbox')"), "the browser is asked to send it");
            var elsewhere = await screen.Page.Context.NewPageAsync();
            await screen.Page.CloseAsync();
            await server.DisposeAsync();
            server = await JeanTrailProcess.StartAsync(data, port);

            // Asked twice, as browsers do that are not sure: it goes out once.
            await SyncAsync(elsewhere, server.Address);
            await SyncAsync(elsewhere, server.Address);
            await Eventually.BeTrueAsync(async () => (await SaidAsync(elsewhere, server.Address)).Length > 1, "it was sent");
            await SyncAsync(elsewhere, server.Address);
            await elsewhere.GotoAsync(new Uri(server.Address, "chat").ToString());
            await Expect(elsewhere.GetByLabel("Message to Jean")).ToBeVisibleAsync();
            (await SaidAsync(elsewhere, server.Address)).ShouldBe(["What time is it?", "How many days are in a week?"]);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Tells the service worker what the browser tells it when the network is back.</summary>
    static async Task SyncAsync(IPage page, Uri address)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var registered = new TaskCompletionSource<string>();
        session.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, message) =>
        {
            var own = message!.Value.GetProperty("registrations").EnumerateArray().FirstOrDefault(each => each.GetProperty("scopeURL").GetString() == address.ToString());
            if (own.ValueKind == JsonValueKind.Object)
                registered.TrySetResult(own.GetProperty("registrationId").GetString()!);
        };
        await session.SendAsync("ServiceWorker.enable");
        await session.SendAsync("ServiceWorker.dispatchSyncEvent", new()
        {
            ["origin"] = address.GetLeftPart(UriPartial.Authority),
            ["registrationId"] = await registered.Task.WaitAsync(Eventually.DefaultDeadline),
            ["tag"] = "jt:outbox",
            ["lastChance"] = false,
        });
        await session.DetachAsync();
    }

    /// <summary>What the server has of the person's, asked beside all pages: an open one would send by itself.</summary>
    static async Task<string[]> SaidAsync(IPage page, Uri address)
    {
        var conversations = await GetAsync("api/chat/conversations");
        var id = conversations.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid();
        var messages = await GetAsync($"api/chat/conversations/{id}/messages?limit=100");
        return [.. messages.GetProperty("items").EnumerateArray().Reverse().Where(message => message.GetProperty("role").GetString() == "user").Select(message => message.GetProperty("text").GetString()!)];

        async Task<JsonElement> GetAsync(string path) => (await (await page.Context.APIRequest.GetAsync(new Uri(address, path).ToString())).JsonAsync())!.Value;
    }
}
