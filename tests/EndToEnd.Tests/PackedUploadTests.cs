using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>What is long and can be made smaller goes to the server compressed, out of a worker, and arrives as it was.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class PackedUploadTests(Chromium chromium, PageTests.SignedInServer signedIn) : IClassFixture<PageTests.SignedInServer>
{
    static readonly byte[] Long = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 30_000).Select(line => $"{line}: что принёс прилив, ما جلبه المدّ")));

    [Fact]
    public async Task A_long_text_goes_compressed_and_a_picture_as_it_is()
    {
        await using var screen = await OpenAsync("/chat");
        var sent = await SendAsync(screen, "/api/chat/attachments", "tide.txt", "text/plain", Long);
        (await sent.Request.HeaderValueAsync("Content-Encoding")).ShouldBe("gzip");
        sent.Status.ShouldBe(201);
        var file = (await sent.JsonAsync())!.Value;
        file.GetProperty("sizeBytes").GetInt64().ShouldBe(Long.Length);
        var back = await screen.Page.EvaluateAsync<string>("async (id) => (await fetch(`/api/chat/attachments/${id}`)).text()", file.GetProperty("id").GetString());
        back.ShouldBe(Encoding.UTF8.GetString(Long));

        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        var plain = await SendAsync(screen, "/api/chat/attachments", "noise.bin", "application/octet-stream", noise);
        (await plain.Request.HeaderValueAsync("Content-Encoding")).ShouldBeNull();
        plain.Status.ShouldBe(201);
        (await plain.JsonAsync())!.Value.GetProperty("sizeBytes").GetInt64().ShouldBe(noise.Length);
        screen.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_goes_compressed()
    {
        await using var screen = await OpenAsync("/chat/transfer");
        var talks = Enumerable.Range(0, 40).Select(talk => new
        {
            title = $"Talk {talk}",
            create_time = 1_700_000_000 + talk,
            current_node = "a",
            mapping = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["q"] = new { id = "q", parent = (string?)null, children = new[] { "a" }, message = new { id = "q", author = new { role = "user" }, create_time = 1_700_000_000, content = new { content_type = "text", parts = new[] { new string('?', 500) } } } },
                ["a"] = new { id = "a", parent = "q", children = Array.Empty<string>(), message = new { id = "a", author = new { role = "assistant" }, create_time = 1_700_000_001, content = new { content_type = "text", parts = new[] { "At nine." } } } },
            },
        });
        var file = JsonSerializer.SerializeToUtf8Bytes(talks);
        var sent = await SendAsync(screen, "/api/chat/imports", "conversations.json", "application/json", file);
        (await sent.Request.HeaderValueAsync("Content-Encoding")).ShouldBe("gzip");
        sent.Status.ShouldBe(202);
        (await sent.JsonAsync())!.Value.GetProperty("sizeBytes").GetInt64().ShouldBe(file.Length);
        await Assertions.Expect(screen.Page.GetByText("40 conversations").First).ToBeVisibleAsync();
        screen.Complaints.ShouldBeEmpty();
    }

    static async Task<IResponse> SendAsync(Screen screen, string path, string name, string type, byte[] content)
        => await screen.Page.RunAndWaitForResponseAsync(
            () => screen.Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = content }),
            response => response.Request.Method == "POST" && new Uri(response.Url).AbsolutePath == path);

    async Task<Screen> OpenAsync(string path)
    {
        var state = await signedIn.StateAsync(chromium);
        await signedIn.PreferAsync("en");
        var screen = await chromium.OpenAsync(signedIn.Server.Address, phone: false, state);
        await screen.GoAsync(path);
        return screen;
    }
}
