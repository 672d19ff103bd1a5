using System.IO.Compression;
using System.Text;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Transfer.Export;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Chat.Tests.Recordings;

/// <summary>What is said in a recording goes wherever its conversation goes.</summary>
public sealed class HandedOverTests : IAsyncLifetime
{
    const string Said = "Which lantern hangs <b>there</b>?\nThe blue one.";

    readonly HeldTranscripts ears = new() { Says = _ => Task.FromResult(Said) };
    ChatHost chat = null!;
    Guid conversation;
    Guid file;

    public async Task InitializeAsync()
    {
        chat = await ChatHost.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<ITranscripts>(ears)));
        file = (await chat.UploadAsync("asked.wav", Recorded.Tone)).GetProperty("id").GetGuid();
        Recorded.Words(await chat.WrittenAsync(file)).ShouldBe(Said);
        conversation = await chat.NewConversationAsync();
        chat.Model.Say("The blue one.").End();
        await using var reader = await chat.AskAsync(conversation, "Listen", file);
        await reader.UntilAsync("done");
    }

    public async Task DisposeAsync() => await chat.DisposeAsync();

    [Fact]
    public async Task As_markdown_it_stands_below_the_file()
    {
        var alone = Encoding.UTF8.GetString(await chat.Client.DownloadAsync($"/api/chat/conversations/{conversation}/export?format=markdown&files=false", "text/markdown"));
        alone.ShouldContain("\n*asked.wav*\n\n> Which lantern hangs <b>there</b>?\n> The blue one.\n");
        await using var zip = new ZipArchive(new MemoryStream(await chat.Client.DownloadAsync($"/api/chat/conversations/{conversation}/export?format=markdown", "application/zip")));
        using var text = new StreamReader(await zip.Entries.Single(entry => entry.Name.EndsWith(".md", StringComparison.Ordinal)).OpenAsync());
        (await text.ReadToEndAsync()).ShouldContain($"\n[asked.wav](files/{file}.wav)\n\n> Which lantern");
    }

    [Fact]
    public async Task On_paper_it_stands_below_the_file_as_text()
    {
        using var page = new MemoryStream();
        var owner = new UserId(await chat.OwnerAsync(chat.Client));
        await chat.Host.Services.GetRequiredService<HtmlExport>().WriteAsync(page, owner, [conversation], new ExportChoice(Whole: false, null, null, Files: true, "en"), default);
        Encoding.UTF8.GetString(page.ToArray()).ShouldContain($"<blockquote class=\"said\">{RenderedText.Plain(Said)}</blockquote>");
    }

    [Fact]
    public async Task Whoever_takes_it_back_in_has_its_words_without_a_recogniser()
    {
        var export = await chat.Client.DownloadAsync($"/api/chat/conversations/{conversation}/export?format=json", "application/zip");
        using var person = await chat.Host.PersonAsync();
        (await person.ImportAsync(export, "export.zip")).Count("taken").ShouldBe(1);

        var found = (await chat.Host.Db.QueryAsync<(string State, string Text)>(
            "select transcript, extracted from chat.attachment where owner_id = @Owner", new { Owner = await chat.OwnerAsync(person) }, default)).ShouldHaveSingleItem();
        found.ShouldBe(("done", Said));
        ears.Begun.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_has_the_link_hears_and_reads_it()
    {
        var link = await SharedLink.MakeAsync(chat, conversation, new { level = "read", files = true });
        var (_, page, response) = await link.OpenAsync(chat);
        var address = $"/share/{link.Token}/files/{file}";
        page.ShouldContain($"<audio controls preload=\"none\" aria-label=\"asked.wav\" src=\"{address}\"></audio>");
        page.ShouldContain($"<blockquote class=\"said\" dir=\"auto\">{RenderedText.Plain(Said)}</blockquote>");
        page.ShouldNotContain("<b>there");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("media-src 'self'");
        using var nobody = chat.Host.NewClient();
        (await nobody.GetByteArrayAsync(new Uri(address, UriKind.Relative))).ShouldBe(Recorded.Tone);
        var part = (await link.ReadAsync(chat.Client)).GetProperty("messages")[0].GetProperty("parts")[0];
        part.GetProperty("text").GetString().ShouldBe(Said);
    }

    [Fact]
    public async Task A_link_without_files_says_nothing_of_it()
    {
        var link = await SharedLink.MakeAsync(chat, conversation, new { level = "read", files = false });
        var page = (await link.OpenAsync(chat)).Text;
        page.ShouldContain("Listen");
        page.ShouldNotContain("lantern hangs");
    }
}
