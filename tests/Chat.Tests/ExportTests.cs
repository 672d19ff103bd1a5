using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Transfer.Export;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

public sealed class ExportTests(ChatFixture fixture) : IClassFixture<ChatFixture>
{
    readonly ChatHost chat = fixture.Chat;

    [Fact]
    public async Task A_branch_as_markdown_has_the_shown_messages_in_order_and_no_others()
    {
        var (id, _) = await TalkAsync();
        var text = Encoding.UTF8.GetString(await chat.Client.DownloadAsync($"/api/chat/conversations/{id}/export?format=markdown&files=false", "text/markdown"));
        text.ShouldStartWith("# Harbour\n\n## You · 2026-01-02 03:04 UTC\n\nWhat opens at two?\n\n*dot.png*\n");
        text.ShouldContain("## Jean (harbour/lighthouse) · 2026-01-02 03:05 UTC\n\nThe museum.\n");
        text.ShouldContain("> **Note:** Ask again\n> in May");
        text.ShouldNotContain("The lighthouse");
    }

    [Fact]
    public async Task Markdown_with_files_is_an_archive_whose_links_lead_to_the_files()
    {
        var (id, _) = await TalkAsync();
        using var zip = Zip(await chat.Client.DownloadAsync($"/api/chat/conversations/{id}/export?format=markdown", "application/zip"));
        var text = await TextAsync(zip, "Harbour.md");
        var path = text.Split("![dot.png](")[1].Split(')')[0];
        using var image = new MemoryStream();
        await using (var stream = await zip.GetEntry(path)!.OpenAsync())
            await stream.CopyToAsync(image);
        image.ToArray().ShouldBe(TransferTalk.Png);
    }

    [Fact]
    public async Task Chosen_messages_keep_their_order_and_hang_on_their_nearest_chosen_ancestor()
    {
        var (id, messages) = await TalkAsync();
        var json = await JsonAsync($"/api/chat/conversations/{id}/export?format=json&files=false&messages={messages[3]},{messages[0]}");
        var only = json.GetProperty("conversations")[0].GetProperty("messages").EnumerateArray().ToArray();
        only.Select(message => message.GetProperty("id").GetGuid()).ShouldBe([messages[0], messages[3]]);
        only[1].GetProperty("parentId").GetGuid().ShouldBe(messages[0]);
    }

    [Fact]
    public async Task The_whole_tree_as_csv_has_a_line_for_each_message_and_no_formulas()
    {
        var (id, _) = await TalkAsync();
        var csv = Encoding.UTF8.GetString(await chat.Client.DownloadAsync($"/api/chat/conversations/{id}/export?format=csv&scope=all", "text/csv"));
        csv.ShouldStartWith("\uFEFFconversation_id,");
        csv.Split("\r\n").Length.ShouldBe(6, "a header, four messages, and the end");
        csv.ShouldContain("\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\"");
        csv.ShouldContain("\"Ask again\nin May\"");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("-1", "'-1")]
    [InlineData("@sum", "'@sum")]
    public void A_cell_is_quoted_where_it_has_to_be(string value, string cell) => CsvExport.Cell(value).ShouldBe(cell);

    [Fact]
    public void The_page_that_is_printed_neither_runs_nor_fetches_anything()
    {
        foreach (var attack in (string[])[.. HostileMarkup.Attacks, "[x](file:///etc/passwd)"])
        {
            var page = RenderedText.OfMarkdown(attack);
            foreach (var forbidden in (string[])["<script", "<img", "<svg", "<iframe", "<style", "href=\"javascript:", "href=\"vbscript:", "href=\"data:", "href=\"file:"])
                page.ShouldNotContain(forbidden, Case.Insensitive, attack);
        }
    }

    [Fact]
    public async Task A_conversation_is_printed_in_both_directions()
    {
        (await chat.GetAsync("/api/chat/export/formats")).GetProperty("pdf").GetBoolean().ShouldBeTrue("the tests need Chromium");
        var owner = await chat.OwnerAsync();
        var id = await chat.AddConversationAsync(owner, "الميناء القديم");
        var question = await chat.AddMessageAsync(id, null, "user", "متى تفتح المنارة؟");
        await chat.AddImageAsync(owner, question, "dot.png");
        await chat.AddMessageAsync(id, question, "assistant", "تفتح **المنارة** في الثانية.\n\n| يوم | وقت |\n|---|---|\n| الأحد | 14:00 |\n\n```python\nprint(2)\n```");
        var pdf = await chat.Client.DownloadAsync($"/api/chat/conversations/{id}/export?format=pdf&language=ar", "application/pdf");
        Encoding.ASCII.GetString(pdf, 0, 5).ShouldBe("%PDF-");
        pdf.Length.ShouldBeGreaterThan(5_000);
    }

    [Fact]
    public async Task Without_chromium_the_server_says_so()
    {
        await using var plain = await ChatHost.StartAsync(null, ("Chat:ChromiumPath", "/nowhere/chromium"));
        (await plain.GetAsync("/api/chat/export/formats")).GetProperty("pdf").GetBoolean().ShouldBeFalse();
        var id = await plain.NewConversationAsync();
        using var response = await plain.Client.GetAsync(new Uri($"/api/chat/conversations/{id}/export?format=pdf", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("chat.pdf_unavailable");
    }

    [Theory]
    [InlineData("markdown", "application/zip")]
    [InlineData("json", "application/zip")]
    [InlineData("csv", "text/csv")]
    public async Task Everything_goes_out_except_what_is_in_the_bin(string format, string type)
    {
        using var person = await chat.Host.PersonAsync();
        var owner = await chat.OwnerAsync(person);
        foreach (var title in new[] { "Kept one", "Kept two", "Binned" })
            await chat.AddMessageAsync(await chat.AddConversationAsync(owner, title), null, "user", $"About {title}");
        await chat.Host.Db.ExecuteAsync("update chat.conversation set deleted_at = now() where owner_id = @Owner and title = 'Binned'", new { Owner = owner }, default);
        var file = await person.DownloadAsync($"/api/chat/export?format={format}", type);
        var all = format == "csv" ? Encoding.UTF8.GetString(file) : await AllTextAsync(file);
        all.ShouldContain("About Kept one");
        all.ShouldContain("About Kept two");
        all.ShouldNotContain("Binned");
    }

    [Fact]
    public async Task Somebody_elses_conversation_cannot_be_exported()
    {
        var (id, _) = await TalkAsync();
        using var stranger = await chat.Host.PersonAsync();
        foreach (var format in new[] { "markdown", "json", "csv", "pdf" })
        {
            using var response = await stranger.GetAsync(new Uri($"/api/chat/conversations/{id}/export?format={format}", UriKind.Relative));
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound, format);
        }
    }

    [Theory]
    [InlineData("format=docx")]
    [InlineData("scope=half")]
    [InlineData("messages=nobody")]
    [InlineData("language=xx")]
    public async Task A_choice_that_makes_no_sense_answers_400(string query)
    {
        var id = await chat.NewConversationAsync();
        using var response = await chat.Client.GetAsync(new Uri($"/api/chat/conversations/{id}/export?{query}", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>A question with an image, two answers of which the second is shown, and below the first another question.</summary>
    async Task<(Guid Id, Guid[] Messages)> TalkAsync()
    {
        var owner = await chat.OwnerAsync();
        var id = await chat.AddConversationAsync(owner, "Harbour");
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);
        var question = await chat.AddMessageAsync(id, null, "user", "What opens at two?", at);
        await chat.AddImageAsync(owner, question, "dot.png");
        var first = await chat.AddMessageAsync(id, question, "assistant", "The lighthouse.", at.AddSeconds(10));
        var below = await chat.AddMessageAsync(id, first, "user", "=HYPERLINK(\"http://evil.example\",\"x\")", at.AddSeconds(20));
        var second = await chat.AddMessageAsync(id, question, "assistant", "The museum.", at.AddSeconds(60));
        using var note = await chat.Client.PostAsJsonAsync($"/api/chat/messages/{second}/marks", new { kind = "note", words = "Ask again\nin May" });
        note.EnsureSuccessStatusCode();
        return (id, [question, first, below, second]);
    }

    async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await chat.Client.DownloadAsync(path, "application/json")).RootElement;

    static ZipArchive Zip(byte[] file) => new(new MemoryStream(file), ZipArchiveMode.Read);

    static async Task<string> TextAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name).ShouldNotBeNull().OpenAsync());
        return await reader.ReadToEndAsync();
    }

    static async Task<string> AllTextAsync(byte[] file)
    {
        using var zip = Zip(file);
        var all = new StringBuilder();
        foreach (var entry in zip.Entries)
            all.Append(entry.FullName).Append(await TextAsync(zip, entry.FullName));
        return all.ToString();
    }
}
